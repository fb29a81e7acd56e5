#pragma once
// Finds which stage of a finished plan is done again if a key has another value. It changes the key in a record and
// compares the records as `regard run` does (record.h), so there is no list to maintain.
#include <optional>
#include <string>

#include "framework/config/docs.h"

namespace regard::experiment {

enum class StageOfKey : std::uint8_t {
  training,  // trains again
  length,    // a greater value goes on, a smaller one trains again
  decoding,  // decodes and scores again
  tests,     // decodes what is new
  report,    // no record of a run has it: the report alone is made again
};

// Nothing for a section, and for a key that says which runs there are (`seeds`, `systems`, `tune`, …).
[[nodiscard]] std::optional<StageOfKey> stage_of_key(const config::Described& key);

// Returns the line of `regard explain`: "  stage    decoding: another value decodes and scores again, and trains
// nothing\n"; "" where stage_of_key() has nothing.
[[nodiscard]] std::string stage_line(const config::Described& key);

}  // namespace regard::experiment
