// The international tokeniser of mteval-v14.pl as sacreBLEU applies it, on Unicode's general categories:
//   1. a punctuation mark after a character that is not a number gets a space on both sides;
//   2. a punctuation mark before a character that is not a number gets a space on both sides;
//   3. every symbol gets a space on both sides.
// The line is not padded, so a period after a digit at the end of the line is not separated, as in the original.
#include <unicode/uchar.h>

#include "framework/base/utf8.h"
#include "framework/evaluation/text.h"
#include "framework/evaluation/tokenizer.h"

namespace regard::evaluation::detail {
namespace {

bool in(char32_t c, std::uint32_t categories) noexcept {
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & categories) != 0;
}
bool is_number(char32_t c) noexcept { return in(c, U_GC_N_MASK); }
bool is_punctuation(char32_t c) noexcept { return in(c, U_GC_P_MASK); }

// Copies `in`. If test(a, b) is true for two neighbours, writes emit(a, b) instead and continues after both.
template <class Test, class Emit>
std::u32string pairs(const std::u32string& from, Test test, Emit emit) {
  std::u32string out;
  out.reserve(from.size() + from.size() / 4);
  std::size_t i = 0;
  for (; i + 1 < from.size(); ++i) {
    if (test(from[i], from[i + 1])) {
      emit(out, from[i], from[i + 1]);
      ++i;
    } else {
      out.push_back(from[i]);
    }
  }
  if (i < from.size()) out.push_back(from[i]);
  return out;
}

}  // namespace

std::string spaced_intl(std::string_view line) {
  std::u32string text;
  text.reserve(line.size());
  for (std::size_t at = 0; at < line.size();) text.push_back(next_character(line, at));

  text = pairs(
      text, [](char32_t a, char32_t b) { return !is_number(a) && is_punctuation(b); },
      [](std::u32string& to, char32_t a, char32_t b) {
        to.append({a, U' ', b, U' '});
      });
  text = pairs(
      text, [](char32_t a, char32_t b) { return is_punctuation(a) && !is_number(b); },
      [](std::u32string& to, char32_t a, char32_t b) {
        to.append({U' ', a, U' ', b});
      });

  std::string out;
  out.reserve(line.size() + line.size() / 2);
  for (const char32_t c : text) {
    const bool symbol = in(c, U_GC_S_MASK);
    if (symbol) out.push_back(' ');
    utf8::append(out, c);
    if (symbol) out.push_back(' ');
  }
  return out;
}

}  // namespace regard::evaluation::detail
