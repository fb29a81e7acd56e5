#pragma once
// The nearest valid name to one that is not: what every "unknown …" message ends with.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard {

// Edits (insert, delete, replace, swap of two neighbours) that turn a into b, each byte edited at most once
// (optimal string alignment, the restricted form of Damerau 1964). Case, and '-' against '_', make no difference.
[[nodiscard]] Index edit_distance(std::string_view a, std::string_view b);

// The known name with the fewest edits, if these are at most a third of the longer name (rounded up) and not all
// of it; else the first known name that starts with `name` (three letters or more); else "". Ties go to the
// earlier one.
[[nodiscard]] std::string nearest(std::string_view name, std::span<const std::string> known);

// "; did you mean 'dropout'?" or "".
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> known);

// A name that is known, for unknown_name().
struct Known {
  std::string name;
  std::string summary;
  std::vector<std::string> aliases = {};
};

// "unknown attention 'dott'; did you mean 'dot'? Known: concat (summary), dot (summary)": the text of an error, to
// which the caller puts the place in front.
[[nodiscard]] std::string unknown_name(std::string_view kind, std::string_view name, std::span<const Known> known);

}  // namespace regard
