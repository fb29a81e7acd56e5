// regard new attention NAME: writes a plug-in to start from, into a folder with that name. It builds, passes its
// check and trains without a change.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "framework/attention/registry.h"
#include "framework/base/files.h"
#include "framework/base/nearest.h"
#include "framework/base/process.h"
#include "framework/base/version.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {
namespace {

namespace fs = std::filesystem;

// In these texts @name@ is replaced by my_score, @Class@ by MyScore, @version@ by 0.2, @build@ by the command that
// configures.
constexpr const char* kSource = R"x(// "@name@": what it is in a line, and the paper it comes from.
//   score(h_t, h_s) = h_t^T W_a h_s          "general" of Luong et al. 2015, to start from; replace it by yours
#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

class @Class@ final : public Score {
 public:
  @Class@(Sizes sizes, nn::Params& params) : W_a_(params.add("W_a", {sizes.query, sizes.key})) {}

  // Once per batch: h_s [B, S, key] -> keys [B, S, query]
  Var project(const Source& source) const override { return matmul_nt(source.h_s, W_a_.on(source.h_s.tape())); }

  // h_t [B, T, query], keys [B, S, query] -> energies [B, T, S]; energies of padding are ignored
  Var score(const Query& query, Var keys, const Source&) const override { return batched_matmul_nt(query.h, keys); }

 private:
  const nn::Param& W_a_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "@name@",
    .summary = "what it is, in one line",
    .equation = "score(h_t, h_s) = h_t^T W_a h_s   (where it comes from)",
    .make = [](Sizes sizes, const config::Options&, nn::Params& params) -> ScorePtr {
      return std::make_unique<@Class@>(sizes, params);
    },
});

}  // namespace
}  // namespace regard::attention
)x";

constexpr const char* kCMake = R"x(# @build@
cmake_minimum_required(VERSION 3.25)
project(@name@ LANGUAGES CXX)
find_package(regard @version@ REQUIRED)
regard_add_plugin(@name@ @name@.cpp)
)x";

constexpr const char* kPlan =
    R"x(# Compares @name@ with vanilla and dot on a small synthetic task, in about a minute:   regard run plan.yaml
name: @name@
plugins: [build/@name@.so]
data:
  corpus: {type: reverse, train: 4000}
model:
  embedding: 32
  hidden: 64
  encoder: {bidirectional: true}
systems:
  vanilla: {model.attention: none}
  dot:     {model.attention: dot}
  mine:    {model.attention: @name@}
seeds: [1, 2]
training: {epochs: 6, learning_rate: 0.005, batch: {sentences: 32}}
report: {baseline: dot}
)x";

constexpr const char* kReadme = R"x(# @name@

An attention variant for regard. Its whole source is `@name@.cpp`.

    @build@
    cmake --build build
    regard check --plugin build/@name@.so @name@     # gradients, padding, batches, beams, threads, cost
    regard run plan.yaml                            # trains it, vanilla and dot, and makes a report

The same file, unchanged, becomes a built-in variant in framework/attention/variants/ of regard's sources.
docs/attention.md there is the tutorial; framework/attention/attention.h is the contract.
)x";

// Returns the folder of the CMake package of this program, in its build tree or its installation; empty if there
// is none.
fs::path package_folder() {
  const fs::path program = this_program();
  const fs::path tree = program.parent_path() / "../..";
  std::error_code ignored;
  if (fs::exists(tree / "regardConfig.cmake", ignored)) return fs::canonical(tree, ignored);
  for (const char* lib : {"lib", "lib64"}) {
    const fs::path folder = program.parent_path() / ".." / lib;
    if (fs::exists(folder / "cmake/regard/regardConfig.cmake", ignored)) {
      return fs::canonical(folder / "cmake/regard", ignored);
    }
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (fs::exists(entry.path() / "cmake/regard/regardConfig.cmake", ignored)) {
        return fs::canonical(entry.path() / "cmake/regard", ignored);
      }
    }
  }
  return {};
}

// Returns the command that configures. It does not name a package in /usr, which CMake finds itself.
std::string configure() {
  const fs::path package = package_folder();
  const std::string text = package.string();
  if (package.empty() || text.starts_with("/usr/")) return "cmake -B build";
  const bool plain =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-") ==
      std::string::npos;
  return fmt::format("cmake -B build {0}-Dregard_DIR={1}{0}", plain ? "" : "'", text);
}

// Returns MyScore for my_score, and ClippedScore for clipped. No header of regard has such a class, even if the
// variant is called score, query or source.
std::string class_of(const std::string& name) {
  std::string out;
  bool up = true;
  for (const char c : name) {
    if (c != '_') out += up ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    up = c == '_';
  }
  return name.ends_with("_score") ? out : out + "Score";
}

std::string filled(std::string text, const std::string& name, const std::string& build) {
  const std::string release(version().substr(0, version().rfind('.')));
  for (const auto& [mark, value] : {std::pair<std::string, std::string>{"@name@", name},
                                    {"@Class@", class_of(name)},
                                    {"@version@", release},
                                    {"@build@", build}}) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size()) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

void require_name(const Arguments& arguments, const std::string& name) {
  constexpr std::size_t kLongest = 60;
  // Names of CMake's own targets, and of the package.
  static constexpr std::array<std::string_view, 7> kTaken{"all",     "clean",  "help", "install",
                                                          "package", "regard", "test"};
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (name.empty() || name.size() > kLongest || !letters || name.front() < 'a') {
    arguments.fail(
        fmt::format("\"{}\" cannot be the name of a variant, its file and its CMake target: use at most {} small "
                    "letters, digits and '_', and begin with a letter, as in my_score",
                    name, kLongest));
  }
  if (std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end()) {
    arguments.fail(fmt::format("CMake has its own target '{}'; give the variant another name", name));
  }
  if (name == "none" || attention::variants().find(name) != nullptr) {
    arguments.fail(fmt::format("there is an attention '{}' already; give yours another name", name));
  }
}

}  // namespace

int create(const Words& words) {
  Arguments arguments("new", "new attention NAME");
  arguments.positional("what", "attention, and the name of the variant", 2);
  if (!arguments.parse(words)) return 0;
  const auto what = arguments.texts("what");
  if (what.size() != 2) arguments.fail("needs two words, attention and its name");
  if (what[0] != "attention") {
    arguments.fail(fmt::format("cannot make a new '{}', only a new attention{}", what[0],
                               did_you_mean(what[0], std::vector<std::string>{"attention"})));
  }
  const std::string& name = what[1];
  require_name(arguments, name);
  const fs::path folder = name;
  if (fs::exists(folder)) {
    throw ConfigError(fmt::format("{}: exists already; give the variant another name", name));
  }
  const std::string build = configure();
  make_folder(folder);
  write_file(folder / (name + ".cpp"), filled(kSource, name, build));
  write_file(folder / "CMakeLists.txt", filled(kCMake, name, build));
  write_file(folder / "plan.yaml", filled(kPlan, name, build));
  write_file(folder / "README.md", filled(kReadme, name, build));
  fmt::print(
      "{0}/: {0}.cpp, CMakeLists.txt, plan.yaml, README.md\n\ncd {0}\n{1}\ncmake --build build\n"
      "regard check --plugin build/{0}.so {0}\nregard run plan.yaml\n",
      name, build);
  return 0;
}

}  // namespace regard::cli
