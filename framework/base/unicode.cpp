#include "framework/base/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>

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

}  // namespace regard::unicode
