#include "framework/experiment/plan/input_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"

namespace regard::experiment {

std::vector<std::pair<std::string, config::Path>> input_files(const System& system) {
  std::vector<std::pair<std::string, config::Path>> files;
  for (const auto& [key, file] : {std::pair{"training.warm_start", &system.training.warm_start},
                                  std::pair{"model.encoder.embeddings", &system.model.encoder.embeddings},
                                  std::pair{"model.decoder.embeddings", &system.model.decoder.embeddings}}) {
    if (!file->empty()) files.emplace_back(key, *file);
  }
  return files;
}

std::map<std::string, std::string> ContentHashes::of(const System& system) {
  std::map<std::string, std::string> hashes;
  for (const auto& [key, file] : input_files(system)) {
    std::string& hash = known_[file.expanded];
    try {
      if (hash.empty()) hash = sha256_file(file.expanded);
    } catch (const DataError&) {  // gone since the training; what that needs of it stands in its checkpoint
      continue;
    }
    hashes[key] = hash;
  }
  return hashes;
}

void require_input_files(const System& system) {
  for (const auto& [key, file] : input_files(system)) {
    errno = 0;
    const std::ifstream opened(file.expanded, std::ios::binary);
    if (!opened) {
      throw ConfigError(
          fmt::format("{}: {}: cannot be read: {} (system '{}')", key, file.given, cause_of(errno), system.name));
    }
  }
}

}  // namespace regard::experiment
