#include "framework/config/yaml_positions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/utf8.h"

namespace regard::config {
namespace {

constexpr std::size_t kLargestFile = std::size_t{4} << 20;

// Returns the length of the quoted text at the start of `text`, or npos if it is not closed.
std::size_t quoted_length(std::string_view text) {
  const char quote = text[0];
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text[i] == quote && quote == '\'' && text.substr(i + 1, 1) == "'") {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// Returns the position of a tab in the indentation of a line, or npos.
std::size_t tab_in_indentation(std::string_view line) {
  const std::size_t tab = line.substr(0, line.find_first_not_of(" \t")).find('\t');
  return tab;
}

std::string meaning(std::string_view message, std::string_view at) {
  const auto says = [&](std::string_view part) { return message.find(part) != std::string_view::npos; };
  if (says("end of map flow")) return "a '{' is not closed with '}', or a ',' is missing between two keys";
  if (says("end of sequence flow")) return "a '[' is not closed with ']', or a ',' is missing between two items";
  if (says("illegal flow end")) return fmt::format("a '{}' has no opening bracket", at.substr(0, 1));
  if (says("end of map not found")) return "a key does not line up with those above it, or its ':' is missing";
  if (says("end of sequence not found")) return "a '- ' does not line up with those above it";
  if (says("illegal map value")) {
    return "a ':' is not allowed here; correct the indentation, or put a text with ': ' in quotes";
  }
  if (says("unknown token")) return fmt::format("a text that starts with '{}' needs quotes", at.substr(0, 1));
  if (says("anchor is not defined")) {
    return std::string(kNoAnchors);
  }
  return fmt::format("is not YAML: {}", message);
}

}  // namespace

YamlPositions::YamlPositions(std::string_view text, std::string name, std::optional<Origin> fixed)
    : text_(text), name_(std::move(name)), fixed_(std::move(fixed)) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && text.substr(i + 1, 1) != "\n")) starts_.push_back(i + 1);
  }
}

Origin YamlPositions::at(std::size_t line_number, std::size_t byte) const {
  if (fixed_) return *fixed_;
  const std::string_view text = line(line_number);
  if (last_.line != line_number || last_.byte > byte) last_ = {line_number, 0, 0};
  const std::size_t begin = std::min(last_.byte, text.size());
  const Index column = last_.column + utf8::length(text.substr(begin, byte - last_.byte));
  last_ = {line_number, byte, column};
  return {Origin::Kind::file, name_, static_cast<Index>(line_number) + 1, column + 1};
}

void YamlPositions::fail(const Origin& origin, std::string_view message) const {
  throw ConfigError(fmt::format("{}: {}", origin.text(), message));
}

bool YamlPositions::writes_null(std::size_t line_number, std::size_t byte) const {
  const std::string_view text = from(line_number, byte);
  const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n,]}#"));
  return word == "~" || word == "null" || word == "Null" || word == "NULL";
}

void YamlPositions::refuse_what_is_no_text() const {
  if (text_.size() > kLargestFile) {
    fail(at(0, 0), fmt::format("{} bytes are too many; a plan has at most 4 MiB", text_.size()));
  }
  const auto line_at = [&](std::size_t offset) {
    return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), offset) - starts_.begin()) -
           1;
  };
  if (const auto bad = utf8::first_invalid(text_)) {
    const std::size_t number = line_at(*bad);
    fail(at(number, 0),
         fmt::format("byte {} of this line is not UTF-8; save the file as UTF-8", *bad - starts_[number] + 1));
  }
  const auto control = std::find_if(text_.begin(), text_.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
  });
  if (control == text_.end()) return;
  const auto offset = static_cast<std::size_t>(control - text_.begin());
  const std::size_t number = line_at(offset);
  fail(at(number, offset - starts_[number]),
       fmt::format("the control character U+{:04X} is not text", static_cast<unsigned>(*control)));
}

void YamlPositions::check_closed(std::size_t line_number, std::size_t byte) const {
  const std::string_view rest = from(line_number, byte);
  const bool quote = rest.starts_with('"') || rest.starts_with('\'');
  if (quote && quoted_length(rest) == std::string_view::npos) {
    fail(at(line_number, byte), fmt::format("the quote {} is not closed", rest[0]));
  }
}

void YamlPositions::fail_at_bracket(std::size_t line_number, std::size_t byte, std::string_view message) const {
  const std::string_view rest = from(line_number, byte);
  std::size_t depth = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '[' || rest[i] == '{') ++depth;
    if (rest[i] == ']' || rest[i] == '}') --depth;
    if (depth == 0) fail(at(line_number, byte), message);
    if (depth > kDeepestNesting) {
      fail(at(line_number, byte), fmt::format("nested more than {} levels deep", kDeepestNesting));
    }
    const bool quote = rest[i] == '"' || rest[i] == '\'';
    if (quote) i += std::min(quoted_length(rest.substr(i)), rest.size() - i) - 1;
  }
  fail(at(line_number, byte), fmt::format("a '{}' is not closed", rest.substr(0, 1)));
}

void YamlPositions::fail_in_our_words(std::size_t line_number, std::size_t byte,
                                      const std::string& message) const {
  for (const std::size_t near : {line_number, line_number == 0 ? line_number : line_number - 1}) {
    const std::size_t tab = tab_in_indentation(line(near));
    if (tab != std::string_view::npos) fail(at(near, tab), "there is a tab in the indentation; YAML needs spaces");
  }
  fail(at(line_number, byte), meaning(message, from(line_number, byte)));
}

std::string_view YamlPositions::line(std::size_t number) const {
  const std::size_t end = number + 1 < starts_.size() ? starts_[number + 1] : text_.size();
  const std::string_view whole = from(number, 0).substr(0, number < starts_.size() ? end - starts_[number] : 0);
  return whole.substr(0, whole.find_last_not_of("\r\n") + 1);
}

std::string_view YamlPositions::from(std::size_t line_number, std::size_t byte) const {
  if (line_number >= starts_.size()) return {};
  return text_.substr(std::min(starts_[line_number] + byte, text_.size()));
}

}  // namespace regard::config
