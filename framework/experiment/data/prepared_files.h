#pragma once
// data/prepared/: the training text as token ids, made once for all runs of a plan and reused as long as text and
// options stay the same.
#include <map>
#include <optional>
#include <string>

#include "framework/data/prepare.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// prepared.json: the sources of the files, and facts that the files do not contain.
struct PreparedFacts {
  std::string options;    // sha256 of the plan's options for the training text
  std::string tokenizer;  // sha256 of the tokenisers' options and the training text
  std::string text;       // sha256 of the training files' bytes, or of the text that a built-in corpus makes
  std::string source_hash, target_hash;  // of the prepared text: data::Prepared
  Index too_long = 0, source_unknown = 0, target_unknown = 0;
  std::map<std::string, std::string> hashes;    // sha256 of vocabularies and models in data/
  std::map<std::string, Index> sizes;           // in bytes, of the other files in data/prepared/
  std::map<std::string, std::string> contents;  // sha256 of these files
};

// How the files are checked: `contents` compares their sha256 (once at the start of `regard run`); `sizes` only
// compares their sizes (in each run's process, to see that they are still the files that were checked).
enum class Check : std::uint8_t { contents, sizes };

// Returns the facts; nothing if the files are incomplete or damaged, or have another format.
[[nodiscard]] std::optional<PreparedFacts> prepared_facts(const runs::RunFolder& folder, Check check);

// Returns whether the vocabularies in data/ have the hashes that the facts name.
[[nodiscard]] bool vocabularies_stand(const runs::RunFolder& folder, const PreparedFacts& facts);
// Returns the tokenisers' models in data/ if they have the hashes that the facts name, else nothing.
[[nodiscard]] std::optional<data::Learned> models_that_stand(const runs::RunFolder& folder,
                                                             const PreparedFacts& facts);

// Writes prepared.json. Call it after the files are written: without prepared.json they are not used.
void write_prepared_facts(const runs::RunFolder& folder, PreparedFacts facts);
void forget_prepared(const runs::RunFolder& folder);

}  // namespace regard::experiment
