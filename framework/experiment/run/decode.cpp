#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "framework/base/files.h"
#include "framework/base/stage.h"
#include "framework/experiment/run/forced_attention.h"
#include "framework/experiment/run/stages.h"
#include "framework/inference/detokenizer.h"
#include "framework/runs/results_json.h"
#include "framework/training/checkpoint.h"

namespace regard::experiment {
namespace {

using Clock = std::chrono::steady_clock;

void forget_other_tests(const RunUnderWay& run, runs::Scores& scores) {
  const auto& tests = run.corpora.prepared.tests;
  const bool never = run.system.decoding.test == decoding::TestSets::never;
  const runs::RunPaths& paths = run.paths;
  std::erase_if(scores.tests, [&](const auto& entry) {
    const std::string& name = entry.first;
    const bool wanted =
        !never && std::any_of(tests.begin(), tests.end(), [&](const auto& test) { return test.name == name; });
    if (wanted) return false;
    for (const Path& file :
         {paths.hypotheses(name), paths.greedy_hypotheses(name), paths.hypothesis_tokens(name), paths.nbest(name),
          paths.attention(name), paths.forced_attention(name), paths.forced_links(name)}) {
      std::filesystem::remove(file);
    }
    return true;
  });
}

// Writes the attention of the first `report.attention_sentences` translations to attention/TEST.jsonl.
void write_attention(RunUnderWay& run, const data::NamedDataset& test, const decoding::Translations& translations,
                     const inference::Detokenizer& detokenizer) {
  if (!run.model.decoder().has_attention()) return;
  const data::Prepared& prepared = run.corpora.prepared;
  std::string text;
  const Index count = std::min(run.plan.report.attention_sentences, static_cast<Index>(translations.size()));
  std::vector<const decoding::Translation*> kept;
  for (Index i = 0; i < count; ++i) kept.push_back(&translations[static_cast<std::size_t>(i)].front());
  auto maps = decoding::maps_of(run.model, test.dataset, kept);
  for (Index i = 0; i < count; ++i) {
    const decoding::Translation& translation = translations[static_cast<std::size_t>(i)].front();
    runs::AttentionExample example;
    example.index = i;
    example.source = data::tokens_of(prepared.source, test.dataset.source[i]);
    example.source.emplace_back("</s>");
    example.target = detokenizer.tokens(translation, data::further_words(test.dataset));
    if (translation.complete) example.target.emplace_back("</s>");
    example.weights = translation.weights;
    example.maps = std::move(maps[static_cast<std::size_t>(i)]);
    text += to_json(example);
  }
  make_folder(run.paths.attention(test.name).parent_path());
  write_file(run.paths.attention(test.name), text);
}

runs::TestScores decode_test(RunUnderWay& run, std::size_t at) {
  const data::NamedDataset& test = run.corpora.prepared.tests[at];
  const data::NamedCorpus& text = run.corpora.splits.tests[at];
  const decoding::SearchOptions& options = run.system.decoding;
  const Stage decoding("decode");
  const auto start = Clock::now();
  const models::Seq2Seq* const model = &run.model;
  const decoding::Translations found = decoding::translate_all({&model, 1}, test.dataset, options);
  run.manifest.decoding_seconds += std::chrono::duration<double>(Clock::now() - start).count();
  const auto greedy = decoding::translate(run.model, test.dataset, decoding::greedy_of(options));
  const inference::Detokenizer detokenizer(run.corpora.prepared.target_tokenizer, run.corpora.prepared.target,
                                           options);
  std::vector<std::string> lines;
  std::vector<std::string> greedy_lines;
  std::vector<std::string> tokens;
  std::vector<std::string> nbest;
  const data::FurtherWords* const further = data::further_words(test.dataset);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto source = detokenizer.replaces()
                            ? run.corpora.prepared.source_tokenizer->encode(text.corpus.source[i])
                            : std::vector<std::string>();
    const auto line = [&](const auto& each) {
      return detokenizer.line(detokenizer.written(each, source, further));
    };
    lines.push_back(line(found[i].front()));
    greedy_lines.push_back(line(greedy[i]));
    tokens.push_back(fmt::format("{}", fmt::join(detokenizer.tokens(found[i].front(), further), " ")));
    for (const auto& each : found[i])
      nbest.push_back(inference::nbest_entry(static_cast<Index>(i), line(each), each.score, each.log_probability));
  }
  run.manifest.cut[test.name] =
      std::count_if(found.begin(), found.end(), [](const auto& each) { return !each.front().complete; });
  make_folder(run.paths.hypotheses(test.name).parent_path());
  write_file(run.paths.hypotheses(test.name), joined_lines(lines));
  write_file(run.paths.greedy_hypotheses(test.name), joined_lines(greedy_lines));
  write_file(run.paths.hypothesis_tokens(test.name), joined_lines(tokens));
  if (options.nbest > 1) write_file(run.paths.nbest(test.name), joined_lines(nbest));
  write_attention(run, test, found, detokenizer);
  write_forced_attention(run.model, run.corpora, at, run.plan.report.attention_sentences, run.paths);
  const decoding::Loss loss = decoding::forced_loss(run.model, test.dataset, options.batch_sentences);
  const Stage scoring("score");
  runs::TestScores scores;
  scores.bleu = runs::score_lines(lines, text.corpus.target, text.tokenized);
  scores.greedy_bleu = runs::score_lines(greedy_lines, text.corpus.target, text.tokenized);
  scores.loss = loss.per_token();
  scores.perplexity = std::exp(scores.loss);
  scores.sentences = test.dataset.size();
  return scores;
}

}  // namespace

bool decode(RunUnderWay& run, Index updates) {
  const runs::RunPaths& paths = run.paths;
  auto scores = runs::read_if_exists<runs::Scores>(paths.scores()).value_or(runs::Scores{});
  forget_other_tests(run, scores);
  const config::Path& dictionary = run.system.decoding.dictionary;
  if (dictionary.empty()) std::filesystem::remove(paths.dictionary());
  if (!dictionary.empty()) write_file(paths.dictionary(), read_file(dictionary.expanded));
  bool loaded = false;
  const bool never = run.system.decoding.test == decoding::TestSets::never;
  for (std::size_t at = 0; !never && at < run.corpora.prepared.tests.size(); ++at) {
    const std::string& name = run.corpora.prepared.tests[at].name;
    if (scores.tests.contains(name)) continue;
    if (run.hooks.stop && run.hooks.stop()) return false;
    if (!loaded) training::load_parameters(paths.best_checkpoint(), run.model.params());
    loaded = true;
    run.say("decoding " + name);
    ++run.manifest.decoded[name];
    run.write_manifest();
    scores.tests[name] = decode_test(run, at);
    write_file(paths.scores(), to_json(scores));
  }
  write_file(paths.scores(), to_json(scores));
  if (run.events) run.events->add_attention(paths, scores, updates);
  return true;
}

}  // namespace regard::experiment
