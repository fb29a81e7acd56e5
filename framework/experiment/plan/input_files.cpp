#include "framework/experiment/plan/input_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/config/section.h"

namespace regard::experiment {
namespace {

void collect(const config::Value& value, const std::string& key, InputFiles& files) {
  const auto options = [&](const config::Options& section) {
    for (const auto& entry : section.entries()) collect(entry.value, config::join_key(key, entry.name), files);
  };
  if (const auto* path = std::get_if<config::Path>(&value.data)) {
    if (!path->empty()) files.emplace_back(key, *path);
  } else if (const auto* list = std::get_if<config::Value::List>(&value.data)) {
    for (std::size_t i = 0; i < list->size(); ++i) collect((*list)[i], fmt::format("{}.{}", key, i + 1), files);
  } else if (const auto* section = std::get_if<config::Options>(&value.data)) {
    options(*section);
  } else if (const auto* tagged = std::get_if<config::Tagged>(&value.data)) {
    options(tagged->options);
  }
}

// Adds the files of a section: writes the struct as a tree and reads this tree again with the rows.
template <class S>
void collect_section(const config::OptionTable<S>& rows, const S& section, const std::string& key,
                     InputFiles& files) {
  const config::Node node = config::to_node(rows, section);
  collect({config::read_options(node, key, config::descriptions(rows))}, key, files);
}

}  // namespace

InputFiles files_in(const config::Value& value, const std::string& key) {
  InputFiles files;
  collect(value, key, files);
  return files;
}

InputFiles input_files(const Plan& plan, const System& system) {
  InputFiles files;
  collect_section(data::data_rows(), plan.data, "data", files);
  collect_section(models::model_rows(), system.model, "model", files);
  collect_section(training::training_rows(), system.training, "training", files);
  collect_section(decoding::search_rows(), system.decoding, "decoding", files);
  return files;
}

std::map<std::string, std::string> ContentHashes::of(const InputFiles& files) {
  std::map<std::string, std::string> hashes;
  for (const auto& [key, file] : files) {
    std::string& hash = known_[file.expanded];
    try {
      if (hash.empty()) hash = sha256_file(file.expanded);
    } catch (const DataError&) {  // removed since; finished runs have their own copies
      continue;
    }
    hashes[key] = hash;
  }
  return hashes;
}

void require_input_files(const Plan& plan, const System& system) {
  for (const auto& [key, file] : input_files(plan, system)) {
    if (key.starts_with("data.")) continue;
    errno = 0;
    const std::ifstream opened(file.expanded, std::ios::binary);
    if (!opened) {
      throw ConfigError(
          fmt::format("{}: {}: cannot be read: {} (system '{}')", key, file.given, cause_of(errno), system.name));
    }
  }
}

}  // namespace regard::experiment
