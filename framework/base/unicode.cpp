#include "framework/base/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "framework/base/errors.h"

namespace regard::unicode {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

icu::StringPiece piece(std::string_view text) { return {text.data(), static_cast<std::int32_t>(text.size())}; }

}  // namespace

std::string lower_case(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
  }
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower("", 0, piece(text), sink, nullptr, status);
  check(U_SUCCESS(status) != 0, "unicode: ICU could not lower-case a text");
  return out;
}

std::string normalized(std::string_view text, NormalForm form) {
  if (form == NormalForm::none || is_ascii(text)) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* rules = form == NormalForm::nfc ? icu::Normalizer2::getNFCInstance(status)
                                                          : icu::Normalizer2::getNFKCInstance(status);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  if (U_SUCCESS(status) != 0) rules->normalizeUTF8(0, piece(text), sink, nullptr, status);
  check(U_SUCCESS(status) != 0, "unicode: ICU could not normalise a text");
  return out;
}

Index columns(std::string_view text) {
  if (is_ascii(text)) return static_cast<Index>(text.size());
  constexpr UChar32 kSoftHyphen = 0xAD, kFirstInnerJamo = 0x1160, kLastInnerJamo = 0x11FF;
  Index count = 0;
  const icu::UnicodeString all = icu::UnicodeString::fromUTF8(piece(text));
  for (std::int32_t at = 0; at < all.length(); at = all.moveIndex32(at, 1)) {
    const UChar32 c = all.char32At(at);
    const std::uint32_t kind = U_GET_GC_MASK(c);
    const bool nothing = ((kind & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) != 0 && c != kSoftHyphen) ||
                         (c >= kFirstInnerJamo && c <= kLastInnerJamo);
    const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    const bool wide = width == U_EA_WIDE || width == U_EA_FULLWIDTH;
    if (!nothing) count += wide ? 2 : 1;
  }
  return count;
}

}  // namespace regard::unicode
