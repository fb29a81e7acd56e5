#include "framework/runs/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/nearest.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "framework/evaluation/bleu.h"
#include "framework/evaluation/tokenized_form.h"
#include "framework/runs/budget.h"
#include "framework/runs/results_json.h"
#include "framework/runs/stored_text.h"

namespace regard::runs {
namespace {

constexpr std::size_t kSpecialTokens = 4;  // <pad> <unk> <s> </s>: docs/run-folder.md

bool path_exists(const Path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

template <class T>
T read_json(const Path& path) {
  return from_json<T>(read_whole(path), path.string());
}

// Reads the complete lines. An incomplete last line, after a kill, is left out.
template <class T>
std::vector<T> read_json_lines(const Path& path) {
  std::vector<T> entries;
  for (const std::string& line : read_log(path)) {
    entries.push_back(from_json<T>(line, fmt::format("{}:{}", path.string(), entries.size() + 1)));
  }
  return entries;
}

// ---- the plan

Index whole_number(const char* key, const config::Node& node) {
  Index number = 0;
  const char* const end = node.scalar.data() + node.scalar.size();
  const auto read = std::from_chars(node.scalar.data(), end, number);
  if (read.ec == std::errc() && read.ptr == end && !node.scalar.empty()) return number;
  throw FolderError(
      fmt::format("{}: {}: expected whole numbers, got {}", node.origin.text(), key, describe(node)));
}

PlanFacts read_facts(const Path& path) {
  PlanFacts plan;
  plan.text = read_whole(path);
  const config::Node root = config::parse_yaml(plan.text, path.string());
  const auto need = [&](const char* key, config::Node::Kind kind) -> const config::Node& {
    const config::Node* found = root.get(key);
    const bool empty = found == nullptr || found->kind != kind ||
                       (kind == config::Node::Kind::map && found->entries.empty()) ||
                       (kind == config::Node::Kind::list && found->items.empty());
    if (empty) throw FolderError(fmt::format("{}: {}: is missing or empty", path.string(), key));
    return *found;
  };
  plan.name = need("name", config::Node::Kind::scalar).scalar;
  for (const config::Node::Entry& system : need("systems", config::Node::Kind::map).entries) {
    require_file_name("system", system.key);
    SystemFacts facts{system.key, {}, false};
    for (const config::Node::Entry& change : system.value.entries) {
      facts.differences.emplace_back(change.key, config::on_one_line(change.value));
    }
    plan.systems.push_back(std::move(facts));
  }
  read_claim(root, plan);
  if (plan.seeds.empty()) {
    for (const config::Node& seed : need("seeds", config::Node::Kind::list).items)
      plan.seeds.push_back(whole_number("seeds", seed));
    plan.all_seeds = plan.seeds;
    plan.first_seeds = static_cast<Index>(plan.seeds.size());
  }
  if (const config::Node* bounds = root.find("report.length_buckets")) {
    for (const config::Node& bound : bounds->items)
      plan.length_buckets.push_back(static_cast<double>(whole_number("report.length_buckets", bound)));
  }
  if (const config::Node* metrics = root.find("report.metrics")) {
    plan.metrics.clear();
    for (const config::Node& name : metrics->items) {
      const auto metric = report_metric_named(name.scalar);
      if (!metric)
        throw FolderError(fmt::format("{}: report.metrics: unknown metric '{}'", name.origin.text(), name.scalar));
      plan.metrics.push_back(*metric);
    }
  }
  const config::Node* baseline = root.find("report.baseline");
  plan.baseline = baseline != nullptr ? baseline->scalar : "";
  const auto is_baseline = [&](const SystemFacts& system) { return system.name == plan.baseline; };
  if (std::none_of(plan.systems.begin(), plan.systems.end(), is_baseline))
    plan.baseline = plan.systems.front().name;
  const config::Node* decodes = root.find("decoding.test");
  plan.decodes_tests = decodes == nullptr || decodes->scalar != "never";
  if (const config::Node* budget = root.get("budget")) {
    plan.budget_summary =
        budget_summary(config::parse(config::Section(*budget, "budget"), budget_rows()), plan.baseline);
  }
  return plan;
}

}  // namespace

Budget budget_of(const PlanFacts& plan) {
  const config::Node root = config::parse_yaml(plan.text, "plan.resolved.yaml");
  const config::Node* budget = root.get("budget");
  return budget == nullptr ? Budget{} : config::parse(config::Section(*budget, "budget"), budget_rows());
}

namespace {

// ---- the test sets

void require_lines(const Path& path, std::size_t given, std::size_t expected, std::string_view of_what) {
  if (given == expected) return;
  throw FolderError(
      fmt::format("{}: is damaged: {} lines for the {} sentences of {}", path.string(), given, expected, of_what));
}

TestSet read_test(const RunFolder& folder, const std::string& name, const SplitFacts& facts) {
  require_file_name("test set", name);
  TestSet test{name, read_lines(folder.test_source(name)), read_lines(folder.test_target(name)), {}, {}, {}, {}};
  const auto sentences = static_cast<std::size_t>(facts.sentences);
  require_lines(folder.test_source(name), test.source.size(), sentences, "data/data.json");
  require_lines(folder.test_target(name), test.target.size(), sentences, "data/data.json");
  for (const auto& [path, lines] : {std::pair{folder.test_source_tokens(name), &test.source_tokens},
                                    std::pair{folder.test_target_tokens(name), &test.target_tokens}}) {
    *lines = read_lines(path);
    require_lines(path, lines->size(), sentences, "data/data.json");
  }
  if (path_exists(folder.test_tokenized(name))) {
    test.tokenized = read_lines(folder.test_tokenized(name));
    require_lines(folder.test_tokenized(name), test.tokenized.size(), sentences, "data/data.json");
  }
  if (path_exists(folder.test_alignment(name))) {
    const std::vector<std::string> lines = read_lines(folder.test_alignment(name));
    require_lines(folder.test_alignment(name), lines.size(), sentences, "data/data.json");
    for (const std::string& line : lines) {
      const std::size_t number = test.alignment.size() + 1;
      test.alignment.push_back(
          evaluation::parse_alignment(line, fmt::format("{}:{}", folder.test_alignment(name).string(), number)));
    }
  }
  return test;
}

// ---- the runs

std::vector<AttentionExample> read_examples(const Path& path, const TestSet& test) {
  std::vector<AttentionExample> examples = read_json_lines<AttentionExample>(path);
  for (const AttentionExample& example : examples) {
    if (example.index >= 0 && example.index < static_cast<Index>(test.target.size())) continue;
    throw FolderError(fmt::format("{}: index: {} is not a sentence of {}, which has {}", path.string(),
                                  example.index, test.name, test.target.size()));
  }
  return examples;
}

std::vector<evaluation::Links> read_links(const Path& path, const TestSet& test) {
  std::vector<evaluation::Links> all;
  const std::vector<std::string> lines = read_lines(path);
  require_lines(path, lines.size(), test.target.size(), test.name);
  for (const std::string& line : lines)
    all.push_back(evaluation::parse_alignment(line, fmt::format("{}:{}", path.string(), all.size() + 1)).sure);
  return all;
}

// Reads all but the facts.
Run read_files(const RunFolder& folder, const std::string& system, Index seed, const std::vector<TestSet>& tests) {
  const RunPaths paths = folder.run(system, seed);
  Run run;
  run.system = system;
  run.seed = seed;
  if (!path_exists(paths.folder)) return run;
  run.state = RunState::unfinished;
  if (path_exists(paths.status())) {
    run.status = read_json<Status>(paths.status());
    run.state = run.status.finished ? RunState::finished : RunState::failed;
    run.reason = run.status.reason;
  }
  const bool finished = run.state == RunState::finished;
  if (path_exists(paths.manifest())) run.manifest = read_json<Manifest>(paths.manifest());
  run.history = read_json_lines<HistoryEntry>(paths.history());
  run.timing = read_json_lines<TimingEntry>(paths.timing());
  if (!finished) return run;
  run.scores = read_json<Scores>(paths.scores());
  for (const TestSet& test : tests) {
    if (run.scores.tests.count(test.name) == 0) {
      throw FolderError(fmt::format("{}: tests.{}: is missing, but status.json says that the run is finished",
                                    paths.scores().string(), test.name));
    }
    std::vector<std::string>& lines = run.hypotheses[test.name];
    lines = read_lines(paths.hypotheses(test.name));
    require_lines(paths.hypotheses(test.name), lines.size(), test.target.size(), test.name);
    if (path_exists(paths.attention(test.name)))
      run.attention[test.name] = read_examples(paths.attention(test.name), test);
    if (path_exists(paths.forced_attention(test.name)))
      run.forced[test.name] = read_examples(paths.forced_attention(test.name), test);
    if (path_exists(paths.forced_links(test.name)))
      run.forced_links[test.name] = read_links(paths.forced_links(test.name), test);
  }
  std::map<std::string, std::size_t> sentences;
  for (const TestSet& test : tests) sentences[test.name] = test.target.size();
  run.interventions = current_interventions(folder, paths, seed, sentences);
  return run;
}

// An older folder has no facts.json: its facts are computed here.
Run read_run(const RunFolder& folder, const std::string& system, Index seed, const std::vector<TestSet>& tests) {
  Run run = read_files(folder, system, seed, tests);
  auto stored = read_if_exists<RunFacts>(folder.run(system, seed).facts());
  run.facts = stored ? std::move(stored->facts) : find_facts(run, tests);
  return run;
}

std::vector<TestSet> read_tests(const RunFolder& folder, const PlanFacts& plan, const DataFacts& data) {
  std::vector<TestSet> tests;
  if (!plan.decodes_tests) return tests;
  for (const auto& [name, facts] : data.tests) tests.push_back(read_test(folder, name, facts));
  return tests;
}

// ---- other programs

// Reads external/NAME/TEST.txt, in the order of the names.
void read_externals(const RunFolder& folder, Results& results) {
  if (!path_exists(folder.externals())) return;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.externals())) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    require_file_name("system", name);
    for (const SystemFacts& system : results.plan.systems) {
      if (system.name != name) continue;
      throw FolderError(fmt::format("{}: the plan has a system of this name; rename or remove the folder",
                                    (folder.externals() / name).string()));
    }
    Run run;
    run.system = name;
    run.state = RunState::finished;
    for (const TestSet& test : results.tests) {
      const Path path = folder.external(name, test.name);
      if (!path_exists(path)) continue;
      std::vector<std::string>& lines = run.hypotheses[test.name] = read_lines(path);
      require_lines(path, lines.size(), test.target.size(), test.name);
      TestScores& scores = run.scores.tests[test.name];
      scores.bleu = score_lines(lines, test.target, test.tokenized);
      scores.loss = scores.perplexity = std::numeric_limits<double>::quiet_NaN();
      scores.sentences = static_cast<Index>(lines.size());
    }
    if (run.hypotheses.empty()) continue;
    results.plan.systems.push_back({name, {}, true});
    results.runs.push_back(std::move(run));
  }
}

}  // namespace

std::map<std::string, BleuScore> score_lines(const std::vector<std::string>& lines,
                                             const std::vector<std::string>& references,
                                             const std::vector<std::string>& tokenized) {
  std::map<std::string, BleuScore> scores;
  const auto score = [&](const evaluation::BleuOptions& how, const auto& translations, const auto& expected) {
    const evaluation::Bleu metric(how);
    const auto found = metric.detailed(metric.statistics(translations, {expected}).sum());
    scores[std::string(name_of(how.tokenizer))] = {found.score,   found.precisions, found.bp,
                                                   found.hyp_len, found.ref_len,    metric.signature(1).text()};
  };
  score({.tokenizer = evaluation::Tokenizer::a13}, lines, references);
  if (tokenized.empty()) {
    score({.tokenizer = evaluation::Tokenizer::none}, lines, references);
  } else {
    std::vector<std::string> forms;
    for (const std::string& line : lines) forms.push_back(evaluation::tokenized_form(line));
    score({.tokenizer = evaluation::Tokenizer::none, .lowercase = true}, forms, tokenized);
  }
  return scores;
}

PlanFacts plan_facts(const Path& folder) {
  const RunFolder paths{folder};
  if (!path_exists(paths.resolved_plan())) {
    throw FolderError(fmt::format(
        "{}: is not a run folder: it has no plan.resolved.yaml; give the folder that `regard run` wrote",
        folder.string()));
  }
  PlanFacts facts = read_facts(paths.resolved_plan());
  use_decided_seeds(paths, facts);
  return facts;
}

Results load_results(const Path& folder) {
  const RunFolder paths{folder};
  Results results;
  results.folder = folder;
  results.plan = plan_facts(folder);
  if (path_exists(paths.tuning())) results.tuning = read_json<Tuning>(paths.tuning());
  if (!results.plan.claim.empty() && path_exists(paths.decisions()))
    results.decisions = read_json<Decisions>(paths.decisions());
  results.registrations = registrations(paths);
  results.data = read_json<DataFacts>(paths.data_facts());
  if (path_exists(paths.target_vocabulary())) {
    const std::vector<std::string> tokens = read_lines(paths.target_vocabulary());
    const auto special = static_cast<std::ptrdiff_t>(std::min(tokens.size(), kSpecialTokens));
    results.target_vocabulary.assign(tokens.begin() + special, tokens.end());
  }
  results.tests = read_tests(paths, results.plan, results.data);
  for (const SystemFacts& system : results.plan.systems) {
    for (const Index seed : results.plan.seeds_of(system.name)) {
      results.runs.push_back(read_run(paths, system.name, seed, results.tests));
    }
  }
  read_externals(paths, results);
  return results;
}

std::vector<RunFact> facts_from_files(const Path& folder, const std::string& system, Index seed) {
  const RunFolder paths{folder};
  const auto tests = read_tests(paths, plan_facts(folder), read_json<DataFacts>(paths.data_facts()));
  return find_facts(read_files(paths, system, seed, tests), tests);
}

std::string unknown_system(std::string_view name, const std::vector<std::string>& names) {
  const std::string hint = did_you_mean(name, names);
  return fmt::format("no system is named '{}'{} The plan has: {}", name, hint.empty() ? "." : hint,
                     fmt::join(names, ", "));
}

}  // namespace regard::runs
