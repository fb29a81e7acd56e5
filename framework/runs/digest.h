#pragma once
// One hash over the result files of a folder. Measurements (manifests, timing, logs, the report's cost) are left
// out.
#include <map>
#include <string>

#include "framework/runs/run_folder.h"

namespace regard::runs {

struct Digest {
  std::map<std::string, std::string> files;  // path in the folder -> sha256
  std::string digest;                        // sha256 of "hash  path\n" of all files in their order
};

// The result files below `folder`, which may be a plan's or a run's: path in it -> sha256.
[[nodiscard]] std::map<std::string, std::string> hashes_of(const Path& folder);

// FolderError for a folder that holds no plan.
[[nodiscard]] Digest digest_of(const Path& folder);

// FolderError where vocabularies or tokenisers' models in data/ are not those that data.json names: checkpoints
// number words by them. DataError where one of them cannot be read.
void require_own_vocabularies(const RunFolder& folder);

}  // namespace regard::runs
