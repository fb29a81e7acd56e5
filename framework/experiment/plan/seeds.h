#pragma once
// Reads seeds that are written as ranges, `seeds: 1-3,7`, or are added in rounds, `seeds: {first: 3, most: 20}`.
#include <optional>
#include <utility>
#include <vector>

#include "framework/config/tree.h"
#include "framework/runs/claim.h"

namespace regard::experiment {

// The form of such a text, for the schema.
inline constexpr const char* kSeedRanges = "^[0-9]{1,9}(-[0-9]{1,9})?(,[0-9]{1,9}(-[0-9]{1,9})?)*$";

// Returns the row of a list of seeds that may be written as ranges.
template <class S>
[[nodiscard]] config::Row<S> with_ranges(config::Row<S> row) {
  row.row.text_pattern = kSeedRanges;
  row.row.text_rule = "numbers and ranges: 1-3,7";
  return row;
}
// The same for one that may also be a map of rounds.
template <class S>
[[nodiscard]] config::Row<S> with_rounds(config::Row<S> row) {
  config::Row<S> out = with_ranges(std::move(row));
  out.row.text_rule += "; or {first, most, until: decided}";
  out.row.map_form = config::descriptions(runs::seed_rounds_rows());
  return out;
}

// The plan's tree with `seeds` and `tune.seeds` as lists, where they are written as numbers and ranges: 1-3,7 becomes
// [1, 2, 3, 7]. ConfigError at its place for other text and for a range that is empty or longer than 10,001 seeds.
[[nodiscard]] config::Node with_seed_lists(config::Node root);

// Returns the plan's `seeds` if they are a map of rounds; nothing if they are a list or are not written. ConfigError at
// its place for a wrong key or value, and if `most` is below `first`.
[[nodiscard]] std::optional<runs::SeedRounds> seed_rounds(const config::Node& root);
// Returns the tree with `seeds` as the list of all seeds that the rounds may use.
[[nodiscard]] config::Node with_all_seeds(config::Node root, const runs::SeedRounds& rounds);
[[nodiscard]] config::Node list_of(const std::vector<Index>& seeds);

}  // namespace regard::experiment
