#include "framework/config/write.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "framework/base/utf8.h"

namespace regard::config {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Returns whether a character has no special meaning inside a plain scalar.
bool is_harmless(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '/' || c == '-' || c == '+';
}

// Returns whether a scalar that was read without quotes can be written without quotes at every place.
bool stays_plain(std::string_view text) {
  const bool harmless = !text.empty() && text.front() != ' ' && text.back() != ' ' &&
                        std::all_of(text.begin(), text.end(), [](char c) { return is_harmless(c) || c == ' '; });
  const bool number = text.size() > 1 && (is_digit(text[1]) || text[1] == '.');
  return harmless && (text.front() != '-' || number) && !text.starts_with("...");
}

std::string scalar_text(const Node& node) {
  return !node.quoted && stays_plain(node.scalar) ? node.scalar : in_double_quotes(node.scalar);
}

bool fits_one_line(const Node& node) {
  return node.kind != Node::Kind::map && std::all_of(node.items.begin(), node.items.end(), [](const Node& item) {
           return item.kind == Node::Kind::scalar || item.kind == Node::Kind::null;
         });
}

std::string one_line(const Node& node) {
  if (node.kind == Node::Kind::null) return "null";
  if (node.kind == Node::Kind::scalar) return scalar_text(node);
  if (node.kind == Node::Kind::map) return "{}";
  std::string text;
  for (const Node& item : node.items) text += fmt::format("{}{}", text.empty() ? "" : ", ", one_line(item));
  return fmt::format("[{}]", text);
}

// Appends the entries or items, each on its own lines, which start with `indent`.
void write_block(std::string& out, const Node& node, const std::string& indent) {
  const auto value_of = [&](const Node& value) {
    const bool short_value = fits_one_line(value) || (value.kind == Node::Kind::map && value.entries.empty());
    if (short_value) {
      out += fmt::format(" {}\n", one_line(value));
    } else {
      out += "\n";
      write_block(out, value, indent + "  ");
    }
  };
  for (const Node::Entry& entry : node.entries) {
    out += indent + (needs_quotes(entry.key) ? in_double_quotes(entry.key) : entry.key) + ":";
    value_of(entry.value);
  }
  for (const Node& item : node.items) {
    out += indent + "-";
    value_of(item);
  }
}

}  // namespace

std::string to_yaml(const Node& node) {
  std::string out;
  if (fits_one_line(node) || node.entries.empty() == (node.kind == Node::Kind::map)) return one_line(node) + "\n";
  write_block(out, node, "");
  return out;
}

std::map<std::string, std::string> by_dotted_key(const Node& node) {
  std::map<std::string, std::string> keys;
  const auto add = [&keys](const auto& self, const Node& value, const std::string& key) -> void {
    if (value.kind != Node::Kind::map || value.entries.empty()) {
      keys[key] = on_one_line(value);
      return;
    }
    for (const Node::Entry& entry : value.entries)
      self(self, entry.value, key.empty() ? entry.key : key + "." + entry.key);
  };
  add(add, node, "");
  return keys;
}

bool needs_quotes(std::string_view text) {
  if (text.empty() || !(is_letter(text[0]) || text[0] == '_' || text[0] == '/')) return true;
  if (text.back() == ' ' ||
      !std::all_of(text.begin(), text.end(), [](char c) { return is_harmless(c) || c == ' '; })) {
    return true;
  }
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  constexpr std::array<std::string_view, 9> kWords = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

std::string in_double_quotes(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = utf8::decode(text, i);
    if (c == U'"' || c == U'\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c == U'\n') {
      out += "\\n";
    } else if (c == U'\t') {
      out += "\\t";
    } else if (c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      utf8::append(out, c);
    }
  }
  return out + "\"";
}

std::string number_text(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find('.') != std::string::npos) return text;
  const std::size_t exponent = text.find('e');
  return text.insert(exponent == std::string::npos ? text.size() : exponent, ".0");
}

std::string on_one_line(const Node& node) {
  std::string out;
  const auto separate = [&] { out += out.size() > 1 ? ", " : ""; };
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return node.scalar;
    case Node::Kind::list:
      out = '[';
      for (const Node& item : node.items) {
        separate();
        out += on_one_line(item);
      }
      return out + ']';
    case Node::Kind::map:
      out = '{';
      for (const Node::Entry& entry : node.entries) {
        separate();
        out += fmt::format("{}: {}", entry.key, on_one_line(entry.value));
      }
      return out + '}';
  }
  return out;
}

}  // namespace regard::config
