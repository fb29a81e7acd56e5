// The tokeniser of mteval-v13a.pl as sacreBLEU applies it to one line. It works on bytes: every rule tests only ASCII
// bytes and copies the others, so characters of several bytes are not split. Each rule is one pass from left to right
// over the output of the previous rule; its matches do not overlap.
#include "framework/evaluation/tokenizer.h"

namespace regard::evaluation::detail {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_point(char c) noexcept { return c == '.' || c == ','; }

// Printable ASCII that is no letter, digit, apostrophe, comma, hyphen or period; the space is among them.
bool is_separate(char c) noexcept {
  return (c >= 0x20 && c <= 0x26) || (c >= 0x28 && c <= 0x2B) || c == 0x2F || (c >= 0x3A && c <= 0x40) ||
         (c >= 0x5B && c <= 0x60) || (c >= 0x7B && c <= 0x7E);
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// Copies `in`. If test(a, b) is true for two neighbours, writes emit(a, b) instead and continues after both.
template <class Test, class Emit>
std::string pairs(const std::string& in, Test test, Emit emit) {
  std::string out;
  out.reserve(in.size() + in.size() / 4);
  std::size_t i = 0;
  for (; i + 1 < in.size(); ++i) {
    if (test(in[i], in[i + 1])) {
      emit(out, in[i], in[i + 1]);
      ++i;
    } else {
      out.push_back(in[i]);
    }
  }
  if (i < in.size()) out.push_back(in[i]);
  return out;
}

}  // namespace

std::string spaced_13a(std::string_view line) {
  std::string text(line);
  replace_all(text, "<skipped>", "");
  replace_all(text, "-\n", "");
  replace_all(text, "\n", " ");
  if (text.find('&') != std::string::npos) {  // in this order, "&amp;lt;" becomes "<"
    replace_all(text, "&quot;", "\"");
    replace_all(text, "&amp;", "&");
    replace_all(text, "&lt;", "<");
    replace_all(text, "&gt;", ">");
  }

  std::string out;
  out.reserve(text.size() + text.size() / 2 + 2);
  out.push_back(' ');
  for (const char c : text) {
    if (c == ' ') {  // one space separates as well as several
      out.push_back(c);
    } else if (is_separate(c)) {
      out.append({' ', c, ' '});
    } else {
      out.push_back(c);
    }
  }
  out.push_back(' ');

  out = pairs(
      out, [](char a, char b) { return !is_digit(a) && is_point(b); },
      [](std::string& to, char a, char b) {
        to.append({a, ' ', b, ' '});
      });
  out = pairs(
      out, [](char a, char b) { return is_point(a) && !is_digit(b); },
      [](std::string& to, char a, char b) {
        to.append({' ', a, ' ', b});
      });
  return pairs(
      out, [](char a, char b) { return is_digit(a) && b == '-'; },
      [](std::string& to, char a, char b) {
        to.append({a, ' ', b, ' '});
      });
}

}  // namespace regard::evaluation::detail
