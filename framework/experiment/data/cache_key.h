#pragma once
// The keys of the cache in data/prepared/: they decide whether prepared text and learned tokenisers are used
// again. Each hashes canonical YAML: every option by its name, with its default, in the order of the option rows.
// So neither the numbers of an enum nor the form in which a plan writes a value change a key. A file that an
// option names enters with its path and the sha256 of its bytes.
#include <string>

#include "framework/data/options.h"

namespace regard::experiment {

// Returns as YAML the options that decide how the training text is prepared: all of `data:` except the keys of test
// sets and the files' names. The number of files counts, because a third file is an alignment.
[[nodiscard]] std::string prepared_options(const data::DataOptions& options);

// Returns as YAML the options that decide what the tokenisers learn: `text`, `join.train` and `tokenizer`.
[[nodiscard]] std::string tokenizer_options(const data::DataOptions& options);

// The keys: sha256 in hexadecimal digits. `text_hash` is the hash of the training text.
[[nodiscard]] std::string prepared_key(const data::DataOptions& options);
[[nodiscard]] std::string tokenizer_key(const data::DataOptions& options, const std::string& text_hash);

}  // namespace regard::experiment
