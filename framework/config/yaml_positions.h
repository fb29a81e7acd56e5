#pragma once
// Finds positions in the text of a YAML file, and explains invalid YAML. Used only by yaml.cpp.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/tree.h"

namespace regard::config {

inline constexpr std::size_t kDeepestNesting = 100;
inline constexpr std::string_view kNoAnchors =
    "anchors and aliases are not part of a plan, so that each value has one place for messages and --set; write the "
    "value out, or use `extends`";

// Lines, and bytes in a line, count from 0 as in the parser. Origins count from 1, in characters.
class YamlPositions final {
 public:
  // `fixed` is the origin of every value if the text is not a file.
  YamlPositions(std::string_view text, std::string name, std::optional<Origin> fixed);

  [[nodiscard]] Origin at(std::size_t line, std::size_t byte) const;
  [[noreturn]] void fail(const Origin& origin, std::string_view message) const;

  // Returns whether a null there was written ("null", "~") and not left out.
  [[nodiscard]] bool writes_null(std::size_t line, std::size_t byte) const;

  // ConfigError unless the text is UTF-8 without control characters and has at most 4 MiB.
  void refuse_what_is_no_text() const;

  // Throws ConfigError if the quoted scalar that starts there has no closing quote. The parser would read to the end of
  // the file.
  void check_closed(std::size_t line, std::size_t byte) const;

  // Throws the error of the '[' or '{' there (too deep or not closed), else `message`.
  [[noreturn]] void fail_at_bracket(std::size_t line, std::size_t byte, std::string_view message) const;

  // Throws a message that explains the parser's message to the user.
  [[noreturn]] void fail_in_our_words(std::size_t line, std::size_t byte, const std::string& message) const;

 private:
  [[nodiscard]] std::string_view line(std::size_t number) const;  // without the line end
  [[nodiscard]] std::string_view from(std::size_t line, std::size_t byte) const;

  std::string_view text_;
  std::string name_;
  std::optional<Origin> fixed_;
  std::vector<std::size_t> starts_{0};  // of the lines
  // The last place that was computed. The next place on the same line is counted from there.
  struct Counted {
    std::size_t line = 0;
    std::size_t byte = 0;
    Index column = 0;
  };
  mutable Counted last_;
};

}  // namespace regard::config
