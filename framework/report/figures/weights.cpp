#include "framework/report/figures/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "framework/base/unicode.h"
#include "framework/base/utf8.h"
#include "framework/report/escape.h"

namespace regard::report {
namespace {

constexpr Index kLongest = 14;  // in terminal columns; a longer word is cut
constexpr Index kNarrowest = 4;

// Returns whether a character would move the cursor, end the line or change the direction of the following text.
bool controls(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

// Returns a word for a terminal: control characters are replaced, and a long word is cut.
std::string shown(const std::string& word) {
  std::string text;
  Index used = 0;
  for (std::size_t at = 0; at < word.size();) {
    const char32_t c = utf8::decode(word, at);
    std::string letter;
    utf8::append(letter, controls(c) ? U'?' : c);
    used += unicode::columns(letter);
    if (used > kLongest || (used == kLongest && at < word.size())) return text + "…";
    text += letter;
  }
  return text;
}

std::string padded(const std::string& text, Index width, bool right) {
  const std::string spaces(static_cast<std::size_t>(std::max<Index>(0, width - unicode::columns(text))), ' ');
  return right ? spaces + text : text + spaces;
}

std::string number(double given) {
  const auto weight = static_cast<float>(given);  // as it is stored
  if (!std::isfinite(weight)) return "nan";
  const int hundredths = static_cast<int>(std::lround(100 * weight));
  if (hundredths <= 0) return {};
  return hundredths >= 100 ? fmt::format("{:.2f}", weight).substr(0, 4) : fmt::format(".{:02}", hundredths);
}

// Colours from white to dark blue in xterm's cube of 6 x 6 x 6 colours. A cell without weight is white on every
// terminal, because on a dark background small weights would look larger than none.
constexpr std::array<int, 9> kRamp{231, 195, 159, 123, 81, 39, 33, 27, 21};
constexpr std::size_t kDark = 5;  // from this colour on, numbers are white

std::string painted(const std::string& cell, double weight) {
  if (std::isnan(weight)) return cell;
  const double share = std::clamp(weight, 0.0, 1.0);
  const auto at = static_cast<std::size_t>(std::lround(share * static_cast<double>(kRamp.size() - 1)));
  return fmt::format("\x1b[48;5;{}m\x1b[38;5;{}m{}\x1b[0m", kRamp[at], at >= kDark ? 231 : 16, cell);
}

}  // namespace

runs::AttentionExample map_of(const runs::AttentionExample& example, std::size_t n) {
  return {example.index, example.source, example.target, example.maps.at(n)};
}

std::string weights_text(const runs::AttentionExample& example, const TerminalStyle& style) {
  std::vector<std::string> source, target;
  std::vector<Index> widths;
  Index left = 0;
  for (const std::string& word : example.source) {
    source.push_back(shown(word));
    widths.push_back(std::max(kNarrowest, unicode::columns(source.back())));
  }
  for (const std::string& word : example.target) {
    target.push_back(shown(word));
    left = std::max(left, unicode::columns(target.back()));
  }
  std::string text;
  for (std::size_t begin = 0, end = 0; begin < source.size(); begin = end) {
    Index used = left;
    for (end = begin; end < source.size() && (end == begin || used + 1 + widths[end] <= style.width); ++end) {
      used += 1 + widths[end];
    }
    if (begin > 0) text += '\n';
    const auto finish = [&text] { text.erase(text.find_last_not_of(' ') + 1) += '\n'; };
    text += padded("", left, false);
    for (std::size_t s = begin; s < end; ++s) text.append(" ").append(padded(source[s], widths[s], true));
    finish();
    for (std::size_t t = 0; t < target.size(); ++t) {
      text += padded(target[t], left, false);
      for (std::size_t s = begin; s < end; ++s) {
        const double weight = example.weights.at(static_cast<Index>(t), static_cast<Index>(s));
        const std::string cell = padded(number(weight), widths[s], true);
        text.append(" ").append(style.colour ? painted(cell, weight) : cell);
      }
      finish();
    }
  }
  return text;
}

std::string weights_svg(const runs::AttentionExample& example) {
  constexpr Index kCell = 24, kLetter = 8, kMargin = 6;
  Index left = 0, top = 0;
  for (const std::string& word : example.target) left = std::max(left, unicode::columns(word));
  for (const std::string& word : example.source) top = std::max(top, unicode::columns(word));
  left = left * kLetter + 2 * kMargin;
  top = top * kLetter + 2 * kMargin;
  const auto columns = static_cast<Index>(example.source.size());
  const auto rows = static_cast<Index>(example.target.size());
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
      left + columns * kCell + kMargin, top + rows * kCell + kMargin);
  for (Index s = 0; s < columns; ++s) {
    const Index x = left + s * kCell + kCell / 2 + 4;
    svg += fmt::format("<text transform=\"translate({} {}) rotate(-90)\">{}</text>\n", x, top - kMargin,
                       html(example.source[static_cast<std::size_t>(s)]));
  }
  for (Index t = 0; t < rows; ++t) {
    const auto& word = example.target[static_cast<std::size_t>(t)];
    const Index y = top + t * kCell;
    svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", left - kMargin,
                       y + kCell / 2 + 4, html(word));
    for (Index s = 0; s < columns; ++s) {
      const double weight = example.weights.at(t, s);
      const double share = std::isfinite(weight) ? std::clamp(weight, 0.0, 1.0) : 0.0;
      svg += fmt::format(
          "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#08306b\" fill-opacity=\"{:.3f}\" "
          "stroke=\"#ddd\"><title>{} → {}: {:.3f}</title></rect>\n",
          left + s * kCell, y, kCell, kCell, share, html(example.source[static_cast<std::size_t>(s)]), html(word),
          weight);
    }
  }
  return svg + "</svg>\n";
}

}  // namespace regard::report
