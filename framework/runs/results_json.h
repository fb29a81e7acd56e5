#pragma once
// The JSON of a run folder, both ways, in one place. UTF-8, keys sorted, numbers printed to round-trip; a number
// that is not finite is the text "NaN", "Infinity" or "-Infinity" (JSON has no other way to say it, and null would
// lose which). A file is indented and ends with a newline; an entry of a .jsonl is one line with its newline.
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
[[nodiscard]] std::string to_json(const HistoryEntry& entry);      // one line
[[nodiscard]] std::string to_json(const TimingEntry& entry);       // one line
[[nodiscard]] std::string to_json(const AttentionExample& entry);  // one line

// Reads what to_json wrote. `where` is the file, or file:line, and begins every error: FolderError
// "runs/a/scores.json: tests.test.bleu.13a.score: expected a number, got "x"". Unknown keys are ignored, so that
// an older regard reads a newer folder.
template <class T>
[[nodiscard]] T from_json(std::string_view text, const std::string& where);

// The same of a file; nothing where it does not exist. DataError where it does and cannot be read.
template <class T>
[[nodiscard]] std::optional<T> read_if_exists(const Path& file) {
  const auto text = regard::read_if_exists(file);
  if (!text) return std::nullopt;
  return from_json<T>(*text, file.string());
}

}  // namespace regard::runs
