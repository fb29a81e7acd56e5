#include "framework/runs/digest.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/runs/results_json.h"

namespace regard::runs {
namespace {

// Returns whether a path is of a file directly in the folder (manifest.json of one run) or in SYSTEM/seed-N of a plan's
// folder. Files in lower folders do not count, because a test set may have any name.
bool is_at_top(const Path& relative) {
  const auto parts = std::distance(relative.begin(), relative.end());
  return parts == 1 || (parts == 3 && std::next(relative.begin())->string().starts_with("seed-"));
}

// Returns whether a file is not a result. These are measurements (times, machine, speed), copies of the user's input,
// files that can be made again (facts.json too), the times at which a claim was registered, and the tuning, whose choice
// is in the resolved plan (tune/ has its own digest).
bool is_measurement(const Path& relative) {
  static constexpr std::array<std::string_view, 12> kNames{
      "manifest.json", "history.sha256", "timing.jsonl",  "log.txt",   ".lock",       "plan.folder",
      "plan.yaml",     "facts.json",     "progress.json", "tune.json", "claim.jsonl", "interventions.json"};
  const std::string name = relative.filename().string();
  for (const std::string_view other : kNames) {
    if (name == other && is_at_top(relative)) return true;
  }
  return name.ends_with(kPartialSuffix) || *relative.begin() == "report" || *relative.begin() == "external" ||
         *relative.begin() == "tune" || relative.parent_path() == Path("data") / "prepared" ||
         relative.parent_path().filename() == "tensorboard";
}

}  // namespace

std::map<std::string, std::string> hashes_of(const Path& folder) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const Path relative = entry.path().lexically_relative(folder);
    if (!entry.is_regular_file() || is_measurement(relative)) continue;
    hashes[relative.generic_string()] = sha256_file(entry.path());
  }
  return hashes;
}

Digest digest_of(const Path& folder) {
  if (!std::filesystem::exists(RunFolder{folder}.resolved_plan())) {
    throw FolderError(
        fmt::format("{}: has no plan.resolved.yaml; give the folder of a plan's runs", folder.string()));
  }
  Digest result;
  result.files = hashes_of(folder);
  std::string text;
  for (const auto& [file, hash] : result.files) text += fmt::format("{}  {}\n", hash, file);
  result.digest = sha256(text);
  return result;
}

void require_own_vocabularies(const RunFolder& folder) {
  const auto facts = read_if_exists<DataFacts>(folder.data_facts());
  if (!facts) return;  // their hashes are not known
  for (const Path& file : {folder.source_vocabulary(), folder.target_vocabulary(), folder.source_tokenizer(),
                           folder.target_tokenizer()}) {
    const auto expected = facts->hashes.find(file.filename().string());
    if (expected == facts->hashes.end()) continue;
    if (sha256(read_file(file)) == expected->second) continue;
    throw FolderError(fmt::format(
        "{}: does not belong to the checkpoints of its folder: its hash is not the one in {}; restore the file "
        "that was used to train them",
        file.string(), folder.data_facts().filename().string()));
  }
}

}  // namespace regard::runs
