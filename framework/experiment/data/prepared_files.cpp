#include "framework/experiment/data/prepared_files.h"

#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/base/json.inl"
#include "framework/base/sha256.h"

namespace regard::experiment {
namespace {

constexpr Index kFormat = 2;
constexpr const char* kFacts = "prepared.json";

std::map<std::string, Index> sizes_in(const runs::RunFolder& folder) {
  std::map<std::string, Index> sizes;
  for (const auto& entry : std::filesystem::directory_iterator(folder.prepared())) {
    const std::string name = entry.path().filename().string();
    const bool own = name == kFacts || entry.path() == folder.input_hashes();
    if (!own && !name.ends_with(kPartialSuffix)) sizes[name] = static_cast<Index>(entry.file_size());
  }
  return sizes;
}

std::map<std::string, std::string> contents_of(const Path& folder, const std::map<std::string, Index>& files) {
  std::map<std::string, std::string> contents;
  for (const auto& [name, size] : files) contents[name] = sha256_file(folder / name);
  return contents;
}

// The file's bytes, if their hash is that of the facts; "" where neither is there.
std::optional<std::string> matching_bytes(const Path& file, const PreparedFacts& facts) {
  const auto expected = facts.hashes.find(file.filename().string());
  if (expected == facts.hashes.end()) return "";
  const auto bytes = read_if_exists(file);
  return bytes && sha256(*bytes) == expected->second ? bytes : std::nullopt;
}

}  // namespace

std::optional<PreparedFacts> prepared_facts(const runs::RunFolder& folder, Check check) {
  const auto text = read_if_exists(folder.prepared() / kFacts);
  if (!text) return std::nullopt;
  PreparedFacts facts;
  try {
    const auto json = parse_json(*text);
    if (json.at("format").get<Index>() != kFormat) return std::nullopt;
    json.at("options").get_to(facts.options);
    json.at("tokenizer").get_to(facts.tokenizer);
    json.at("text").get_to(facts.text);
    json.at("source_hash").get_to(facts.source_hash);
    json.at("target_hash").get_to(facts.target_hash);
    json.at("too_long").get_to(facts.too_long);
    json.at("source_unknown").get_to(facts.source_unknown);
    json.at("target_unknown").get_to(facts.target_unknown);
    json.at("hashes").get_to(facts.hashes);
    json.at("sizes").get_to(facts.sizes);
    json.at("contents").get_to(facts.contents);
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const JsonError&) {
    return std::nullopt;
  }
  if (sizes_in(folder) != facts.sizes) return std::nullopt;
  if (check == Check::contents && contents_of(folder.prepared(), facts.sizes) != facts.contents)
    return std::nullopt;
  return facts;
}

std::optional<data::Learned> matching_models(const runs::RunFolder& folder, const PreparedFacts& facts) {
  const auto source = matching_bytes(folder.source_tokenizer(), facts);
  const auto target = matching_bytes(folder.target_tokenizer(), facts);
  if (!source || !target) return std::nullopt;
  return data::Learned{*source, *target};
}

bool vocabularies_match(const runs::RunFolder& folder, const PreparedFacts& facts) {
  const auto source = matching_bytes(folder.source_vocabulary(), facts);
  const auto target = matching_bytes(folder.target_vocabulary(), facts);
  return source && target && !source->empty() && !target->empty();
}

void write_prepared_facts(const runs::RunFolder& folder, PreparedFacts facts) {
  facts.sizes = sizes_in(folder);
  facts.contents = contents_of(folder.prepared(), facts.sizes);
  const nlohmann::json json = {{"format", kFormat},
                               {"options", facts.options},
                               {"tokenizer", facts.tokenizer},
                               {"text", facts.text},
                               {"source_hash", facts.source_hash},
                               {"target_hash", facts.target_hash},
                               {"too_long", facts.too_long},
                               {"source_unknown", facts.source_unknown},
                               {"target_unknown", facts.target_unknown},
                               {"hashes", facts.hashes},
                               {"sizes", facts.sizes},
                               {"contents", facts.contents}};
  write_file(folder.prepared() / kFacts, json.dump(1) + "\n");
}

void forget_prepared(const runs::RunFolder& folder) { std::filesystem::remove(folder.prepared() / kFacts); }

}  // namespace regard::experiment
