#pragma once
// The one place where JSON is parsed: files of a run, headers of tensors, lines of workers. A file can be damaged
// or foreign, and what walks a JSON value (its copy, its text) does so by recursion: so depth has a limit. Not
// installed: it shows a type of nlohmann-json.
#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace regard {

// Our own files nest less than ten deep.
inline constexpr int kMaxJsonDepth = 100;

// Why a text is no JSON that is read here: "is not JSON", "is JSON nested more than 100 deep" or "has a number
// beyond any double".
class JsonError final : public std::runtime_error {
 public:
  explicit JsonError(const std::string& reason, std::size_t byte) : std::runtime_error(reason), byte_(byte) {}
  // Where the text stops being JSON, from 1; 0 where it does not.
  [[nodiscard]] std::size_t byte() const noexcept { return byte_; }

 private:
  std::size_t byte_;
};

// The value of a whole text; JsonError. `twice`, if given, receives the first key that an object has twice (of
// which the last value counts), or stays as it is.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, std::string* twice = nullptr);

}  // namespace regard
