#pragma once
// Reads and writes the JSON of a run folder. UTF-8, keys sorted; numbers are printed so that they read back unchanged.
// A number that is not finite is the text "NaN", "Infinity" or "-Infinity", because JSON has no such numbers and null
// would not distinguish them. A file is indented and ends with a newline; an entry of a .jsonl is one line.
#include <optional>
#include <string>
#include <string_view>

#include "framework/base/files.h"
#include "framework/runs/progress.h"
#include "framework/runs/results.h"

namespace regard::runs {

[[nodiscard]] std::string to_json(const DataFacts& facts);
[[nodiscard]] std::string to_json(const Manifest& manifest);
[[nodiscard]] std::string to_json(const Scores& scores);
[[nodiscard]] std::string to_json(const Status& status);
[[nodiscard]] std::string to_json(const Tuning& tuning);
[[nodiscard]] std::string to_json(const RunFacts& facts);
[[nodiscard]] std::string to_json(const Decisions& decisions);
[[nodiscard]] std::string to_json(const Registration& line);  // one line
[[nodiscard]] std::string to_json(const Interventions& interventions);
[[nodiscard]] std::string to_json(const HistoryEntry& entry);      // one line
[[nodiscard]] std::string to_json(const TimingEntry& entry);       // one line
[[nodiscard]] std::string to_json(const AttentionExample& entry);  // one line

// Reads the text of to_json. `where` is the file, or file:line, and starts every error: FolderError
// "runs/a/scores.json: tests.test.bleu.13a.score: expected a number, got "x"". Ignores unknown keys, so that an older
// version can read a newer folder.
template <class T>
[[nodiscard]] T from_json(std::string_view text, const std::string& where);

// Reads a file; returns nothing if it does not exist. DataError if it exists and cannot be read.
template <class T>
[[nodiscard]] std::optional<T> read_if_exists(const Path& file) {
  const auto text = regard::read_if_exists(file);
  if (!text) return std::nullopt;
  return from_json<T>(*text, file.string());
}

}  // namespace regard::runs
