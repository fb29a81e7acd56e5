#include "framework/base/utf8.h"

#include <fmt/format.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>

namespace regard::utf8 {
namespace {

const std::uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

std::optional<std::size_t> first_invalid(std::string_view text) noexcept {
  const std::uint8_t* const bytes = bytes_of(text);
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    const std::int64_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0) return static_cast<std::size_t>(begin);
  }
  return std::nullopt;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (auto bad = first_invalid(text); bad; bad = first_invalid(text)) {
    out += fmt::format("{}\\x{:02X}", text.substr(0, *bad), static_cast<unsigned char>(text[*bad]));
    text.remove_prefix(*bad + 1);
  }
  return out + std::string(text);
}

char32_t decode(std::string_view text, std::size_t& position) noexcept {
  const std::uint8_t* const bytes = bytes_of(text);
  UChar32 c = 0;
  U8_NEXT_UNSAFE(bytes, position, c);
  return static_cast<char32_t>(c);
}

void append(std::string& text, char32_t code_point) {
  std::array<std::uint8_t, U8_MAX_LENGTH> bytes{};
  std::size_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, code_point);
  text.append(reinterpret_cast<const char*>(bytes.data()), size);
}

std::u32string to_utf32(std::string_view valid_text) {
  std::u32string code_points;
  for (std::size_t i = 0; i < valid_text.size();) code_points.push_back(decode(valid_text, i));
  return code_points;
}

std::string to_utf8(std::u32string_view code_points) {
  std::string text;
  for (const char32_t c : code_points) append(text, c);
  return text;
}

Index length(std::string_view valid_text) noexcept {
  Index count = 0;
  for (const char byte : valid_text) count += U8_IS_TRAIL(byte) ? 0 : 1;
  return count;
}

}  // namespace regard::utf8
