#include "framework/experiment/upkeep/verify.h"

#include <fmt/format.h>

#include <cmath>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/experiment/data/data_folder.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/nn/safetensors.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

bool same(const runs::BleuScore& a, const runs::BleuScore& b) {
  return a.score == b.score && a.precisions == b.precisions && a.bp == b.bp && a.hyp_len == b.hyp_len &&
         a.ref_len == b.ref_len && a.signature == b.signature;
}

class Verifier {
 public:
  explicit Verifier(const Path& folder) : folder_{folder}, facts_(runs::plan_facts(folder)) {}

  Verification operator()() {
    guarded([this] { verify_data(); });
    guarded([this] { verify_records(); });
    guarded([this] { verify_claim(); });
    for (const runs::SystemFacts& system : facts_.systems) {
      for (const Index seed : facts_.seeds_of(system.name)) {
        const runs::RunPaths paths = folder_.run(system.name, seed);
        if (!std::filesystem::exists(paths.status())) continue;
        const std::size_t before = found_.disagreements.size();
        guarded([&] { verify_run(paths); });
        if (found_.disagreements.size() == before) guarded([&] { verify_facts(paths, system.name, seed); });
        guarded([&] {
          const std::string wrong = runs::disagreement_of_interventions(folder_, paths, seed);
          if (!wrong.empty()) disagree(paths.interventions(), "{}", wrong);
        });
      }
    }
    return std::move(found_);
  }

 private:
  template <class Verify>
  void guarded(const Verify& verify) {
    try {
      verify();
    } catch (const Error& error) {  // a file that is gone or damaged is a finding, and the others are looked at
      found_.disagreements.emplace_back(error.what());
    }
  }

  template <class... Parts>
  void disagree(const Path& file, fmt::format_string<Parts...> text, Parts&&... parts) {
    found_.disagreements.push_back(
        fmt::format("{}: {}", file.string(), fmt::format(text, std::forward<Parts>(parts)...)));
  }

  void verify_hash(const Path& file, const std::string& hash, const char* said_by) {
    ++found_.hashes;
    if (!std::filesystem::exists(file)) return disagree(file, "is missing, but {} names it", said_by);
    if (sha256_file(file) != hash) disagree(file, "does not have the hash in {}", said_by);
  }

  void verify_data() {
    const auto facts =
        runs::from_json<runs::DataFacts>(read_file(folder_.data_facts()), folder_.data_facts().string());
    for (const auto& [name, hash] : hashes_of_files(facts)) verify_hash(folder_.data() / name, hash, "data.json");
  }

  void verify_run(const runs::RunPaths& paths) {
    const auto status = runs::from_json<runs::Status>(read_file(paths.status()), paths.status().string());
    if (!status.finished) return;
    const auto manifest = runs::from_json<runs::Manifest>(read_file(paths.manifest()), paths.manifest().string());
    for (const auto& [name, hash] : manifest.files) verify_hash(paths.folder / name, hash, "manifest.json");
    if (!manifest.data_hash.empty()) verify_tests(paths, manifest);
    verify_checkpoints(paths);
    verify_history(paths, status);
    verify_scores(paths);
  }

  // Compares the record of each finished run with the current plan of the folder.
  void verify_records() {
    const Plan plan = read_plan(folder_.resolved_plan().string());
    for (const System& system : plan.systems) {
      for (const Index seed : plan.seeds) {
        const runs::RunPaths paths = folder_.run(system.name, seed);
        if (!is_finished(paths)) continue;
        guarded([&] {
          const std::string difference = difference_from(plan, system, seed, paths);
          if (!difference.empty()) disagree(paths.identity(), "{} (plan.resolved.yaml)", difference);
        });
      }
    }
  }

  // Compares the claim's history and decisions with the folder.
  void verify_claim() {
    for (const std::string& sentence : runs::check_registrations(folder_))
      found_.disagreements.push_back(sentence);
    if (facts_.claim.empty()) return;
    if (!std::filesystem::exists(folder_.decisions())) return;
    ++found_.scores;
    const std::string text = read_file(folder_.decisions());
    const auto stored = runs::from_json<runs::Decisions>(text, folder_.decisions().string());
    runs::Decisions now = runs::Decider(folder_)(runs::decision_plan(facts_));
    const std::string summary = runs::summary(now);
    if (stored.state == runs::DecisionState::open && now.rounds.size() > stored.rounds.size()) {
      // `regard run` was ended after the runs of a round and before its decision.
      now.rounds.resize(stored.rounds.size());
      now.state = stored.state;
      now.seeds = stored.seeds;
      now.sentences = stored.sentences;
    }
    if (text != to_json(now)) disagree(folder_.decisions(), "is not what the translations give: {}", summary);
  }

  void verify_checkpoints(const runs::RunPaths& paths) {
    if (!std::filesystem::exists(paths.checkpoints())) return;  // reported by its hash above
    for (const auto& entry : std::filesystem::directory_iterator(paths.checkpoints())) {
      if (entry.path().extension() != ".safetensors") continue;
      guarded([&] {
        ++found_.checkpoints;
        if (!nn::Safetensors::read(entry.path()).has_checksum()) disagree(entry.path(), "has no checksum");
      });
    }
  }

  // After a run, test sets may have been added to the data or removed; every test set that it scored must exist.
  void verify_tests(const runs::RunPaths& paths, const runs::Manifest& manifest) {
    const std::string now = sha256_file(folder_.data_facts());
    if (now == manifest.data_hash) return;
    const auto facts =
        runs::from_json<runs::DataFacts>(read_file(folder_.data_facts()), folder_.data_facts().string());
    const auto scores = runs::from_json<runs::Scores>(read_file(paths.scores()), paths.scores().string());
    for (const auto& [test, score] : scores.tests) {
      if (!facts.tests.contains(test))
        disagree(paths.scores(), "has scores of test set '{}', which the data does not have", test);
    }
  }

  void verify_history(const runs::RunPaths& paths, const runs::Status& status) {
    Index last = 0;
    Index best = 0;
    for (const std::string& line : read_log(paths.history())) {
      const auto entry = runs::from_json<HistoryEntry>(line, paths.history().string());
      if (entry.update <= last) disagree(paths.history(), "has update {} after update {}", entry.update, last);
      last = entry.update;
      if (entry.best) best = entry.update;
    }
    if (best != status.best_update) {
      disagree(paths.status(), "has update {} as the best, but history.jsonl has {}", status.best_update, best);
    }
  }

  void verify_scores(const runs::RunPaths& paths) {
    const auto scores = runs::from_json<runs::Scores>(read_file(paths.scores()), paths.scores().string());
    for (const auto& [test, stored] : scores.tests) {
      const std::vector<std::string> references = read_log(folder_.test_target(test));
      const std::vector<std::string> tokenized = read_log(folder_.test_tokenized(test));
      for (const auto& [file, bleu] : {std::pair{paths.hypotheses(test), &stored.bleu},
                                       std::pair{paths.greedy_hypotheses(test), &stored.greedy_bleu}}) {
        const std::vector<std::string> lines = read_log(file);
        if (lines.size() != references.size()) {
          disagree(file, "has {} lines for {} sentences", lines.size(), references.size());
          continue;
        }
        verify_bleu(paths, file, *bleu, runs::score_lines(lines, references, tokenized));
      }
      if (stored.sentences != static_cast<Index>(references.size())) {
        disagree(paths.scores(), "has {} sentences for {}, but the test set has {}", stored.sentences, test,
                 references.size());
      }
      ++found_.scores;
      if (std::exp(stored.loss) != stored.perplexity) {
        disagree(paths.scores(), "has perplexity {} for {}, but its loss gives {}", stored.perplexity, test,
                 std::exp(stored.loss));
      }
    }
  }

  // For a run whose files agree. An older folder has no facts.json.
  void verify_facts(const runs::RunPaths& paths, const std::string& system, Index seed) {
    const auto stored = read_if_exists(paths.facts());
    if (!stored) return;
    const runs::RunFacts now{runs::facts_from_files(folder_.folder, system, seed)};
    if (*stored != to_json(now)) {
      disagree(paths.facts(), "does not follow from the files of the run; `regard run` writes it when a run ends");
    }
  }

  void verify_bleu(const runs::RunPaths& paths, const Path& file,
                   const std::map<std::string, runs::BleuScore>& stored,
                   const std::map<std::string, runs::BleuScore>& now) {
    for (const auto& [tokenizer, score] : stored) {
      ++found_.scores;
      const auto found = now.find(tokenizer);
      if (found == now.end()) {
        disagree(paths.scores(), "has BLEU of {} with tokeniser {}, which regard cannot compute",
                 file.filename().string(), tokenizer);
      } else if (found->second.score != score.score) {
        disagree(paths.scores(), "has BLEU {} for {} with tokeniser {}, but the translations have {}", score.score,
                 file.filename().string(), tokenizer, found->second.score);
      } else if (!same(found->second, score)) {
        disagree(paths.scores(),
                 "has other precisions, lengths or signature for {} with tokeniser {} than the "
                 "translations have",
                 file.filename().string(), tokenizer);
      }
    }
  }

  runs::RunFolder folder_;
  runs::PlanFacts facts_;
  Verification found_;
};

}  // namespace

Verification verify(const Path& folder) { return Verifier(folder)(); }

}  // namespace regard::experiment
