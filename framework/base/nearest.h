#pragma once
// Finds the valid name nearest to an invalid one, for every "unknown …" message.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard {

// Returns the number of edits (insert, delete, replace, swap of two neighbours) that turn a into b, if each byte is
// edited at most once (optimal string alignment, the restricted form of Damerau 1964). Ignores case, and treats '-' and
// '_' as equal.
[[nodiscard]] Index edit_distance(std::string_view a, std::string_view b);

// Returns the known name with the fewest edits, of equal ones the first, if the edits are at most a third of the longer
// name (rounded up) and not all of it. Else returns the first known name that starts with `name` (three letters or
// more); else "".
[[nodiscard]] std::string nearest(std::string_view name, std::span<const std::string> known);

// Returns "; did you mean 'dropout'?" or "".
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> known);

// A known name, for unknown_name().
struct Known {
  std::string name;
  std::string summary;
  std::vector<std::string> aliases = {};
};

// Returns the text of an error, without the place, which the caller adds in front: "unknown attention 'dott'; did
// you mean 'dot'? Known: concat (summary), dot (summary)".
[[nodiscard]] std::string unknown_name(std::string_view kind, std::string_view name, std::span<const Known> known);

}  // namespace regard
