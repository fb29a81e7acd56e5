#pragma once
// The only place where JSON is parsed: files of a run, headers of tensor files, lines of workers. Depth has a limit,
// because a file may be damaged or from another program, and copying or printing a JSON value is recursive. Not
// installed, because it uses a type of nlohmann-json.
#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace regard {

// Our own files have a depth of less than ten.
inline constexpr int kMaxJsonDepth = 100;

// The reason why a text was not read: "is not JSON", "is JSON nested more than 100 deep" or "has a number beyond any
// double".
class JsonError final : public std::runtime_error {
 public:
  explicit JsonError(const std::string& reason, std::size_t byte) : std::runtime_error(reason), byte_(byte) {}
  // Returns the byte at which the text is not valid JSON, from 1; 0 if the text is valid.
  [[nodiscard]] std::size_t byte() const noexcept { return byte_; }

 private:
  std::size_t byte_;
};

// Returns the value of a whole text, or throws JsonError. `twice`, if given, is set to the first key that an object has
// twice (its last value is used); else it is not changed.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, std::string* twice = nullptr);

}  // namespace regard
