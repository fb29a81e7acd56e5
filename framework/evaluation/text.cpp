#include "framework/evaluation/text.h"

#include <unicode/utf8.h>

#include <cstdint>

#include "framework/base/errors.h"
#include "framework/base/utf8.h"

namespace regard::evaluation {

char32_t next_character(std::string_view text, std::size_t& position) noexcept {
  const auto first = static_cast<unsigned char>(text[position]);
  if (first < 0x80) {
    ++position;
    return first;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto at = static_cast<std::int64_t>(position);
  const auto size = static_cast<std::int64_t>(text.size());
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(bytes, at, size, c);
  position = static_cast<std::size_t>(at);
  return static_cast<char32_t>(c);
}

std::vector<char32_t> characters(std::string_view text) {
  std::vector<char32_t> out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) out.push_back(next_character(text, at));
  return out;
}

std::string_view rstrip(std::string_view text) noexcept {
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && U8_IS_TRAIL(text[start])) --start;
    std::size_t behind = start;
    if (!utf8::is_whitespace(next_character(text, behind)) || behind != text.size()) break;
    text.remove_suffix(text.size() - start);
  }
  return text;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  const auto close = [&](std::size_t end) {
    if (end > start) pieces.push_back(text.substr(start, end - start));
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if (utf8::is_whitespace(next_character(text, at))) {
      close(here);
      start = at;
    }
  }
  close(text.size());
  return pieces;
}

}  // namespace regard::evaluation
