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
  const auto receive = [&](Index sentence, const WeightMatrix& weights, std::vector<WeightMatrix> maps) {
    const auto at = static_cast<std::size_t>(sentence);
    if (at < examples.size()) {
      examples[at] = to_json(runs::AttentionExample{
          sentence, with_end(data::tokens_of(corpora.prepared.source, dataset.source[sentence])),
          with_end(data::tokens_of(corpora.prepared.target, dataset.target[sentence])), weights, std::move(maps)});
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
  decoding::forced_weights(model, dataset, kBatchSentences, receive, true);
  make_folder(paths.forced_links(name).parent_path());
  if (!examples.empty()) write_file(paths.forced_attention(name), fmt::format("{}", fmt::join(examples, "")));
  if (!links.empty()) write_file(paths.forced_links(name), fmt::format("{}\n", fmt::join(links, "\n")));
}

}  // namespace regard::experiment
