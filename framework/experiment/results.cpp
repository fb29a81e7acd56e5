#include "framework/experiment/results.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/utf8.h"
#include "framework/experiment/results_json.h"

namespace regard::experiment {
namespace {

bool stands(const Path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::string read_whole(const Path& path) {
  std::string reason;
  std::optional<std::string> text = try_read_file(path, reason);
  if (!text) throw FolderError(fmt::format("{}: cannot be read: {}", path.string(), reason));
  return std::move(*text);
}

std::vector<std::string> read_lines(const Path& path) {
  const std::string text = read_whole(path);
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    if (const auto bad = utf8::first_invalid(lines.back())) {
      throw FolderError(
          fmt::format("{}:{}: is damaged: byte {} is not UTF-8", path.string(), lines.size(), *bad + 1));
    }
    begin = end + 1;
  }
  return lines;
}

template <class T>
T read_json(const Path& path) {
  return from_json<T>(read_whole(path), path.string());
}

// The complete lines: what a kill cut off is left out.
template <class T>
std::vector<T> read_json_lines(const Path& path) {
  std::vector<T> entries;
  for (const std::string& line : read_log(path)) {
    entries.push_back(from_json<T>(line, fmt::format("{}:{}", path.string(), entries.size() + 1)));
  }
  return entries;
}

// ---- the plan
// ---------------------------------------------------------------------------------------------------

std::string on_one_line(const YAML::Node& node) {
  YAML::Emitter out;
  out.SetMapFormat(YAML::Flow);
  out.SetSeqFormat(YAML::Flow);
  out << node;
  return out.c_str();
}

PlanFacts read_plan(const Path& path) {
  PlanFacts plan;
  plan.text = read_whole(path);
  try {
    const YAML::Node root = YAML::Load(plan.text);
    plan.name = root["name"].as<std::string>();
    for (const auto& system : root["systems"]) {
      SystemFacts facts{system.first.as<std::string>(), {}};
      for (const auto& change : system.second) {
        facts.differences.emplace_back(change.first.as<std::string>(), on_one_line(change.second));
      }
      plan.systems.push_back(std::move(facts));
    }
    for (const auto& seed : root["seeds"]) plan.seeds.push_back(seed.as<Index>());
    const YAML::Node report = root["report"];
    if (report && report["baseline"]) plan.baseline = report["baseline"].as<std::string>();
  } catch (const YAML::Exception& error) {
    throw FolderError(fmt::format("{}:{}:{}: is damaged: {}", path.string(), error.mark.line + 1,
                                  error.mark.column + 1, error.msg));
  }
  if (plan.systems.empty()) throw FolderError(fmt::format("{}: systems: is missing or empty", path.string()));
  if (plan.seeds.empty()) throw FolderError(fmt::format("{}: seeds: is missing or empty", path.string()));
  const auto is_baseline = [&](const SystemFacts& system) { return system.name == plan.baseline; };
  if (std::none_of(plan.systems.begin(), plan.systems.end(), is_baseline))
    plan.baseline = plan.systems.front().name;
  for (const SystemFacts& system : plan.systems) require_file_name("system", system.name);
  return plan;
}

// ---- the test sets
// ----------------------------------------------------------------------------------------------

// "0-0 1-2": pairs (source, target), zero-based.
std::vector<std::pair<Index, Index>> parse_alignment(std::string_view line, const std::string& where) {
  std::vector<std::pair<Index, Index>> pairs;
  const char* at = line.data();
  const char* const end = at + line.size();
  while (at < end) {
    std::pair<Index, Index> pair;
    const auto source = std::from_chars(at, end, pair.first);
    const bool dash = source.ec == std::errc() && source.ptr < end && *source.ptr == '-';
    const auto target = dash ? std::from_chars(source.ptr + 1, end, pair.second) : source;
    const bool ends = dash && target.ec == std::errc() && (target.ptr == end || *target.ptr == ' ');
    if (!ends || pair.first < 0 || pair.second < 0) {
      throw FolderError(fmt::format("{}: is damaged: expected pairs such as 0-0 1-2, got \"{}\"", where, line));
    }
    pairs.push_back(pair);
    at = target.ptr == end ? end : target.ptr + 1;
  }
  return pairs;
}

void require_lines(const Path& path, std::size_t given, std::size_t expected, std::string_view of_what) {
  if (given == expected) return;
  throw FolderError(
      fmt::format("{}: is damaged: {} lines for the {} sentences of {}", path.string(), given, expected, of_what));
}

TestSet read_test(const RunFolder& folder, const std::string& name, const SplitFacts& facts) {
  require_file_name("test set", name);
  TestSet test{name, read_lines(folder.test_source(name)), read_lines(folder.test_target(name)), {}, {}, {}};
  const auto sentences = static_cast<std::size_t>(facts.sentences);
  require_lines(folder.test_source(name), test.source.size(), sentences, "data/data.json");
  require_lines(folder.test_target(name), test.target.size(), sentences, "data/data.json");
  for (const auto& [path, lines] : {std::pair{folder.test_source_tokens(name), &test.source_tokens},
                                    std::pair{folder.test_target_tokens(name), &test.target_tokens}}) {
    *lines = read_lines(path);
    require_lines(path, lines->size(), sentences, "data/data.json");
  }
  if (stands(folder.test_alignment(name))) {
    const std::vector<std::string> lines = read_lines(folder.test_alignment(name));
    require_lines(folder.test_alignment(name), lines.size(), sentences, "data/data.json");
    for (const std::string& line : lines) {
      const std::size_t number = test.alignment.size() + 1;
      test.alignment.push_back(
          parse_alignment(line, fmt::format("{}:{}", folder.test_alignment(name).string(), number)));
    }
  }
  return test;
}

// ---- the runs
// ---------------------------------------------------------------------------------------------------

Run read_run(const RunFolder& folder, const std::string& system, Index seed, const std::vector<TestSet>& tests) {
  const RunPaths paths = folder.run(system, seed);
  Run run;
  run.system = system;
  run.seed = seed;
  if (!stands(paths.folder)) return run;
  run.state = RunState::unfinished;
  if (stands(paths.status())) {
    run.status = read_json<Status>(paths.status());
    run.state = run.status.finished ? RunState::finished : RunState::failed;
    run.reason = run.status.reason;
  }
  const bool finished = run.state == RunState::finished;
  if (stands(paths.manifest())) run.manifest = read_json<Manifest>(paths.manifest());
  run.history = read_json_lines<HistoryEntry>(paths.history());
  run.timing = read_json_lines<TimingEntry>(paths.timing());
  if (!finished) return run;
  run.scores = read_json<Scores>(paths.scores());
  for (const TestSet& test : tests) {
    if (run.scores.tests.count(test.name) == 0) {
      throw FolderError(fmt::format("{}: tests.{}: is missing though status.json says that the run is finished",
                                    paths.scores().string(), test.name));
    }
    std::vector<std::string>& lines = run.hypotheses[test.name];
    lines = read_lines(paths.hypotheses(test.name));
    require_lines(paths.hypotheses(test.name), lines.size(), test.target.size(), test.name);
    if (!stands(paths.attention(test.name))) continue;
    run.attention[test.name] = read_json_lines<AttentionExample>(paths.attention(test.name));
    for (const AttentionExample& example : run.attention[test.name]) {
      if (example.index >= 0 && example.index < static_cast<Index>(test.target.size())) continue;
      throw FolderError(fmt::format("{}: index: {} is no sentence of {}, which has {}",
                                    paths.attention(test.name).string(), example.index, test.name,
                                    test.target.size()));
    }
  }
  return run;
}

}  // namespace

Results load_results(const Path& folder) {
  const RunFolder paths{folder};
  if (!stands(paths.resolved_plan())) {
    throw FolderError(
        fmt::format("{}: is no run folder: it has no plan.resolved.yaml; give the folder that `regard run` "
                    "wrote",
                    folder.string()));
  }
  Results results;
  results.folder = folder;
  results.plan = read_plan(paths.resolved_plan());
  results.data = read_json<DataFacts>(paths.data_facts());
  for (const auto& [name, facts] : results.data.tests) results.tests.push_back(read_test(paths, name, facts));
  for (const SystemFacts& system : results.plan.systems) {
    for (const Index seed : results.plan.seeds) {
      results.runs.push_back(read_run(paths, system.name, seed, results.tests));
    }
  }
  return results;
}

}  // namespace regard::experiment
