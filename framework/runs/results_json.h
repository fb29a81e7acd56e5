#pragma once
// The JSON of a run folder, both ways, in one place. UTF-8, keys sorted, numbers printed to round-trip; a number
// that is not finite is the text "NaN", "Infinity" or "-Infinity" (JSON has no other way to say it, and null would
// lose which). A file is indented and ends with a newline; an entry of a .jsonl is one line with its newline.
#include <string>
#include <string_view>

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

// Reads what to_json wrote. `where` is the file, or file:line, and begins every error:
// FolderError "runs/a/scores.json: tests.test.bleu.13a.score: expected a number, got "x"". Unknown keys are passed
// over, so that an older regard reads a newer folder.
template <class T>
[[nodiscard]] T from_json(std::string_view text, const std::string& where);
template <>
DataFacts from_json<DataFacts>(std::string_view text, const std::string& where);
template <>
Manifest from_json<Manifest>(std::string_view text, const std::string& where);
template <>
Scores from_json<Scores>(std::string_view text, const std::string& where);
template <>
Status from_json<Status>(std::string_view text, const std::string& where);
template <>
Tuning from_json<Tuning>(std::string_view text, const std::string& where);
template <>
PlanProgress from_json<PlanProgress>(std::string_view text, const std::string& where);
template <>
HistoryEntry from_json<HistoryEntry>(std::string_view text, const std::string& where);
template <>
TimingEntry from_json<TimingEntry>(std::string_view text, const std::string& where);
template <>
AttentionExample from_json<AttentionExample>(std::string_view text, const std::string& where);

}  // namespace regard::runs
