#include "framework/report/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace regard::report {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_at(std::string_view text, std::size_t i, bool (*kind)(char)) { return i < text.size() && kind(text[i]); }

// Returns whether a colon followed by `rest` is markup: of a link's address ("//") or an emoji's name (":smile:").
bool colon_has_a_meaning(std::string_view rest) {
  if (rest.starts_with("//")) return true;
  std::size_t end = 0;
  while (end < rest.size() &&
         (is_letter_or_digit(rest[end]) || rest[end] == '_' || rest[end] == '-' || rest[end] == '+'))
    ++end;
  return end > 0 && end < rest.size() && rest[end] == ':';
}

// `from` starts with '['. Returns the position of the closing bracket if it encloses an interval or a list of numbers,
// which cannot be a link; else npos.
std::size_t end_of_numbers(std::string_view from) {
  const std::size_t close = from.find_first_not_of("0123456789.,+- ", 1);
  if (close == std::string_view::npos || close < 3 || from[close] != ']') return std::string_view::npos;
  const bool ends =
      close + 1 == from.size() || std::string_view("([:").find(from[close + 1]) == std::string_view::npos;
  return ends ? close : std::string_view::npos;
}

// Returns whether Markdown would read this character as markup.
bool marks(std::string_view text, std::size_t i, bool begins_line) {
  const bool first = begins_line && i == 0;
  const std::string_view rest = text.substr(i + 1);
  switch (text[i]) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '~':
    case '$':
    case '{':
    case '}':
      return true;
    case ':':
      return colon_has_a_meaning(rest);
    case '_':  // not markup inside a word
      return i == 0 || !is_letter_or_digit(text[i - 1]) || !is_at(text, i + 1, is_letter_or_digit);
    case '!':
      return rest.starts_with('[');
    case '#':
      return first || is_at(text, i + 1, is_letter_or_digit);
    case '>':
    case '+':
    case '-':
    case '=':
      return first;
    case '.':
    case ')':  // "1. " starts a list, "www." a link
      return (begins_line && i > 0 && text.find_first_not_of("0123456789") == i &&
              !is_at(text, i + 1, is_letter_or_digit)) ||
             text.substr(0, i).ends_with("www");
    default:
      return false;
  }
}

std::string markdown_of(std::string_view text, bool cell) {
  std::string out;
  std::size_t numbers_until = 0;  // brackets before this position enclose numbers
  for (std::size_t i = cell ? 0 : std::min(text.find_first_not_of(' '), text.size()); i < text.size(); ++i) {
    const char c = text[i];
    if (c == '[') {
      const std::size_t close = end_of_numbers(text.substr(i));
      if (close != std::string_view::npos) numbers_until = i + close + 1;
    }
    const bool of_numbers = (c == '[' || c == ']') && i < numbers_until && !(i > 0 && text[i - 1] == '!');
    if (c == '&' &&
        (is_at(text, i + 1, is_letter_or_digit) || is_at(text, i + 1, [](char x) { return x == '#'; }))) {
      out += "&amp;";
    } else if (c == '<' && i + 1 < text.size() && text[i + 1] != ' ') {
      out += "&lt;";
    } else if (c == '@' && is_at(text, i + 1, is_letter_or_digit)) {
      out += "&#64;";  // a backslash does not prevent a mention
    } else if ((c == '|' && cell) || (marks(text, i, !cell) && !of_numbers)) {
      out += '\\';
      out += c;
    } else {
      out += is_control(c) ? ' ' : c;
    }
  }
  return out;
}

}  // namespace

std::string html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const std::string_view three = text.substr(at, 3);
    if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {  // U+FFFE, U+FFFF are not allowed in XML
      out += "\xEF\xBF\xBD";
      at += 2;
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += is_control(c) ? ' ' : c;
    }
  }
  return out;
}

std::string markdown(std::string_view text) { return markdown_of(text, false); }
std::string markdown_cell(std::string_view text) { return markdown_of(text, true); }

std::string latex(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 25> kCommands{{
      {"\\", "\\textbackslash{}"},
      {"{", "\\{"},
      {"}", "\\}"},
      {"$", "\\$"},
      {"&", "\\&"},
      {"#", "\\#"},
      {"_", "\\_"},
      {"%", "\\%"},
      {"^", "\\textasciicircum{}"},
      {"~", "\\textasciitilde{}"},
      {"<", "\\textless{}"},
      {">", "\\textgreater{}"},
      {"|", "\\textbar{}"},
      {"\"", "\\textquotedbl{}"},
      {"`", "\\textasciigrave{}"},
      {"[", "{[}"},
      {"]", "{]}"},
      {"*", "{*}"},  // "\\*" is a form of "\\", so a row could not start with *
      {"±", "$\\pm$"},
      {"–", "--"},
      {"−", "$-$"},
      {"×", "$\\times$"},
      {"…", "\\ldots{}"},
      {"\u2009", "\\,"},
      {"\u202f", "\\,"},
  }};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto* const found = std::find_if(kCommands.begin(), kCommands.end(), [&](const auto& command) {
      return text.substr(i, command.first.size()) == command.first;
    });
    if (found == kCommands.end()) {
      out += is_control(text[i]) ? ' ' : text[i];
      ++i;
    } else {
      out += found->second;
      i += found->first.size();
    }
  }
  return out;
}

std::string csv_field(std::string_view text) {
  std::string clean;
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) clean += '\'';
  for (const char c : text) clean += is_control(c) ? ' ' : c;
  if (clean.find_first_of("\",;") == std::string::npos) return clean;
  std::string out = "\"";
  for (const char c : clean) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string data_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') {
      out += "″";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += is_control(c) ? ' ' : c;
    }
  }
  return out + "\"";
}

std::string json_in_html(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string file_stem(std::string_view name) {
  constexpr std::size_t kLongest = 120;  // file names have at most 255 bytes, with a prefix and an ending
  std::string out;
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  for (const char c : name) {
    if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_') {
      out += c;
    } else {
      out += fmt::format("={:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  if (out.size() > kLongest) out = fmt::format("{}={:016x}", out.substr(0, kLongest - 17), hash);
  return out;
}

std::string language_tag(std::string_view name) {
  const bool tag = !name.empty() && name.size() <= 35 && is_letter_or_digit(name.front()) &&
                   std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
  return tag ? std::string(name) : std::string();
}

std::string svg_data_uri(std::string_view svg) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "data:image/svg+xml;base64,";
  for (std::size_t i = 0; i < svg.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < svg.size() ? static_cast<unsigned>(static_cast<unsigned char>(svg[i + k])) : 0U;
    };
    const unsigned triple = byte(0) << 16U | byte(1) << 8U | byte(2);
    out += kDigits[triple >> 18U];
    out += kDigits[triple >> 12U & 63U];
    out += i + 1 < svg.size() ? kDigits[triple >> 6U & 63U] : '=';
    out += i + 2 < svg.size() ? kDigits[triple & 63U] : '=';
  }
  return out;
}

}  // namespace regard::report
