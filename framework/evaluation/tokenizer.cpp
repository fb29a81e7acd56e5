#include "framework/evaluation/tokenizer.h"

#include <fmt/format.h>

#include "framework/base/errors.h"
#include "framework/base/unicode.h"
#include "framework/base/utf8.h"
#include "framework/evaluation/text.h"

namespace regard::evaluation {

std::string_view name_of(Tokenizer tokenizer) noexcept {
  switch (tokenizer) {
    case Tokenizer::none:
      return "none";
    case Tokenizer::a13:
      return "13a";
    case Tokenizer::intl:
      return "intl";
    case Tokenizer::chars:
      return "char";
  }
  return "";
}

Tokenizer tokenizer_named(std::string_view name) {
  for (const Tokenizer each : {Tokenizer::none, Tokenizer::a13, Tokenizer::intl, Tokenizer::chars}) {
    if (name_of(each) == name) return each;
  }
  throw ConfigError(fmt::format("tokenizer '{}' is unknown; the known ones are 13a, intl, char and none", name));
}

Tokens tokenize(std::string_view line, Tokenizer tokenizer, bool lowercase) {
  Tokens tokens;
  std::string lowered;
  if (lowercase) {
    lowered = unicode::lower_case(line);
    line = lowered;
  }
  line = rstrip(line);
  switch (tokenizer) {
    case Tokenizer::none:
    case Tokenizer::chars:
      tokens.text = line;
      break;
    case Tokenizer::a13:
      tokens.text = detail::spaced_13a(line);
      break;
    case Tokenizer::intl:
      tokens.text = detail::spaced_intl(line);
      break;
  }
  const std::string_view text = tokens.text;
  const bool each_character = tokenizer == Tokenizer::chars;
  std::size_t start = 0;
  const auto close = [&](std::size_t end) {
    if (end > start) tokens.spans.emplace_back(start, end - start);
    start = end;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if (utf8::is_whitespace(next_character(text, at))) {
      close(here);
      start = at;
    } else if (each_character) {
      close(at);
    }
  }
  close(text.size());
  return tokens;
}

}  // namespace regard::evaluation
