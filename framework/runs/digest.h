#pragma once
// Computes one hash over the result files of a folder. Measurements (manifests, timing, logs, the report) are excluded.
#include <map>
#include <string>

#include "framework/runs/run_folder.h"

namespace regard::runs {

struct Digest {
  std::map<std::string, std::string> files;  // path in the folder -> sha256
  std::string digest;                        // sha256 of the lines "hash  path\n" of all files, sorted by path
};

// Returns the result files in `folder`, which is the folder of a plan or of a run: path in it -> sha256.
[[nodiscard]] std::map<std::string, std::string> hashes_of(const Path& folder);

// Computes the digest. FolderError for a folder without a plan.
[[nodiscard]] Digest digest_of(const Path& folder);

// Checks that vocabularies and tokenisers' models in data/ have the hashes in data.json, because checkpoints depend on
// their ids. FolderError if not, DataError if one of them cannot be read.
void require_own_vocabularies(const RunFolder& folder);

}  // namespace regard::runs
