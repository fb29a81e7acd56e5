// Part of the program test_cli, which has the libraries. tests/cli/plugins_test.cpp has what commands do with them.
#include "framework/plugins/plugins.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "framework/attention/registry.h"
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/base/version.h"
#include "tests/support/catch.h"
#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace regard::test {
namespace {

const Path kLibraries = REGARD_TEST_PLUGINS;

std::vector<plugins::Plugin> loaded(const std::vector<plugins::PluginFile>& files) {
  return plugins::load_plugins(files);
}

std::string message_of(const std::vector<plugins::PluginFile>& files) {
  try {
    static_cast<void>(loaded(files));
  } catch (const PluginError& error) {
    return error.what();
  }
  return "everything was loaded";
}

// The sentence with which a library is refused, its path left out.
std::string refusal(const Path& file) {
  const std::string said = message_of({{file}}), start = file.string() + ": ";
  CHECK(said.find('\n') == std::string::npos);
  return said.starts_with(start) ? said.substr(start.size()) : said;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// load_plugins() starts its own program with the word and the files.
const ChildProcess child("probe",
                         [](const std::vector<std::string>& files) { return plugins::probe_plugins(files); });

}  // namespace

TEST_CASE("plugins: a library is loaded once under the name of its file and its variant is registered", "[cli]") {
  const TempFolder folder;
  const Path good = kLibraries / "good.so", copy = folder / "renamed.so";
  std::filesystem::copy_file(good, copy);
  CHECK(attention::variants().find("sample_score") == nullptr);
  const auto all = loaded({{good}, {good}, {copy}});  // the copy has the same bytes
  REQUIRE(all.size() == 1);
  CHECK(all[0].file == good);
  CHECK(all[0].name == "good");
  CHECK(all[0].sha256 == sha256_file(good));
  CHECK(all[0].library() == good.string());
  REQUIRE(attention::variants().find("sample_score") != nullptr);
  CHECK(attention::variants().registration("sample_score").plugin == all[0].library());
  CHECK(loaded({{good}}).size() == 1);  // again, in the same process
  CHECK(loaded({}).empty());
}

TEST_CASE("plugins: a run folder's copy is called as the plug-in that it is of", "[cli]") {
  const TempFolder folder;
  const Path other = kLibraries / "aborts.so";
  const Path copy = folder / ("mine-" + sha256_file(other).substr(0, 12) + ".so");
  std::filesystem::copy_file(other, copy);
  const auto all = loaded({{copy}});
  REQUIRE(all.size() == 1);
  CHECK(all[0].name == "mine");
  CHECK(all[0].file == copy);
  CHECK(plugins::Plugin{"lib.so", "lib", ""}.library() == "./lib.so");
  CHECK(plugins::Plugin{"a/../lib/x.so", "x", ""}.library() == "lib/x.so");
}

TEST_CASE("plugins: one that cannot be used is one sentence", "[cli]") {
  const std::string how = "; docs/attention.md shows how one is built";
  CHECK(refusal("no/such.so") == "cannot be read: no such file or folder");
  const TempFolder folder;
  write_file(folder / "text.so",
             "this is a text of more than sixty-four bytes, as long as the head of a library\n");
  write_file(folder / "short.so", "x");
  CHECK(refusal(folder / "text.so") == "is not a shared library (invalid ELF header)" + how);
  CHECK(refusal(folder / "short.so") == "is not a shared library (file too short)" + how);
  CHECK(refusal(kLibraries / "odd_nothing.so") == "registers nothing, so it is not a plug-in" + how);
  CHECK(refusal(kLibraries / "odd_chatty.so") == "registers nothing, so it is not a plug-in" + how);
  CHECK(refusal(kLibraries / "odd_stale.so") ==
        fmt::format("was built for another version of regard or by another compiler (it needs "
                    "regard_build_0123456789abcdef_gcc12_abi1_plain, but this is regard {}, {}); build "
                    "it again with this version's package",
                    version(), compiler()));
  CHECK(
      refusal(kLibraries / "odd_unresolved.so") ==
      "cannot be loaded: it uses 'no_such_function', which is defined neither in it nor in regard; link what it needs");
  CHECK(refusal(kLibraries / "odd_throws.so") == "threw while it was loaded: no licence file");
  CHECK(refusal(kLibraries / "odd_crashes.so") == "crashed while it was loaded (signal 6, Aborted)");
  CHECK(refusal(kLibraries / "odd_hangs.so") == "did not finish loading within 60 seconds");
  CHECK(refusal(kLibraries / "odd_exits.so") == "ended the program while it was loaded (exit code 7)");
  const std::string taken = refusal(kLibraries / "taken.so");
  CHECK(taken.starts_with("attention 'dot' is registered twice: at "));
  CHECK(has(taken, "framework/attention/variants/dot.cpp:"));
  CHECK(has(taken, "plugins/taken.cpp:"));
}

TEST_CASE("plugins: a registration that cannot be used is one sentence", "[cli]") {
  const auto why = [](const char* name, const std::string& registered) {
    const std::string said = refusal(kLibraries / (std::string("unusable_") + name + ".so"));
    INFO(said);
    CHECK(said.starts_with("attention '" + registered + "' of "));
    const std::string mark = " cannot be registered: ";
    CHECK(has(said, "plugins/unusable.cpp:"));
    CHECK(has(said, mark));
    return said.substr(said.find(mark) + mark.size());
  };
  CHECK(why("none", "none") == "that name is the vanilla decoder's; give it another");
  CHECK(why("word", "My score") ==
        "its name must be small letters, digits and '_', first a letter, as in my_score");
  CHECK(why("unmade", "unmade") ==
        "it must have exactly one of `.make` (a score) and `.make_attention` (all of attend())");
  CHECK(why("loss_word", "lossy") ==
        "the name \"My loss\" of its loss must be small letters, digits and '_', first a letter, as in my_loss");
  CHECK(why("loss_kept", "lossy") ==
        "the loss 'attention_mine' has a name that regard keeps for its own losses; give it another");
  CHECK(why("loss_taken", "lossy") ==
        "the loss 'factor' makes an option of this name, and there is another; rename one");
}

TEST_CASE("plugins: of several the one that cannot be used is named with its place in the plan", "[cli]") {
  const std::string at = "p.yaml:3:12: plugins: ";
  const Path throws = kLibraries / "odd_throws.so";
  CHECK(message_of({{kLibraries / "good.so", "p.yaml:3:2: plugins: "}, {throws, at}}) ==
        at + throws.string() + ": threw while it was loaded: no licence file");
  CHECK(message_of({{"none.so", at}}) == at + "none.so: cannot be read: no such file or folder");
}

}  // namespace regard::test
