#include "framework/experiment/run/stage_of_key.h"

#include <fmt/format.h>

#include "framework/base/errors.h"
#include "framework/config/section.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "framework/experiment/run/record.h"

namespace regard::experiment {
namespace {

using config::Node;

Node with(const Node& record, const std::string& key, const Node& value) {
  const config::Origin origin{config::Origin::Kind::set, key};
  return read_record(config::to_yaml(config::apply_override(record, key, value, origin)), key);
}

// Returns the record without the other keys of the key's section.
Node alone(Node record, std::string_view key) {
  Node* section = &record;
  for (std::size_t dot = key.find('.'); dot != std::string_view::npos && section != nullptr; dot = key.find('.')) {
    section = section->get(key.substr(0, dot));
    key.remove_prefix(dot + 1);
  }
  if (section != nullptr) section->entries.clear();
  return record;
}

// Returns the record with another value of the key. If the value is not allowed beside other keys, without those.
Node changed(const Node& record, const std::string& key, const Node& value) {
  try {
    return with(record, key, value);
  } catch (const ConfigError&) {
    return with(alone(record, key), key, value);
  }
}

// Returns a value that the row accepts and that differs from `now`.
std::optional<Node> another_value(const config::OptionRow& row, const std::string& key, const Node* now) {
  std::vector<std::string> candidates{"true",
                                      "false",
                                      "0",
                                      "1",
                                      "2",
                                      "3",
                                      "10",
                                      "300",
                                      "0.5",
                                      "0.99",
                                      "0.01",
                                      "other",
                                      "[1, 2]",
                                      "[other]",
                                      "{other: other}",
                                      "{other: [a, b]}"};
  if (row.choices) {
    for (const config::Choice& choice : row.choices()) candidates.push_back(choice.name);
  }
  for (const std::string& text : candidates) {
    const Node node = config::parse_yaml_at(text, {config::Origin::Kind::set, key});
    try {
      const Node read =
          config::parse_yaml(config::to_yaml(config::to_node(config::read_value(node, row, key))), key);
      if (now == nullptr || !config::same(read, *now)) return node;
    } catch (const ConfigError&) {  // not what the row accepts
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<StageOfKey> stage_of_key(const config::Described& key) {
  if (key.row.type == config::OptionRow::Type::section) return std::nullopt;
  const std::string section = key.key.substr(0, key.key.find('.'));
  Node record = read_record("report: {attention_sentences: 50}\n", "defaults");
  for (const auto& [tagged, name] : key.variants) {
    Node variant = config::make_map();
    variant.put("type", config::make_text(name));
    record = with(record, tagged, variant);
  }
  const Node* now = record.find(key.key);
  if (record.get(section) == nullptr || section == key.key) return std::nullopt;
  if (now == nullptr && !key.row.optional) return StageOfKey::report;
  const auto value = another_value(key.row, key.key, now);
  if (!value) throw InternalError(fmt::format("no other value is known for {}", key.key));
  const Node other = changed(record, key.key, *value);
  if (!first_difference(training_of(record), training_of(other)).empty()) return StageOfKey::training;
  if (!first_shortened(record, other).empty() || !first_shortened(other, record).empty())
    return StageOfKey::length;
  return config::same(without_tests(record), without_tests(other)) ? StageOfKey::tests : StageOfKey::decoding;
}

std::string stage_line(const config::Described& key) {
  const auto stage = stage_of_key(key);
  if (!stage) return {};
  static constexpr const char* kWords[] = {
      "training: another value trains again",
      "training: a greater value goes on, a smaller one trains again",
      "decoding: another value decodes and scores again, and trains nothing",
      "test sets: what is new is decoded, and nothing is trained",
      "report: it alone is made again",
  };
  return fmt::format("  stage    {}\n", kWords[static_cast<std::size_t>(*stage)]);
}

}  // namespace regard::experiment
