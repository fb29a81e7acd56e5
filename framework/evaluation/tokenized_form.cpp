#include "framework/evaluation/tokenized_form.h"

#include <array>
#include <utility>

#include "framework/base/unicode.h"
#include "framework/evaluation/tokenizer.h"

namespace regard::evaluation {
namespace {

using Change = std::pair<std::string_view, std::string_view>;

template <std::size_t N>
std::string replaced(std::string_view text, const std::array<Change, N>& changes) {
  std::string out;
  while (!text.empty()) {
    std::size_t taken = 1;
    std::string_view put = text.substr(0, 1);
    for (const auto& [from, to] : changes) {
      if (!text.starts_with(from)) continue;
      taken = from.size();
      put = to;
      break;
    }
    out += put;
    text.remove_prefix(taken);
  }
  return out;
}

constexpr std::array<Change, 4> kQuotes{{{"„", "\""}, {"“", "\""}, {"”", "\""}, {"’", "'"}}};
constexpr std::array<Change, 8> kEntities{{{"&", "&amp;"},
                                           {"|", "&#124;"},
                                           {"<", "&lt;"},
                                           {">", "&gt;"},
                                           {"'", "&apos;"},
                                           {"\"", "&quot;"},
                                           {"[", "&#91;"},
                                           {"]", "&#93;"}}};

}  // namespace

std::string tokenized_form(std::string_view line) {
  const Tokens tokens = tokenize(replaced(unicode::lower_case(line), kQuotes), Tokenizer::a13, false);
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) out += ' ';
    out += replaced(tokens[i], kEntities);
  }
  return out;
}

}  // namespace regard::evaluation
