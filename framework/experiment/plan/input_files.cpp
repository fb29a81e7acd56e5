#include "framework/experiment/plan/input_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/json.inl"
#include "framework/base/sha256.h"
#include "framework/base/utf8.h"
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
  collect({config::to_options(rows, section)}, key, files);
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

ContentHashes::ContentHashes(const runs::RunFolder& folder) {
  const auto text = read_if_exists(folder.input_hashes());
  if (!text) return;
  try {
    for (const auto& [file, hash] : parse_json(*text).get<std::map<std::string, std::string>>())
      known_[file] = hash;
  } catch (const nlohmann::json::exception&) {  // damaged: the files are read
  } catch (const JsonError&) {
  }
}

void ContentHashes::write(const runs::RunFolder& folder) const {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [file, hash] : known_) {
    if (!hash.empty() && !utf8::first_invalid(file.string())) json[file.string()] = hash;
  }
  make_folder(folder.prepared());
  write_file(folder.input_hashes(), json.dump(1) + "\n");
}

std::map<std::string, std::string> ContentHashes::of(const InputFiles& files) {
  std::map<std::string, std::string> hashes;
  for (const auto& [key, file] : files) {
    std::string& hash = known_[std::filesystem::absolute(file.expanded).lexically_normal()];
    try {
      if (hash.empty()) hash = sha256_file(file.expanded);
    } catch (const DataError&) {  // removed since; finished runs have their own copies
      continue;
    }
    hashes[key] = hash;
  }
  return hashes;
}

namespace {

void require_file(const Plan& plan, const std::string& key, const config::Path& file, const config::Origin& place,
                  const std::string& whose) {
  errno = 0;
  const std::ifstream opened(file.expanded, std::ios::binary);
  if (opened) return;
  const int cause = errno;
  const bool written = place.kind != config::Origin::Kind::default_value;
  const bool placed = written && !plan.folder.empty() && Path(file.given).is_relative() &&
                      file.expanded.string().starts_with(plan.folder.string());
  throw ConfigError(
      fmt::format("{}{}: {}: cannot be read: {}{}{}", written ? place.text() + ": " : "", key,
                  file.expanded.string(), cause_of(cause),
                  placed ? "; a relative path in a plan starts at the folder of the plan's file" : "", whose));
}

}  // namespace

void require_input_files(const Plan& plan, const System& system) {
  for (const auto& [key, file] : input_files(plan, system)) {
    if (key.starts_with("data.")) continue;
    require_file(plan, key, file, place_of(plan, system, key), fmt::format(" (system '{}')", system.name));
  }
}

void require_data_files(const Plan& plan, const std::string& section) {
  InputFiles files;
  collect_section(data::data_rows(), plan.data, "data", files);
  for (const auto& [key, file] : files) {
    if (key.starts_with(section + ".")) require_file(plan, key, file, config::where(plan.root, key), "");
  }
}

}  // namespace regard::experiment
