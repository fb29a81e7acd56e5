// Tests plug-ins with the real program: every command can use their variants, a run folder keeps them, and one
// that cannot be used is one sentence.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "tests/cli/program.h"
#include "tests/support/catch.h"

namespace regard::test {
namespace {

namespace fs = std::filesystem;

const fs::path kPlugins = REGARD_TEST_PLUGINS;

std::string plan_with(const std::string& plugins) {
  return "plugins: [" + plugins + "]\n" +
         tiny_plan("{vanilla: {model.attention: none}, mine: {model.attention: {type: sample_score, factor: 2}}}",
                   "[1]", "1");
}

// A folder with plan/p.yaml and the plug-in beside it, in plan/lib.
class PlanSandbox final {
 public:
  PlanSandbox() {
    fs::create_directories(folder_ / "plan/lib");
    fs::copy_file(kPlugins / "good.so", folder_ / "plan/lib/good.so");
    write_file(folder_ / "plan/p.yaml", plan_with("lib/good.so"));
  }
  [[nodiscard]] Ended run(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"run", "plan/p.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return regard(folder_.path(), words);
  }
  [[nodiscard]] fs::path operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] const fs::path& path() const { return folder_.path(); }
  [[nodiscard]] std::string hash() const { return sha256_file(folder_ / "plan/lib/good.so"); }

 private:
  TempFolder folder_;
};

// Returns a long text as messages show it.
std::string shown(const std::string& hash) { return '"' + hash.substr(0, 60) + "\" ..."; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Returns the sentence with which a library is refused, without its path.
std::string refusal(const fs::path& file) {
  const TempFolder folder;
  const Ended end = regard(folder.path(), {"list", "attention", "--plugin", file.string()});
  CHECK(end.code == 2);
  CHECK(end.out.empty());
  const std::string start = "error: " + file.string() + ": ";
  REQUIRE(end.err.starts_with(start));
  CHECK(end.err.find('\n') == end.err.size() - 1);
  return end.err.substr(start.size(), end.err.size() - start.size() - 1);
}

}  // namespace

TEST_CASE("plug-ins: a plan can name one beside itself and the run folder keeps it", "[cli]") {
  const PlanSandbox lab;
  const Ended first = lab.run();
  INFO(first.err);
  REQUIRE(first.code == 0);
  const std::string copy = "plugins/good-" + lab.hash().substr(0, 12) + ".so";
  CHECK(sha256_file(lab / "runs/tiny" / copy) == lab.hash());
  CHECK(has(read_file(lab / "runs/tiny/plan.resolved.yaml"), "name: tiny\nplugins: [" + copy + "]\n"));
  const auto plugins_of = [&lab](const std::string& system) {
    return nlohmann::json::parse(read_file(lab / ("runs/tiny/" + system + "/seed-1/manifest.json")))["plugins"];
  };
  CHECK(plugins_of("mine") == nlohmann::json{{"good", lab.hash()}});
  CHECK(plugins_of("vanilla").empty());
  CHECK(has(read_file(lab / "runs/tiny/mine/seed-1/run.yaml"), "plugins:\n  good: "));
  CHECK_FALSE(has(read_file(lab / "runs/tiny/vanilla/seed-1/run.yaml"), "plugins"));

  // An export has the plug-ins that its run uses, and no others.
  for (const std::string system : {"mine", "vanilla"}) {
    CHECK(
        regard(lab.path(), {"translate", "--model", "runs/tiny/" + system + "/seed-1", "--export", system}).code ==
        0);
  }
  CHECK(fs::exists(lab / "mine" / copy));
  CHECK_FALSE(fs::exists(lab / "vanilla/plugins"));

  // The folder alone is enough to continue.
  fs::remove_all(lab / "plan/lib");
  const Ended again = regard(lab.path(), {"run", "runs/tiny/plan.resolved.yaml", "--seeds", "1-2"});
  INFO(again.err);
  CHECK(again.code == 0);
  CHECK(again.err.starts_with("2 runs to do, 2 done before; "));
}

TEST_CASE("plug-ins: --plugin has the effect of the plan's key", "[cli]") {
  const PlanSandbox lab;
  REQUIRE(lab.run().code == 0);
  const std::string digest = regard(lab.path(), {"digest", "runs/tiny"}).out;
  write_file(lab / "plan/p.yaml", plan_with(""));
  const Ended other = lab.run({"--plugin", "plan/lib/good.so"});
  CHECK(other.err == "0 runs to do, 2 done before\n");
  CHECK(regard(lab.path(), {"digest", "runs/tiny"}).out == digest);
  // Without either the name is unknown.
  CHECK(has(lab.run().err, "unknown attention 'sample_score'"));
}

TEST_CASE("plug-ins: a changed one is another training for the systems that use it", "[cli]") {
  const PlanSandbox lab;
  REQUIRE(lab.run().code == 0);
  const std::string before = lab.hash();
  fs::remove(lab / "plan/lib/good.so");
  write_file(lab / "plan/lib/good.so", read_file(kPlugins / "good.so") + "x");
  const Ended refused = lab.run();
  CHECK(refused.code == 2);
  CHECK(refused.err == fmt::format("error: runs/tiny/mine/seed-1: was trained with "
                                   "plugins.good {}, but the plan now has {}; keep it with --out "
                                   "FOLDER, or discard it and train again with --retrain\n",
                                   shown(before), shown(lab.hash())));
  const Ended again = lab.run({"--retrain"});
  INFO(again.err);
  CHECK(again.err.starts_with("1 run to do, 1 done before; "));
  CHECK(again.code == 0);
  CHECK(std::distance(fs::directory_iterator(lab / "runs/tiny/plugins"), fs::directory_iterator()) == 1);
}

TEST_CASE("plug-ins: list and explain and check know the variants of one", "[cli]") {
  const TempFolder folder;
  const std::string good = (kPlugins / "good.so").string();
  const std::string list = regard(folder.path(), {"list", "attention", "--plugin", good}).out;
  CHECK(has(list,
            "  sample_score: general, times a factor\n"
            "      score(h_t, h_s) = f h_t^T W h_s   (a test of ours)\n"
            "      factor: a number > 0, default 1.0; f\n"
            "      from: " +
                good + "\n"));
  CHECK(has(regard(folder.path(), {"explain", "model.attention", "--plugin", good}).out, "sample_score"));
  CHECK_FALSE(has(regard(folder.path(), {"explain", "model.attention"}).out, "sample_score"));
  const Ended check = regard(folder.path(), {"check", "sample_score", "--plugin", good, "--plugin", good});
  INFO(check.out << check.err);
  CHECK(check.code == 0);
  CHECK(has(check.out, "\nsample_score: 16 passed, 0 failed, 0 skipped\n"));
}

TEST_CASE("plug-ins: one that cannot be used ends a command with one sentence", "[cli]") {
  CHECK(refusal("no/such.so") == "cannot be read: no such file or folder");
  CHECK(refusal(kPlugins / "odd_throws.so") == "threw while it was loaded: no licence file");
}

TEST_CASE("plug-ins: one that crashes while it is checked is one sentence", "[cli]") {
  const TempFolder folder;
  const Ended end = regard(folder.path(), {"check", "aborts", "--plugin", (kPlugins / "aborts.so").string()});
  CHECK(end.code == 1);
  CHECK(end.out.starts_with("aborts: crashes when it is asked\n"));
  CHECK(end.err == "error: attention 'aborts' crashed in 'gradients' (with query 6, key 6)\n");
}

TEST_CASE("plug-ins: the error of an unusable one has its place in the plan", "[cli]") {
  const PlanSandbox lab;
  write_file(lab / "plan/p.yaml", plan_with("lib/good.so, lib/god.so"));
  const Ended end = lab.run();
  CHECK(end.code == 2);
  CHECK(end.err == "error: plan/p.yaml:1:24: plugins: plan/lib/god.so: cannot be read: no such file or folder\n");
  CHECK_FALSE(fs::exists(lab / "runs"));
  write_file(lab / "plan/p.yaml",
             plan_with(fmt::format("lib/good.so, {}", (kPlugins / "odd_throws.so").string())));
  CHECK(lab.run().err ==
        fmt::format("error: plan/p.yaml:1:24: plugins: {}: threw while it was loaded: no licence file\n",
                    (kPlugins / "odd_throws.so").string()));
  write_file(lab / "plan/p.yaml", plan_with("''"));
  CHECK(lab.run().err == "error: plan/p.yaml:1:11: plugins: expected the path of a library, got \"\"\n");
}

}  // namespace regard::test
