#pragma once
// Reads and writes word alignments in Pharaoh form: "0-0 1-2 2-1", positions of words from 0, source before target.
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::data {

struct Link {
  std::int32_t source = 0;
  std::int32_t target = 0;
  auto operator<=>(const Link&) const = default;
};

// The links of one sentence pair, sorted by source and then target, without duplicates. May be empty.
using Alignment = std::vector<Link>;

// Returns "0-0 1-2 2-1", or "" for no links.
[[nodiscard]] std::string to_pharaoh(const Alignment& links);

// Reads a line in Pharaoh form, with links in any order. DataError, starting with `place` ("file:line"), for a link
// that is not two whole numbers with a '-' between them, and for a link outside the sentence pair, whose numbers of
// words are given.
[[nodiscard]] Alignment parse_pharaoh(std::string_view line, Index source_words, Index target_words,
                                      const std::string& place);

}  // namespace regard::data
