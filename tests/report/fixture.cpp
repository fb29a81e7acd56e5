#include "tests/report/fixture.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "framework/base/files.h"
#include "framework/evaluation/bleu.h"
#include "framework/experiment/results_json.h"

namespace regard::fixture {
namespace {

using experiment::Path;
using experiment::to_json;

// Not by write_file: hundreds of files a test, and nobody pulls the plug on a fixture.
void write(const Path& path, const std::string& text) {
  make_folder(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// Numerical Recipes' linear congruential generator: the same numbers everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 2654435761U + 12345) { next(); }
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return state_ >> 33U;
  }
  double uniform() { return static_cast<double>(next()) / 2147483648.0; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next()) % n; }

 private:
  std::uint64_t state_;
};

using Words = std::vector<std::string>;
using Links = std::vector<std::pair<Index, Index>>;

struct Pair {
  Words source;
  Words target;
  Links links;
};

const std::vector<std::pair<std::string, std::string>> kNouns{{"cat", "chat"},           {"dog", "chien"},
                                                              {"fish", "poisson"},       {"bird", "oiseau"},
                                                              {"gardener", "jardinier"}, {"horse", "cheval"}};
const std::vector<std::pair<std::string, std::string>> kColours{
    {"black", "noir"}, {"white", "blanc"}, {"green", "vert"}, {"blue", "bleu"}, {"grey", "gris"}};
const std::vector<std::pair<std::string, std::string>> kVerbs{
    {"sees", "voit"}, {"follows", "suit"}, {"eats", "mange"}, {"loves", "aime"}};

void add(Pair& pair, const std::pair<std::string, std::string>& word) {
  pair.links.emplace_back(pair.source.size(), pair.target.size());
  pair.source.push_back(word.first);
  pair.target.push_back(word.second);
}

// "the black cat" -> "le chat noir"
void add_noun_phrase(Pair& pair, Random& random) {
  add(pair, {"the", "le"});
  const auto& noun = kNouns[random.below(kNouns.size())];
  if (random.uniform() < 0.55) {
    const auto& colour = kColours[random.below(kColours.size())];
    const auto s = static_cast<Index>(pair.source.size());
    const auto t = static_cast<Index>(pair.target.size());
    pair.links.insert(pair.links.end(), {{s, t + 1}, {s + 1, t}});
    pair.source.insert(pair.source.end(), {colour.first, noun.first});
    pair.target.insert(pair.target.end(), {noun.second, colour.second});
  } else {
    add(pair, noun);
  }
}

Pair sentence(Random& random, std::size_t clauses, const std::string& hostile) {
  Pair pair;
  for (std::size_t c = 0; c < clauses; ++c) {
    if (c > 0) add(pair, {"and", "et"});
    add_noun_phrase(pair, random);
    add(pair, kVerbs[random.below(kVerbs.size())]);
    add_noun_phrase(pair, random);
  }
  if (!hostile.empty()) add(pair, {hostile, hostile});
  add(pair, {".", "."});
  return pair;
}

std::string joined(const Words& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

// Mistakes: a word replaced, two swapped, or the rest cut off; more of them further into the sentence.
Words translated(const Pair& pair, double rate, Random& random) {
  Words words = pair.target;
  for (std::size_t t = 0; t + 1 < words.size(); ++t) {
    if (random.uniform() >= rate * (0.4 + 0.12 * static_cast<double>(t))) continue;
    const double kind = random.uniform();
    if (kind < 0.6) {
      words[t] = kNouns[random.below(kNouns.size())].second;
    } else if (kind < 0.9) {
      std::swap(words[t], words[t + 1]);
    } else {
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(t));
    }
  }
  return words;
}

experiment::AttentionExample looked(Index index, const Pair& pair, const Words& output, double sharpness,
                                    Random& random) {
  experiment::AttentionExample example{index, pair.source, output, {}};
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
    std::vector<float> row;
    for (const double e : energy) row.push_back(static_cast<float>(e / sum));
    example.weights.push_back(std::move(row));
  }
  return example;
}

std::map<std::string, experiment::BleuScore> scored(const evaluation::Lines& hypotheses,
                                                    const evaluation::Lines& references) {
  std::map<std::string, experiment::BleuScore> scores;
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

void write_data(const experiment::RunFolder& folder, const Options& options, const std::vector<Test>& tests) {
  experiment::DataFacts facts;
  facts.corpus = options.corpus;
  facts.description = "English to French, made by a grammar of this program" + options.hostile + ".";
  facts.synthetic = true;
  facts.source_language = "en";
  facts.target_language = "fr";
  facts.train = {5000, 51234, 52345};
  facts.valid = {500, 5123, 5234};
  facts.source_vocabulary = 180;
  facts.target_vocabulary = 203;
  facts.hashes["train.source"] = std::string(64, 'a');
  for (const Test& test : tests) {
    experiment::SplitFacts& split = facts.tests[test.name];
    evaluation::Lines source, target, links;
    for (const Pair& pair : test.pairs) {
      source.push_back(joined(pair.source));
      target.push_back(joined(pair.target));
      std::string line;
      for (const auto& [s, t] : pair.links) line += fmt::format("{}{}-{}", line.empty() ? "" : " ", s, t);
      links.push_back(line);
      ++split.sentences;
      split.source_tokens += static_cast<Index>(pair.source.size());
      split.target_tokens += static_cast<Index>(pair.target.size());
    }
    write(folder.test_source(test.name), lines_of(source));
    write(folder.test_target(test.name), lines_of(target));
    write(folder.test_source_tokens(test.name), lines_of(source));
    write(folder.test_target_tokens(test.name), lines_of(target));
    if (options.alignments) write(folder.test_alignment(test.name), lines_of(links));
  }
  std::string vocabulary = "<pad>\n<unk>\n<s>\n</s>\nle\n.\net\n";
  for (const auto& words : {kNouns, kVerbs, kColours}) {
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
  text += "seeds: [";
  for (std::size_t i = 0; i < options.seeds.size(); ++i)
    text += fmt::format("{}{}", i > 0 ? ", " : "", options.seeds[i]);
  std::string baseline;
  for (const char c : options.systems.front()) baseline += c == '\'' ? "''" : std::string(1, c);
  return text +
         fmt::format("]\ntraining:\n  epochs: 12\ndecoding:\n  beam: 5\nreport:\n  baseline: '{}'\n", baseline);
}

void write_run(const experiment::RunPaths& paths, const Options& options, const std::vector<Test>& tests,
               std::size_t system, Index seed) {
  Random random(97 * (system + 1) + static_cast<std::uint64_t>(seed));
  const double skill = system == 0 ? 0.55 : system == 1 ? 0.09 : system == 2 ? 0.05 : 0.06;
  const double rate = skill * (0.9 + 0.2 * random.uniform());
  experiment::Scores scores;
  experiment::Manifest manifest;
  for (const Test& test : tests) {
    evaluation::Lines beam, greedy, references, tokens;
    std::string attention, forced, links;
    for (const Pair& pair : test.pairs) {
      const Words words = translated(pair, rate, random);
      beam.push_back(joined(words));
      tokens.push_back(beam.back());
      greedy.push_back(joined(translated(pair, rate * 1.1, random)));
      references.push_back(joined(pair.target));
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
    experiment::TestScores& out = scores.tests[test.name];
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
        std::max(0.0, scores.tests.at("test").bleu.at("13a").score * progress - 2 * random.uniform());
    history += to_json(experiment::HistoryEntry{epoch, epoch * 102, epoch * 52345, 0.002, loss * 1.02, 1.2, loss,
                                                std::exp(loss), bleu, epoch > 1});
    timing += to_json(
        experiment::TimingEntry{epoch, epoch * 102, seconds, 24000 - 1500.0 * static_cast<double>(system), 0.4});
  }
  write(paths.history(), history);
  write(paths.timing(), timing);

  manifest.regard = "0.1.0";
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
  experiment::Status status{true, "", 1224, 12, 12, 1224, "epochs"};
  write(paths.status(), to_json(status));
}

}  // namespace

void write_run_folder(const Path& path, const Options& options) {
  const experiment::RunFolder folder{path};
  Random random(7);
  std::vector<Test> tests{{"test", {}}};
  for (Index i = 0; i < options.sentences; ++i) {
    tests[0].pairs.push_back(sentence(random, 1 + random.below(3), options.hostile));
  }
  if (options.long_test) {
    tests.push_back({"test_long", {}});
    for (Index i = 0; i < options.sentences / 2; ++i) {
      tests[1].pairs.push_back(sentence(random, 4 + random.below(3), options.hostile));
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

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "regard-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace regard::fixture
