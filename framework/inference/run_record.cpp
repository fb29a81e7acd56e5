#include "framework/inference/run_record.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/config/section.h"
#include "framework/config/yaml.h"

namespace regard::inference {
namespace {

using config::Node;

Node read_tree(const runs::RunPaths& run) {
  const Path file = run.identity();
  std::string reason;
  const auto text = try_read_file(file, reason);
  if (!text) throw FolderError(fmt::format("{}: cannot be read: {}", file.string(), reason));
  Node tree = config::parse_yaml(*text, file.string());
  const Node* format = tree.get("format");
  if (format != nullptr && format->scalar != runs::kFormat) {
    throw ConfigError(
        fmt::format("{}: format {}, but this version reads {}", file.string(), format->scalar, runs::kFormat));
  }
  return tree;
}

// Returns the section of that name. Its callers remove the keys of files that only training read, because these files
// may no longer exist.
Node section(const Node& tree, const std::string& name) {
  const Node* found = tree.get(name);
  return found == nullptr ? config::make_map() : *found;
}

data::DataOptions read_data(const Node& tree) {
  Node data = section(tree, "data");
  std::erase_if(data.entries, [](const Node::Entry& entry) {
    return entry.key != "text" && entry.key != "tokenizer" && entry.key != "max_line_words";
  });
  if (Node* tokenizer = data.get("tokenizer")) {  // its models are in the folder's data/
    tokenizer->erase("source_model");
    tokenizer->erase("target_model");
  }
  return config::parse(config::Section(data, "data"), data::data_rows());
}

models::ModelOptions read_model(const Node& tree) {
  Node model = section(tree, "model");
  for (const char* side : {"encoder", "decoder"}) {
    if (Node* part = model.get(side)) part->erase("embeddings");
  }
  return config::parse(config::Section(model, "model"), models::model_rows());
}

decoding::SearchOptions read_decoding(const Node& tree, const runs::RunPaths& run) {
  Node decoding = section(tree, "decoding");
  const bool has_copy = std::filesystem::exists(run.dictionary());
  if (has_copy) decoding.erase("dictionary");
  auto options = config::parse(config::Section(decoding, "decoding"), decoding::search_rows());
  if (has_copy) options.dictionary = run.dictionary().string();
  return options;
}

std::map<std::string, std::string> read_plugins(const Node& tree) {
  std::map<std::string, std::string> plugins;
  if (const Node* named = tree.get("plugins")) {
    for (const Node::Entry& entry : named->entries) plugins[entry.key] = entry.value.scalar;
  }
  return plugins;
}

}  // namespace

std::vector<Path> plugin_copies(const runs::RunPaths& run) {
  const runs::RunFolder runs{run.folder.parent_path().parent_path()};
  std::vector<Path> files;
  for (const auto& [name, sha256] : read_plugins(read_tree(run))) files.push_back(runs.plugin(name, sha256));
  return files;
}

RunRecord read_record(const runs::RunPaths& run) {
  const Node tree = read_tree(run);
  return {.data = read_data(tree),
          .model = read_model(tree),
          .decoding = read_decoding(tree, run),
          .plugins = read_plugins(tree)};
}

}  // namespace regard::inference
