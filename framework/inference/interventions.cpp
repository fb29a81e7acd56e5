#include "framework/inference/interventions.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/folder_lock.h"
#include "framework/base/nearest.h"
#include "framework/config/yaml.h"
#include "framework/decoding/intervened.h"
#include "framework/evaluation/pieces.h"
#include "framework/inference/detokenizer.h"
#include "framework/inference/trained_run.h"
#include "framework/runs/results_json.h"

namespace regard::inference {
namespace {

std::vector<std::string> tokens_of(const std::string& line) {
  std::vector<std::string> tokens;
  data::for_each_word(line, [&](std::string_view token) { tokens.emplace_back(token); });
  return tokens;
}

std::vector<data::TokenId> ids_of(const data::Vocabulary& vocabulary, const std::vector<std::string>& tokens) {
  std::vector<data::TokenId> ids;
  for (const std::string& token : tokens) ids.push_back(vocabulary.id(token));
  return ids;
}

// A test set as the models read it.
data::Dataset dataset_of(const runs::TestSet& test, const TrainedRun& run) {
  data::Dataset dataset;
  dataset.copies = std::make_shared<data::Copies>();
  dataset.copies->words = std::make_shared<data::FurtherWords>(run.target_vocabulary());
  for (std::size_t i = 0; i < test.source_tokens.size(); ++i) {
    const auto source = tokens_of(test.source_tokens[i]);
    const auto target = tokens_of(test.target_tokens[i]);
    dataset.source.add(ids_of(run.source_vocabulary(), source));
    dataset.target.add(ids_of(run.target_vocabulary(), target));
    dataset.copies->add(source, target);
    dataset.lines.push_back(static_cast<Index>(i));
  }
  return dataset;
}

std::vector<WeightMatrix> gold_of(const runs::TestSet& test) {
  std::vector<WeightMatrix> rows;
  for (std::size_t i = 0; i < test.alignment.size(); ++i) {
    rows.push_back(gold_weights(test.alignment[i], test.source[i], tokens_of(test.source_tokens[i]),
                                test.target[i], tokens_of(test.target_tokens[i])));
  }
  return rows;
}

models::Replacement replacement_of(const std::string& kind) {
  const auto* const found = std::find(models::kReplacementNames.begin(), models::kReplacementNames.end(), kind);
  return found == models::kReplacementNames.end()
             ? models::Replacement::given
             : static_cast<models::Replacement>(found - models::kReplacementNames.begin());
}

class Intervener {
 public:
  Intervener(const Path& folder, const InterventionOptions& options)
      : folder_{folder}, options_(options), results_(runs::load_results(folder)) {
    require_known();
    for (const runs::TestSet& test : results_.tests) tests_.push_back(test.name);
  }

  InterventionCounts operator()() {
    for (const runs::Run& run : results_.runs) {
      if (!is_finished(run)) continue;
      any_finished_ = true;
      if (attends(run.system, run.seed)) intervene_in(run);
    }
    if (!any_finished_) {
      throw ConfigError(fmt::format("{}: has no finished run to intervene in; train one with `regard run` first",
                                    folder_.folder.string()));
    }
    if (counts_.runs == 0) {
      throw ConfigError(fmt::format("{}: no finished run has attention, so there are no weights to replace",
                                    folder_.folder.string()));
    }
    return counts_;
  }

 private:
  [[nodiscard]] bool is_finished(const runs::Run& run) const {
    return run.state == runs::RunState::finished &&
           std::none_of(results_.plan.systems.begin(), results_.plan.systems.end(),
                        [&](const auto& system) { return system.external && system.name == run.system; });
  }

  [[nodiscard]] const runs::Run* finished(const std::string& system, Index seed) const {
    for (const runs::Run& run : results_.runs) {
      if (run.system == system && run.seed == seed && is_finished(run)) return &run;
    }
    return nullptr;
  }

  // Returns whether a finished run has attention; its record says so, without its parameters.
  [[nodiscard]] bool attends(const std::string& system, Index seed) const {
    const runs::RunPaths paths = folder_.run(system, seed);
    const config::Node record = config::parse_yaml(read_file(paths.identity()), paths.identity().string());
    const config::Node* attention = record.find("model.attention");
    if (attention != nullptr && attention->kind == config::Node::Kind::map) attention = attention->get("type");
    return attention != nullptr && attention->scalar != "none";
  }

  void require_known() const {
    const std::vector<std::string> known(runs::kWeightKinds.begin() + 1, runs::kWeightKinds.end());
    for (const std::string& kind : options_.kinds) {
      if (std::find(known.begin(), known.end(), kind) != known.end()) continue;
      throw ConfigError(fmt::format("unknown kind of weights '{}'{} Known: {}", kind,
                                    did_you_mean(kind, known).empty() ? "." : did_you_mean(kind, known),
                                    fmt::join(known, ", ")));
    }
    const bool gold = std::any_of(results_.tests.begin(), results_.tests.end(),
                                  [](const runs::TestSet& test) { return !test.alignment.empty(); });
    if (asked("gold") && !gold) {
      throw ConfigError(
          fmt::format("{}: no test set has a gold alignment, so there are no gold weights; leave "
                      "'gold' out",
                      folder_.folder.string()));
    }
    if (options_.other.empty()) return;
    std::vector<std::string> systems;
    for (const runs::SystemFacts& system : results_.plan.systems) {
      if (!system.external) systems.push_back(system.name);
    }
    if (std::find(systems.begin(), systems.end(), options_.other) == systems.end())
      throw ConfigError(runs::unknown_system(options_.other, systems));
    for (const runs::Run& run : results_.runs) {
      if (run.system != options_.other || !is_finished(run) || attends(run.system, run.seed)) continue;
      throw ConfigError(
          fmt::format("system '{}' has no attention, so it has no weights for other systems", options_.other));
    }
  }

  [[nodiscard]] bool asked(const char* kind) const {
    return std::find(options_.kinds.begin(), options_.kinds.end(), kind) != options_.kinds.end();
  }

  // Returns the system whose weights the run gets; "" if there is none.
  [[nodiscard]] std::string other_of(const runs::Run& run) const {
    const auto usable = [&](const std::string& name) {
      return name != run.system && finished(name, run.seed) != nullptr && attends(name, run.seed);
    };
    if (!options_.other.empty()) return usable(options_.other) ? options_.other : "";
    if (usable(results_.plan.baseline)) return results_.plan.baseline;
    for (const runs::SystemFacts& system : results_.plan.systems) {
      if (usable(system.name)) return system.name;
    }
    return "";
  }

  [[nodiscard]] std::vector<std::string> kinds_of(const runs::TestSet& test, const std::string& other) const {
    std::vector<std::string> kinds{"own"};
    for (std::size_t i = 1; i < runs::kWeightKinds.size(); ++i) {
      const std::string kind = runs::kWeightKinds.at(i);
      const bool wanted = options_.kinds.empty() || asked(kind.c_str());
      const bool possible = kind == "gold" ? !test.alignment.empty() : kind != "other" || !other.empty();
      if (wanted && possible) kinds.push_back(kind);
    }
    return kinds;
  }

  void intervene_in(const runs::Run& run) {
    ++counts_.runs;
    const runs::RunPaths paths = folder_.run(run.system, run.seed);
    const std::string other = other_of(run);
    runs::Interventions now = runs::basis_of(folder_, paths, tests_);
    now.other = other;
    if (!other.empty()) now.other_checkpoint = sha256_of_best(other, run.seed);
    if (run.interventions) {
      now.refused = run.interventions->refused;
      now.tests = run.interventions->tests;
      if (run.interventions->other != other) {
        for (auto& [test, kinds] : now.tests) kinds.erase("other");
      }
    }
    if (!now.refused.empty()) {
      ++counts_.refused;
      return;
    }
    std::optional<TrainedRun> model;
    std::optional<TrainedRun> guide;
    for (const runs::TestSet& test : results_.tests) {
      std::optional<data::Dataset> dataset;
      for (const std::string& kind : kinds_of(test, other)) {
        if (now.tests[test.name].contains(kind)) {
          ++counts_.kept;
          continue;
        }
        if (!model) model.emplace(paths.folder, options_.plugins);
        if (kind == "other" && !guide) guide.emplace(folder_.run(other, run.seed).folder, options_.plugins);
        if (!dataset) dataset = dataset_of(test, *model);
        try {
          now.tests[test.name][kind] = made(kind, test, *dataset, *model, guide);
        } catch (const ConfigError& error) {
          now.tests.clear();
          now.refused = error.what();
          write_file(paths.interventions(), to_json(now));
          ++counts_.refused;
          say(fmt::format("{} seed {}: {}", run.system, run.seed, now.refused));
          return;
        }
        ++counts_.made;
        write_file(paths.interventions(), to_json(now));
        say(fmt::format("{} seed {}: {} with {} weights", run.system, run.seed, test.name, kind));
      }
    }
  }

  [[nodiscard]] std::string sha256_of_best(const std::string& system, Index seed) const {
    return runs::basis_of(folder_, folder_.run(system, seed), {}).checkpoint;
  }

  [[nodiscard]] runs::Intervened made(const std::string& kind, const runs::TestSet& test,
                                      const data::Dataset& dataset, const TrainedRun& run,
                                      const std::optional<TrainedRun>& guide) const {
    if (kind == "own") return {decoding::sentence_losses(run.model(), dataset)};
    decoding::Replaced replaced{.replacement = replacement_of(kind),
                                .seed = static_cast<std::uint64_t>(run.seed())};
    if (kind == "other") replaced.guide = &guide->model();
    if (kind == "gold") {
      const std::vector<WeightMatrix> rows = gold_of(test);
      replaced.rows = &rows;
      return {decoding::sentence_losses(run.model(), dataset, &replaced)};
    }
    return {decoding::sentence_losses(run.model(), dataset, &replaced), lines(test, dataset, run, replaced)};
  }

  [[nodiscard]] static std::vector<std::string> lines(const runs::TestSet& test, const data::Dataset& dataset,
                                                      const TrainedRun& run, const decoding::Replaced& replaced) {
    const decoding::SearchOptions& options = run.record().decoding;
    const models::Seq2Seq* const model = &run.model();
    const Detokenizer detokenizer(run.tokenizers().target, run.target_vocabulary(), options);
    std::vector<std::string> lines;
    for (const auto& found : decoding::translate_all({&model, 1}, dataset, options, &replaced)) {
      const auto source = tokens_of(test.source_tokens[lines.size()]);
      lines.push_back(detokenizer.line(detokenizer.written(found.front(), source, data::further_words(dataset))));
    }
    return lines;
  }

  void say(const std::string& line) const {
    if (options_.say) options_.say(line);
  }

  runs::RunFolder folder_;
  const InterventionOptions& options_;
  runs::Results results_;
  std::vector<std::string> tests_;
  bool any_finished_ = false;
  InterventionCounts counts_;
};

}  // namespace

InterventionCounts intervene(const Path& folder, const InterventionOptions& options) {
  static_cast<void>(runs::plan_facts(folder));  // before a lock file is written
  const FolderLock lock(folder);
  return Intervener(folder, options)();
}

WeightMatrix gold_weights(const evaluation::GoldAlignment& gold, const std::string& source,
                          const std::vector<std::string>& source_tokens, const std::string& target,
                          const std::vector<std::string>& target_tokens) {
  const auto sources = static_cast<Index>(source_tokens.size());
  const auto targets = static_cast<Index>(target_tokens.size());
  WeightMatrix weights{targets + 1, sources + 1};
  weights.values.assign(static_cast<std::size_t>((targets + 1) * (sources + 1)), 0.0);
  const auto source_words = evaluation::words_of_tokens(source, source_tokens);
  const auto target_words = evaluation::words_of_tokens(target, target_tokens);
  if (!source_words || !target_words) return weights;
  for (Index t = 0; t < targets; ++t) {
    const Index word = (*target_words)[static_cast<std::size_t>(t)];
    for (const evaluation::Links* links : {&gold.sure, &gold.possible}) {
      std::vector<std::size_t> linked;
      for (Index s = 0; s < sources; ++s) {
        const evaluation::Link link{(*source_words)[static_cast<std::size_t>(s)], word};
        if (std::find(links->begin(), links->end(), link) != links->end())
          linked.push_back(static_cast<std::size_t>(t * (sources + 1) + s));
      }
      for (const std::size_t at : linked) weights.values[at] = 1.0 / static_cast<double>(linked.size());
      if (!linked.empty()) break;
    }
  }
  return weights;
}

}  // namespace regard::inference
