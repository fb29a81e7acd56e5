#include "framework/report/analysis/diff_tokens.h"

#include <algorithm>
#include <array>

#include "framework/base/utf8.h"

namespace regard::report {
namespace {

constexpr std::array<Range, 12> kUnspaced{{{0x0e00, 0x0eff},  // Thai, Lao
                                           {0x1000, 0x109f},  // Burmese
                                           {0x1780, 0x17ff},  // Khmer
                                           {0x3001, 0x3020},  // 、 。 「 」
                                           {0x3041, 0x30ff},  // kana
                                           {0x31f0, 0x31ff},
                                           {0x3400, 0x4dbf},  // Han
                                           {0x4e00, 0x9fff},
                                           {0xf900, 0xfaff},
                                           {0xff01, 0xff0f},  // ！ ，
                                           {0xff1a, 0xff20},
                                           {0x20000, 0x3ffff}}};

constexpr std::array<Range, 13> kAttached{{{0x0300, 0x036f},
                                           {0x0e31, 0x0e31},  // Thai vowels and tones above and below
                                           {0x0e34, 0x0e3a},
                                           {0x0e47, 0x0e4e},
                                           {0x0eb1, 0x0eb1},  // the same of Lao
                                           {0x0eb4, 0x0ebc},
                                           {0x0ec8, 0x0ece},
                                           {0x102b, 0x103e},  // Burmese
                                           {0x1056, 0x1059},
                                           {0x17b4, 0x17d3},  // Khmer
                                           {0x17dd, 0x17dd},
                                           {0x3099, 0x309a},  // voiced kana
                                           {0xfe00, 0xfe0f}}};

constexpr std::array<Range, 19> kPunctuation{{{0x21, 0x22},  // ! "
                                              {0x27, 0x29},  // ' ( )
                                              {0x2c, 0x2c},
                                              {0x2e, 0x2e},
                                              {0x3a, 0x3b},  // : ;
                                              {0x3f, 0x3f},
                                              {0x5b, 0x5b},  // [ ]
                                              {0x5d, 0x5d},
                                              {0xa1, 0xa1},  // ¡
                                              {0xab, 0xab},  // « »
                                              {0xbb, 0xbb},
                                              {0xbf, 0xbf},      // ¿
                                              {0x060c, 0x060c},  // of Arabic
                                              {0x061b, 0x061f},
                                              {0x06d4, 0x06d4},
                                              {0x0964, 0x0965},  // danda
                                              {0x2018, 0x201f},  // quotation marks
                                              {0x2026, 0x2026},  // …
                                              {0x2039, 0x203a}}};

constexpr std::array<Range, 4> kUpright{
    {{0x2e80, 0x9fff}, {0xac00, 0xd7af}, {0xf900, 0xfaff}, {0x20000, 0x3ffff}}};

bool within(char32_t c, std::span<const Range> ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return range.first <= c && c <= range.last; });
}

// Returns whether a ';' after this word closes an entity (&apos; &#39;) that a tokeniser left in the text.
bool opens_entity(std::string_view word) {
  const std::size_t at = word.rfind('&');
  if (at == std::string_view::npos || at + 1 == word.size()) return false;
  return std::all_of(word.begin() + static_cast<std::ptrdiff_t>(at) + 1, word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '#';
  });
}

}  // namespace

std::span<const Range> unspaced_scripts() { return kUnspaced; }
std::span<const Range> attached_marks() { return kAttached; }
std::span<const Range> word_punctuation() { return kPunctuation; }
std::span<const Range> upright_scripts() { return kUpright; }

std::vector<DiffToken> diff_tokens_of(const std::string& line) {
  std::vector<DiffToken> diff_tokens;
  const bool valid = !utf8::first_invalid(line);
  const auto next = [&](std::size_t& at) {
    return valid ? utf8::decode(line, at) : static_cast<unsigned char>(line[at++]);
  };
  const auto ends_word = [&](std::size_t at) {  // only punctuation before the next space
    while (at < line.size()) {
      const char32_t c = next(at);
      if (c == U' ') return true;
      if (!within(c, kPunctuation)) return false;
    }
    return true;
  };
  bool space = false;
  bool goes_on = false;  // the last token is a word that the next character can continue
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = at;
    const char32_t c = next(at);
    if (c == U' ') {
      space = true;
      goes_on = false;
      continue;
    }
    const bool attached = !space && !diff_tokens.empty() &&
                          (within(c, kAttached) || (c == U';' && opens_entity(diff_tokens.back().text)));
    const bool apart = within(c, kPunctuation) && (!goes_on || ends_word(at));
    const bool alone = !attached && (apart || within(c, kUnspaced));
    if (attached || (goes_on && !alone)) {
      diff_tokens.back().text.append(line, begin, at - begin);
    } else {
      diff_tokens.push_back({line.substr(begin, at - begin), space && !diff_tokens.empty()});
      goes_on = !alone;
    }
    space = false;
  }
  return diff_tokens;
}

bool writes_no_spaces(const std::vector<std::string>& lines) {
  std::size_t diff_tokens = 0;
  std::size_t words = 0;
  for (const std::string& line : lines) {
    const std::vector<DiffToken> of_line = diff_tokens_of(line);
    diff_tokens += of_line.size();
    words += static_cast<std::size_t>(std::count_if(of_line.begin(), of_line.end(), [&](const DiffToken& unit) {
      return unit.after_space || &unit == of_line.data();
    }));
  }
  return diff_tokens > 3 * words;
}

bool is_set_upright(const std::string& word) {
  if (word.empty() || utf8::first_invalid(word)) return false;
  std::size_t at = 0;
  return within(utf8::decode(word, at), kUpright);
}

}  // namespace regard::report
