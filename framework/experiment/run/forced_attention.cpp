#include "framework/experiment/run/forced_attention.h"

#include <fmt/format.h>

#include "framework/base/files.h"
#include "framework/decoding/search.h"
#include "framework/inference/word_alignment.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

constexpr Index kBatchSentences = 64;

std::vector<std::string> with_end(std::vector<std::string> tokens) {
  tokens.emplace_back("</s>");
  return tokens;
}

}  // namespace

void write_forced_attention(const models::Seq2Seq& model, const Corpora& corpora, std::size_t test, Index kept,
                            const runs::RunPaths& paths) {
  if (!model.decoder().has_attention()) return;
  const std::string& name = corpora.prepared.tests[test].name;
  const data::Dataset& dataset = corpora.prepared.tests[test].dataset;
  const data::Corpus& corpus = corpora.splits.tests[test].corpus;
  std::vector<std::string> examples(static_cast<std::size_t>(std::min(kept, dataset.size())));
  std::vector<std::string> links(corpus.gold.empty() ? 0 : static_cast<std::size_t>(dataset.size()));
  const auto take = [&](const decoding::ForcedWeights& forced) {
    const auto at = static_cast<std::size_t>(forced.sentence);
    const evaluation::WeightMatrix weights{forced.targets, forced.sources, forced.values};
    if (at < examples.size()) {
      runs::AttentionExample example{
          forced.sentence,
          with_end(data::tokens_of(corpora.prepared.source, dataset.source[forced.sentence])),
          with_end(data::tokens_of(corpora.prepared.target, dataset.target[forced.sentence])),
          {}};
      const auto rows_of = [&](const std::vector<double>& values) {
        std::vector<std::vector<float>> rows;
        for (Index t = 0; t < forced.targets; ++t) {
          const auto row = values.begin() + t * forced.sources;
          rows.emplace_back(row, row + forced.sources);
        }
        return rows;
      };
      example.weights = rows_of(forced.values);
      for (const std::vector<double>& map : forced.maps) example.maps.push_back(rows_of(map));
      examples[at] = to_json(example);
    }
    if (links.empty()) return;
    const auto tokenised = [](const data::Tokenizer& tokenizer, const std::string& line) {
      return inference::Tokenised{line, tokenizer.encode(line)};
    };
    const auto words =
        inference::word_weights(weights, tokenised(*corpora.prepared.source_tokenizer, corpus.source[at]),
                                tokenised(*corpora.prepared.target_tokenizer, corpus.target[at]));
    if (words) links[at] = inference::hard_pharaoh(*words);
  };
  decoding::forced_weights(model, dataset, kBatchSentences, take, true);
  make_folder(paths.forced_links(name).parent_path());
  if (!examples.empty()) write_file(paths.forced_attention(name), fmt::format("{}", fmt::join(examples, "")));
  if (!links.empty()) write_file(paths.forced_links(name), fmt::format("{}\n", fmt::join(links, "\n")));
}

}  // namespace regard::experiment
