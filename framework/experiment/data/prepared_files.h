#pragma once
// data/prepared/: the training text as numbers, made once for all runs of a plan, and used again while text and
// options are the same.
#include <map>
#include <optional>
#include <string>

#include "framework/data/prepare.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// prepared.json: the sources of the files, and facts that the files do not contain.
struct PreparedFacts {
  std::string options;    // prepared_key() of the plan's options (cache_key.h)
  std::string tokenizer;  // tokenizer_key() of them
  std::string text;       // sha256 of the training files' bytes, or of the text that a built-in corpus makes
  std::string source_hash, target_hash;  // of the text in use: data::Prepared
  Index too_long = 0, source_unknown = 0, target_unknown = 0;
  std::map<std::string, std::string> hashes;    // of vocabularies and models in data/
  std::map<std::string, Index> sizes;           // of the other files in data/prepared/
  std::map<std::string, std::string> contents;  // their sha256
};

// How much is asked of the files: what they hold, once a start of `regard run`; or that they are as long as they
// were, of which a run's process makes sure that they are the ones that were looked at.
enum class Check : std::uint8_t { contents, sizes };

// Nothing where the files were not finished, are damaged or were made by another regard.
[[nodiscard]] std::optional<PreparedFacts> prepared_facts(const runs::RunFolder& folder, Check check);

// Return whether vocabularies and tokenisers' models in data/, or only the models, are those that the facts name.
[[nodiscard]] bool vocabularies_match(const runs::RunFolder& folder, const PreparedFacts& facts);
[[nodiscard]] std::optional<data::Learned> matching_models(const runs::RunFolder& folder,
                                                           const PreparedFacts& facts);

// Writes prepared.json, after the files: without it the files do not count.
void write_prepared_facts(const runs::RunFolder& folder, PreparedFacts facts);
void forget_prepared(const runs::RunFolder& folder);

}  // namespace regard::experiment
