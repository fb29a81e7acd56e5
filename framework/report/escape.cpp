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

// Behind the colon: the rest of a link's address ("//"), or of a picture's name (":smile:").
bool colon_has_a_meaning(std::string_view rest) {
  if (rest.starts_with("//")) return true;
  std::size_t end = 0;
  while (end < rest.size() &&
         (is_letter_or_digit(rest[end]) || rest[end] == '_' || rest[end] == '-' || rest[end] == '+'))
    ++end;
  return end > 0 && end < rest.size() && rest[end] == ':';
}

}  // namespace

std::string html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
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

std::string markdown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':' && colon_has_a_meaning(text.substr(i + 1))) {
      out += "\\:";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '@') {
      out += "&#64;";  // a backslash does not stop a mention
    } else if (std::string_view("\\`*_[]>#|~!${}").find(c) != std::string_view::npos) {
      out += '\\';
      out += c;
    } else {
      out += is_control(c) ? ' ' : c;
    }
  }
  return out;
}

std::string latex(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kCommands{{
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
  std::string out;
  for (const char c : name) {
    if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_') {
      out += c;
    } else {
      out += fmt::format("={:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out;
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
