#pragma once
// The form of the lines of a file that has both sides of a pair in one line, such as "{source}\t{target}" or
// "IN: {source} OUT: {target}".
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/data/corpus.h"

namespace regard::data {

// Copying is cheap enough for a plan. Thread-safe after it was made.
class LineForm final {
 public:
  // Names in braces are fields, other text stands between them. `source` and `target` are needed. `features`, separated by
  // ';', stand behind the source as words <A> <B> (tokeniser char: one token each). `_` is left out. Returns nothing and
  // sets `why`, the end of a sentence, for another form.
  [[nodiscard]] static std::optional<LineForm> parse(std::string_view form, std::string& why);

  // Splits a line into a pair: each field ends where the text behind it stands first. Returns "" or why the line does
  // not have the form.
  [[nodiscard]] std::string split(std::string_view line, Pair& pair) const;

 private:
  struct Field {
    std::string name;
    std::string after;  // the text between this field and the next one; "" only for the last one
  };
  std::string before_;  // the first field
  std::vector<Field> fields_;
};

// Reads a file of such lines. DataErrors of for_each_pair in corpus.h, and for a line of another form.
Index for_each_pair(const std::filesystem::path& file, const LineForm& form, const ReadOptions& options,
                    const PairCallback& receive);

}  // namespace regard::data
