#include "framework/experiment/data/cache_key.h"

#include <fmt/format.h>

#include "framework/base/sha256.h"
#include "framework/config/write.h"
#include "framework/experiment/plan/input_files.h"

namespace regard::experiment {
namespace {

config::Node options_of_training_text(const data::DataOptions& options) {
  config::Node node = config::to_node(data::data_rows(), options);
  const config::Node files = *node.get("files");
  node.put("files", config::make_plain(fmt::format("{}", options.files.train.size())));
  if (!options.files.line.empty()) node.put("line", *files.get("line"));
  if (!options.files.hold_out.empty()) node.put("hold_out", *files.get("hold_out"));
  node.get("join")->erase("test");
  return node;
}

// A line for each file that the options of a section name: its key and the hash of its bytes. A file that is gone
// has none.
std::string hashes_of_files(const config::Tagged& section) {
  std::string lines;
  for (const auto& [key, hash] : ContentHashes().of(files_in(config::Value{section}, section.name)))
    lines += fmt::format("{} {}\n", key, hash);
  return lines;
}

}  // namespace

std::string prepared_options(const data::DataOptions& options) {
  return config::to_yaml(options_of_training_text(options)) + hashes_of_files(options.corpus) +
         hashes_of_files(options.tokenizer);
}

std::string tokenizer_options(const data::DataOptions& options) {
  const config::Node all = options_of_training_text(options);
  config::Node read = config::make_map();
  for (const char* key : {"text", "join", "tokenizer"}) read.put(key, *all.get(key));
  return config::to_yaml(read) + hashes_of_files(options.tokenizer);
}

std::string prepared_key(const data::DataOptions& options) { return sha256(prepared_options(options)); }

std::string tokenizer_key(const data::DataOptions& options, const std::string& text_hash) {
  return sha256(tokenizer_options(options) + '\0' + text_hash);
}

}  // namespace regard::experiment
