#pragma once
// Reads one map of a plan and records which keys were read. A key that was not read is an error at its place.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/options.h"
#include "framework/config/tree.h"

namespace regard::config {

// Returns the dotted name of `key` in the section `path`: "training.learning_rate"; only `key` at the top.
[[nodiscard]] std::string join_key(std::string_view path, std::string_view key);

// Throws ConfigError "configs/vi.yaml:14:12: training.learning_rate: message".
[[noreturn]] void fail_at(const Origin& origin, std::string_view key, std::string_view message);

class Section final {
 public:
  // `path` is the dotted key of `node`, "" at the top. `node` must outlive the section. A null is an empty map;
  // ConfigError for any other value that is not a map.
  Section(const Node& node, std::string path);

  // Returns the value of a key and marks it as read; null if it is not written.
  [[nodiscard]] const Node* consume(const std::string& key);

  // Returns the section of that key; an empty section if it is not written.
  [[nodiscard]] Section section(const std::string& key);

  // Returns the value of a row: the written one, or its default. ConfigError if a required value is missing.
  [[nodiscard]] Value read(const OptionRow& row);
  [[nodiscard]] Options read(const std::vector<OptionRow>& rows);

  // Throws ConfigError for the first key that was not read: "configs/x.yaml:7:5: unknown key 'dropuot' in model;
  // did you mean 'dropout'? Known keys: cell, dropout, hidden". `note` follows the section's name: " (concat)".
  void finish(std::string_view note = "") const;

  [[nodiscard]] const Node& node() const noexcept { return *node_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // Returns the origin of the key's value, or of the section if the key is not written.
  [[nodiscard]] const Origin& origin(std::string_view key) const noexcept;
  [[noreturn]] void fail(std::string_view key, std::string_view message) const;

 private:
  const Node* node_;
  std::string path_;
  std::set<std::string> known_;
};

// Reads a map by rows; any other key is an error.
[[nodiscard]] Options read_options(const Node& node, const std::string& path, const std::vector<OptionRow>& rows);

}  // namespace regard::config
