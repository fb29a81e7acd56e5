#include "tests/report/fixture.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "framework/base/files.h"
#include "framework/evaluation/bleu.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture_corpus.h"

namespace regard::fixture {
namespace {

using regard::Path;
using runs::to_json;

// Does not use write_file, which syncs: a test writes hundreds of files.
void write(const Path& path, const std::string& text) {
  make_folder(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

runs::AttentionExample looked(Index index, const Pair& pair, const Words& output, double sharpness,
                              Random& random) {
  runs::AttentionExample example{index, pair.source, output, {}};
  example.source.push_back("</s>");
  example.target.push_back("</s>");
  const std::size_t last = example.source.size() - 1;
  for (std::size_t t = 0; t < example.target.size(); ++t) {
    std::vector<double> energy(example.source.size(), 0.0);
    for (double& e : energy) e = random.uniform();
    for (const auto& [s, j] : pair.links) {
      if (j == static_cast<Index>(t)) energy[static_cast<std::size_t>(s)] += sharpness;
    }
    if (t + 1 == example.target.size()) energy[last] += sharpness;
    double sum = 0;
    for (double& e : energy) sum += e = std::exp(e);
    for (double& e : energy) e /= sum;
    example.weights.add_row(std::span<const double>(energy));
  }
  return example;
}

std::map<std::string, runs::BleuScore> scored(const evaluation::Lines& hypotheses,
                                              const evaluation::Lines& references) {
  std::map<std::string, runs::BleuScore> scores;
  for (const evaluation::Tokenizer tokenizer : {evaluation::Tokenizer::a13, evaluation::Tokenizer::none}) {
    evaluation::BleuOptions options;
    options.tokenizer = tokenizer;
    const evaluation::BleuScore bleu = corpus_bleu(hypotheses, {references}, options);
    scores[std::string(name_of(tokenizer))] = {bleu.score,   bleu.precisions,
                                               bleu.bp,      bleu.hyp_len,
                                               bleu.ref_len, evaluation::Bleu(options).signature(1).text()};
  }
  return scores;
}

std::string lines_of(const evaluation::Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

struct Test {
  std::string name;
  std::vector<Pair> pairs;
};

void write_data(const runs::RunFolder& folder, const Options& options, const std::vector<Test>& tests) {
  runs::DataFacts facts;
  facts.corpus = options.corpus;
  facts.description = "English to French, made by a grammar of this program" + options.hostile + ".";
  facts.synthetic = true;
  const Lexicon& lexicon = lexicon_of(options.script);
  facts.source_language = lexicon.source_language;
  facts.target_language = lexicon.target_language;
  facts.train = {5000, 51234, 52345};
  facts.valid = {500, 5123, 5234};
  facts.source_vocabulary = 180;
  facts.target_vocabulary = 203;
  facts.hashes["train.source"] = std::string(64, 'a');
  for (const Test& test : tests) {
    runs::SplitFacts& split = facts.tests[test.name];
    evaluation::Lines source, target, source_tokens, target_tokens, links;
    for (const Pair& pair : test.pairs) {
      source.push_back(joined(pair.source, lexicon.between_source));
      target.push_back(joined(pair.target, lexicon.between_target));
      source_tokens.push_back(joined(pair.source));
      target_tokens.push_back(joined(pair.target));
      std::string line;
      for (const auto& [s, t] : pair.links) line += fmt::format("{}{}-{}", line.empty() ? "" : " ", s, t);
      links.push_back(line);
      ++split.sentences;
      split.source_tokens += static_cast<Index>(pair.source.size());
      split.target_tokens += static_cast<Index>(pair.target.size());
    }
    write(folder.test_source(test.name), lines_of(source));
    write(folder.test_target(test.name), lines_of(target));
    write(folder.test_source_tokens(test.name), lines_of(source_tokens));
    write(folder.test_target_tokens(test.name), lines_of(target_tokens));
    if (options.alignments) write(folder.test_alignment(test.name), lines_of(links));
  }
  std::string vocabulary = fmt::format("<pad>\n<unk>\n<s>\n</s>\n{}\n{}\n{}\n", lexicon.the.second,
                                       lexicon.end.second, lexicon.also.second);
  for (const auto& words : {lexicon.nouns, lexicon.verbs, lexicon.colours}) {
    for (const auto& [source, target] : words) vocabulary += target + "\n";
  }
  write(folder.target_vocabulary(), vocabulary);
  write(folder.data_facts(), to_json(facts));
}

std::string plan(const Options& options) {
  std::string text = fmt::format(
      "name: {}\ndata:\n  corpus: {}\nmodel:\n  cell: lstm\n  embedding: 64\n  hidden: 128\n"
      "systems:\n",
      options.plan_name, options.corpus);
  for (const std::string& system : options.systems) {
    const std::string attention = system == options.systems.front() ? "none"
                                  : system == "concat"              ? "{type: concat, hidden: 128}"
                                  : system == "dot"                 ? "dot"
                                                                    : "general";
    std::string quoted;
    for (const char c : system) quoted += c == '\'' ? "''" : std::string(1, c);
    text += fmt::format("  '{}': {{model.attention: {}}}\n", quoted, attention);
  }
  const bool claims = options.claimed_first > 0;
  if (claims)
    text += fmt::format("seeds: {{first: {}, most: {}, until: decided}}\n", options.claimed_first,
                        options.seeds.size());
  text += claims ? "" : "seeds: [";
  for (std::size_t i = 0; !claims && i < options.seeds.size(); ++i)
    text += fmt::format("{}{}", i > 0 ? ", " : "", options.seeds[i]);
  text += claims ? "" : "]\n";
  std::string baseline;
  for (const char c : options.systems.front()) baseline += c == '\'' ? "''" : std::string(1, c);
  const std::string metrics = options.metrics.empty() ? "" : fmt::format("  metrics: {}\n", options.metrics);
  return text + fmt::format("training:\n  epochs: 12\ndecoding:\n  beam: 5\nreport:\n  baseline: '{}'\n{}{}",
                            baseline, metrics, claims ? "  claim: {metric: bleu, test: test, effect: 2.0}\n" : "");
}

void write_run(const runs::RunPaths& paths, const Options& options, const std::vector<Test>& tests,
               std::size_t system, Index seed) {
  const Lexicon& lexicon = lexicon_of(options.script);
  Random random(97 * (system + 1) + static_cast<std::uint64_t>(seed));
  const double skill = system == 0   ? 0.55
                       : system == 1 ? 0.09
                       : system == 2 ? 0.05
                                     : 0.03 + 0.01 * static_cast<double>(system);
  const double rate = skill * (0.9 + 0.2 * random.uniform());
  runs::Scores scores;
  runs::Manifest manifest;
  for (const Test& test : tests) {
    evaluation::Lines beam, greedy, references, tokens;
    std::string attention, forced, links;
    for (const Pair& pair : test.pairs) {
      const Words words = translated(lexicon, pair, rate, random);
      beam.push_back(joined(words, lexicon.between_target));
      tokens.push_back(joined(words));
      greedy.push_back(joined(translated(lexicon, pair, rate * 1.1, random), lexicon.between_target));
      references.push_back(joined(pair.target, lexicon.between_target));
      const auto index = static_cast<Index>(beam.size()) - 1;
      if (system > 0 && index < options.attention_sentences) {
        attention += to_json(looked(index, pair, words, system == 1 ? 3.5 : 5.5, random));
        forced += to_json(looked(index, pair, pair.target, system == 1 ? 3.5 : 5.5, random));
      }
      for (const auto& [s, t] : pair.links) {
        const Index wrong = random.uniform() < rate ? 1 : 0;
        links += fmt::format("{}-{} ", std::max<Index>(0, s - wrong), t);
      }
      links += '\n';
    }
    runs::TestScores& out = scores.tests[test.name];
    out = {scored(beam, references), scored(greedy, references), 0.1 + 2 * rate, std::exp(0.1 + 2 * rate),
           static_cast<Index>(test.pairs.size())};
    write(paths.hypotheses(test.name), lines_of(beam));
    write(paths.greedy_hypotheses(test.name), lines_of(greedy));
    write(paths.hypothesis_tokens(test.name), lines_of(tokens));
    if (!attention.empty()) {
      write(paths.attention(test.name), attention);
      write(paths.forced_attention(test.name), forced);
      if (options.alignments) write(paths.forced_links(test.name), links);
    }
    manifest.decoded[test.name] = 1;
  }
  write(paths.scores(), to_json(scores));

  std::string history, timing;
  double seconds = 0;
  for (Index epoch = 1; epoch <= 12; ++epoch) {
    const double progress = 1 - std::exp(-0.35 * static_cast<double>(epoch) * (system == 0 ? 0.6 : 1.0));
    const double loss = 4.5 * (1 - progress) + 0.1 + 2 * rate;
    seconds += 2.1 + 0.3 * static_cast<double>(system) + 0.1 * random.uniform();
    const double bleu =
        std::max(0.0, scores.tests.at(options.test_name).bleu.at("13a").score * progress - 2 * random.uniform());
    history += to_json(HistoryEntry{epoch, epoch * 102, epoch * 52345, 0.002, loss * 1.02, 1.2, loss,
                                    std::exp(loss), bleu, epoch > 1});
    timing += to_json(TimingEntry{epoch, epoch * 102, seconds, 24000 - 1500.0 * static_cast<double>(system), 0.4});
  }
  write(paths.history(), history);
  write(paths.timing(), timing);

  manifest.regard = "0.2.0";
  manifest.commit = std::string(40, 'c');
  manifest.tree_clean = true;
  manifest.compiler = "GNU 12.2.0";
  manifest.flags = "-O3";
  manifest.cpu = "Example CPU at 2.0 GHz";
  manifest.instruction_set = "avx2";
  manifest.backend = "eigen";
  manifest.precision = "float32";
  manifest.threads = 2;
  manifest.libraries["eigen"] = "3.4.0";
  manifest.parameters = 312'457 + 16'384 * static_cast<Index>(system);
  manifest.parameters_by_part = {{"encoder", 131'584}, {"decoder", 132'096}, {"embedding", 24'512}};
  manifest.started = "2026-01-02T03:04:05Z";
  manifest.finished = "2026-01-02T03:05:00Z";
  manifest.training_seconds = seconds;
  manifest.decoding_seconds = 1.5 + static_cast<double>(system);
  manifest.target_tokens_per_second = 24000 - 1500.0 * static_cast<double>(system);
  manifest.flops_per_token = 1.1e6 + 2e4 * static_cast<double>(system);
  manifest.peak_memory_bytes = (180 + 10 * static_cast<Index>(system)) << 20;
  write(paths.manifest(), to_json(manifest));
  runs::Status status{true, "", 1224, 12, 12, 1224, "epochs"};
  write(paths.status(), to_json(status));
}

}  // namespace

void write_run_folder(const Path& path, const Options& options) {
  const runs::RunFolder folder{path};
  Random random(7);
  std::vector<Test> tests{{options.test_name, {}}};
  for (Index i = 0; i < options.sentences; ++i) {
    tests[0].pairs.push_back(sentence(lexicon_of(options.script), random, 1 + random.below(3), options.hostile));
  }
  if (options.long_test) {
    tests.push_back({"test_long", {}});
    const auto count = static_cast<Index>(options.long_share * static_cast<double>(options.sentences));
    for (Index i = 0; i < count; ++i) {
      tests[1].pairs.push_back(sentence(lexicon_of(options.script), random, 4 + random.below(3), options.hostile));
    }
  }
  write_data(folder, options, tests);
  write(folder.plan(), plan(options));
  write(folder.resolved_plan(), plan(options));
  for (std::size_t s = 0; s < options.systems.size(); ++s) {
    for (const Index seed : options.seeds)
      write_run(folder.run(options.systems[s], seed), options, tests, s, seed);
  }
}

TranslatedFolder::TranslatedFolder() {
  Options options;
  options.systems = {"vanilla", "general"};
  options.seeds = {1, 2};
  options.sentences = 20;
  write_run_folder(folder.folder, options);
  write_file(file, read_file(folder.test_target("test")));
}

}  // namespace regard::fixture
