#include "framework/runs/run_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "framework/base/errors.h"
#include "framework/base/utf8.h"

namespace regard::runs {
namespace {

Path with_ending(const Path& folder, std::string_view name, std::string_view ending) {
  return folder / (std::string(name) + std::string(ending));
}

// The folder's own files, and the stems that a test set would share with a run's files (log.txt, timing.jsonl).
constexpr std::array<std::string_view, 14> kReserved{
    "claim.jsonl", "data",    "decisions.json", "external", "log",    "plan.folder", "plan.resolved.yaml",
    "plan.yaml",   "plugins", "progress.json",  "report",   "timing", "tune",        "tune.json"};

}  // namespace

Path RunPaths::hypotheses(std::string_view test) const { return with_ending(folder / "hypotheses", test, ".txt"); }
Path RunPaths::greedy_hypotheses(std::string_view test) const {
  return with_ending(folder / "hypotheses", test, ".greedy.txt");
}
Path RunPaths::hypothesis_tokens(std::string_view test) const {
  return with_ending(folder / "hypotheses", test, ".tokens.txt");
}
Path RunPaths::nbest(std::string_view test) const {
  return with_ending(folder / "hypotheses", test, ".nbest.txt");
}
Path RunPaths::attention(std::string_view test) const { return with_ending(folder / "attention", test, ".jsonl"); }
Path RunPaths::forced_attention(std::string_view test) const {
  return with_ending(folder / "attention", test, ".forced.jsonl");
}
Path RunPaths::forced_links(std::string_view test) const {
  return with_ending(folder / "attention", test, ".forced.align");
}

Path RunFolder::plugin(std::string_view name, std::string_view sha256) const {
  return plugins() / fmt::format("{}-{}.so", name, sha256.substr(0, kCopyDigits));
}
Path RunFolder::external(std::string_view system, std::string_view test) const {
  return with_ending(externals() / std::string(system), test, ".txt");
}
Path RunFolder::test_source(std::string_view test) const { return with_ending(data() / "tests", test, ".source"); }
Path RunFolder::test_target(std::string_view test) const { return with_ending(data() / "tests", test, ".target"); }
Path RunFolder::test_source_tokens(std::string_view test) const {
  return with_ending(data() / "tests", test, ".source.tokens");
}
Path RunFolder::test_target_tokens(std::string_view test) const {
  return with_ending(data() / "tests", test, ".target.tokens");
}
Path RunFolder::test_alignment(std::string_view test) const {
  return with_ending(data() / "tests", test, ".align");
}
Path RunFolder::test_tokenized(std::string_view test) const {
  return with_ending(data() / "tests", test, ".tokenized");
}
RunPaths RunFolder::run(std::string_view system, Index seed) const {
  return {folder / std::string(system) / fmt::format("seed-{}", seed)};
}

void require_file_name(std::string_view what, std::string_view name) {
  const bool control = std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/';
  });
  const bool option = name.starts_with('-') || name.starts_with('.');
  const bool reserved = std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
  const bool text = !utf8::first_invalid(name);
  if (!name.empty() && name.size() <= 200 && text && !control && !option && !reserved) return;
  std::string shown(text ? name.substr(0, 40) : std::string_view("(not UTF-8)"));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  throw ConfigError(fmt::format(
      "a {} is named \"{}\": the name is used for a folder or file, so it needs 1 to 200 bytes of UTF-8 without '/' or "
      "control characters, must not start with '-' or '.', and cannot be one of the run folder's own names ({})",
      what, shown, fmt::join(kReserved, ", ")));
}

}  // namespace regard::runs
