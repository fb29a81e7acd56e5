#pragma once
// A reader over one map of a plan that forgets nothing: a key that nobody asked for is an error at its place.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/options.h"
#include "framework/config/tree.h"

namespace regard::config {

// The key `key` of the section `path`: "training.learning_rate"; `key` alone at the top.
[[nodiscard]] std::string join_key(std::string_view path, std::string_view key);

// "configs/vi.yaml:14:12: training.learning_rate: message".
[[noreturn]] void fail_at(const Origin& origin, std::string_view key, std::string_view message);

class Section final {
 public:
  // `path` is the dotted key of `node`, "" at the top; `node` must outlive the section. Nothing reads as an empty
  // map; anything else that is no map is a ConfigError.
  Section(const Node& node, std::string path);

  // The value of a key, which is read with that; or null where it is not written.
  [[nodiscard]] const Node* take(const std::string& key);

  // The section of that key; empty where it is not written.
  [[nodiscard]] Section section(const std::string& key);

  // The value of a row: as written, or its default. A required one that is missing is a ConfigError.
  [[nodiscard]] Value read(const OptionRow& row);
  [[nodiscard]] Options read(const std::vector<OptionRow>& rows);

  // ConfigError for the first key that was not read:
  // "configs/x.yaml:7:5: unknown key 'dropuot' in model; did you mean 'dropout'? Known keys: cell, dropout,
  // hidden". `note` follows the section's name: " (concat)".
  void finish(std::string_view note = "") const;

  [[nodiscard]] const Node& node() const noexcept { return *node_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // Of the key's value, or of the section where the key is not written.
  [[nodiscard]] const Origin& origin(std::string_view key) const noexcept;
  [[noreturn]] void fail(std::string_view key, std::string_view message) const;

 private:
  const Node* node_;
  std::string path_;
  std::set<std::string> known_;
};

// All of a map read by rows, and nothing else in it.
[[nodiscard]] Options read_options(const Node& node, const std::string& path, const std::vector<OptionRow>& rows);

}  // namespace regard::config
