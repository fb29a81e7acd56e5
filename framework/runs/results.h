#pragma once
// The content of a run folder as plain structs: the runner fills and writes them (results_json.h), the report
// reads them. docs/run-folder.md is the contract of the files.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/base.h"
#include "framework/base/history.h"
#include "framework/base/weight_matrix.h"
#include "framework/evaluation/alignment.h"
#include "framework/runs/budget.h"
#include "framework/runs/decisions.h"
#include "framework/runs/interventions.h"
#include "framework/runs/registration.h"
#include "framework/runs/report_metrics.h"
#include "framework/runs/run_facts.h"
#include "framework/runs/run_folder.h"

namespace regard::runs {

struct SplitFacts {
  Index sentences = 0;
  Index source_tokens = 0;
  Index target_tokens = 0;
};

// data/data.json
struct DataFacts {
  std::string corpus;
  std::string description;
  bool synthetic = false;  // made by our grammar; always marked as synthetic
  std::string source_language;
  std::string target_language;
  SplitFacts train;
  SplitFacts valid;
  std::map<std::string, SplitFacts> tests;
  Index source_vocabulary = 0;
  Index target_vocabulary = 0;
  std::map<std::string, std::string> hashes;  // file -> sha256
};

// Whether a system's attention looks at what is in a position, or only at where it is (Manifest::attention_by).
inline constexpr const char* kByContent = "content";
inline constexpr const char* kByPosition = "position";

// manifest.json: build, machine and times.
struct Manifest {
  std::string regard;  // version
  std::string commit;
  bool tree_clean = false;
  std::string compiler;
  std::string flags;
  std::string cpu;
  std::string instruction_set;
  std::string backend;
  std::string precision;
  bool portable = false;     // the results have the same bytes on every x86-64 processor with AVX2 and FMA
  std::string not_portable;  // the reason; "" if portable, and in folders that an older regard wrote
  Index threads = 0;
  std::map<std::string, std::string> libraries;
  std::map<std::string, std::string> plugins;  // that the run uses: name -> sha256
  // Of the attention of a plug-in: the variant -> the outcome of `regard check`: "passed", "never run" or the failed
  // checks. Else empty.
  std::map<std::string, std::string> plugin_checks;
  Index parameters = 0;
  std::map<std::string, Index> parameters_by_part;
  std::string started;  // ISO 8601 UTC
  std::string finished;
  double training_seconds = 0;
  double decoding_seconds = 0;
  double target_tokens_per_second = 0;  // in training
  Index peak_memory_bytes = 0;
  double flops_per_token = 0;            // of a forward pass for one target token (provenance.h); 0: not known
  std::map<std::string, Index> decoded;  // test -> how many times it was decoded
  std::map<std::string, Index> cut;      // test -> how many of its translations end at the length limit
  std::string attention_by;              // kByContent, kByPosition or "none"; "" in older folders
  std::string best_by;    // what selects the best checkpoint: "loss", "bleu", "chrf" or "exact_match"
  std::string run_hash;   // sha256 of run.yaml, which identifies the run
  std::string data_hash;  // sha256 of data/data.json
  std::map<std::string, std::string> files;  // result files of a finished run -> sha256
};

// One line of history.jsonl and of timing.jsonl: the trainer's own record of a validation.

struct BleuScore {
  double score = 0;  // 0 to 100
  std::array<double, 4> precisions{};
  double bp = 0;
  Index hyp_len = 0;
  Index ref_len = 0;
  std::string signature;
};

struct TestScores {
  std::map<std::string, BleuScore> bleu;         // tokeniser -> score of the beam search's translations
  std::map<std::string, BleuScore> greedy_bleu;  // tokeniser -> score of the greedy translations
  double loss = 0;                               // nats per token, with teacher forcing
  double perplexity = 0;
  Index sentences = 0;
};

// scores.json
struct Scores {
  std::map<std::string, TestScores> tests;
};

// status.json
inline constexpr const char* kDiverged = "diverged";

struct Status {
  bool finished = false;  // false: failed
  std::string reason;     // of the failure
  Index updates = 0;
  Index epochs = 0;
  Index best_epoch = 0;
  Index best_update = 0;
  std::string stopped;  // "epochs", "updates", "tokens", "minutes" or "patience"; of a failed run kDiverged or ""
  bool time_dependent = false;  // ended by minutes: a repetition gives other numbers
};

// One line of attention/TEST.jsonl. weights[t][s] is the weight of source token s for target token t.
struct AttentionExample {
  Index index = 0;  // of the sentence, from 0
  std::vector<std::string> source;
  std::vector<std::string> target;
  WeightMatrix weights;
  std::vector<WeightMatrix> maps = {};
};

// tune.json: the candidates of each system and the chosen one.
struct TunedPoint {
  std::string system;                         // its name among the candidates in tune/
  std::map<std::string, std::string> values;  // dotted key -> value as YAML
  std::vector<double> of_seed;                // the metric of the best validation; NaN: the run failed
  double mean = 0;
  Index epochs = 0;  // after which halving ended it; 0: it was not ended
};
struct TunedSystem {
  std::string name;
  std::vector<TunedPoint> points;
  Index chosen = 0;                    // position in the points, from 0
  std::vector<std::string> ends = {};  // clauses on chosen values that are at an end of what was tried
};
struct Tuning {
  std::string metric;                             // "loss" or "bleu", on the validation set
  std::string search = "grid";                    // or "random"
  std::map<std::string, std::string> tried = {};  // dotted key -> its values or range, as the plan writes them
  std::vector<Index> seeds;
  std::vector<TunedSystem> systems;
};

// Facts about the plan.
struct SystemFacts {
  std::string name;
  std::vector<std::pair<std::string, std::string>> differences;  // dotted key -> value as YAML on one line
  bool external = false;  // translations by another program: no seeds, no training, one "run" with seed 0
};
struct PlanFacts {
  std::string name;
  std::string baseline;  // report.baseline, or the first system; or the reader's, of `regard report --baseline`
  std::string planned_baseline;  // the plan's own, if the reader chose another one; else ""
  std::vector<SystemFacts> systems;
  std::vector<Index> seeds;
  std::string text;                    // plan.resolved.yaml
  std::vector<double> length_buckets;  // report.length_buckets: increasing bounds; empty: buckets of equal counts
  bool decodes_tests = true;           // false: decoding.test is never, and there are no test sets to show
  std::string budget_summary;          // what the budget holds alike, as a sentence's part; "" for none
  std::vector<ReportMetric> metrics = default_report_metrics();  // report.metrics: the main table's columns
  Claim claim;                                                   // report.claim; empty if the plan makes none
  std::vector<Index> all_seeds;                                  // that a system may get; `seeds` are those in use
  Index first_seeds = 0;                                         // how many of them the first round has
  std::map<std::string, Index> seeds_wanted;  // by the decisions; empty: all systems have `seeds`

  // Returns the seeds of one system.
  [[nodiscard]] std::span<const Index> seeds_of(const std::string& system) const {
    const auto wanted = seeds_wanted.find(system);
    if (wanted == seeds_wanted.end()) return seeds;
    return std::span(seeds).first(std::min(seeds.size(), static_cast<std::size_t>(wanted->second)));
  }
  [[nodiscard]] bool shows(ReportMetric metric) const {
    return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
  }
};

struct TestSet {
  std::string name;
  std::vector<std::string> source;  // plain text, one sentence each
  std::vector<std::string> target;
  std::vector<std::string> source_tokens;  // separated by one space
  std::vector<std::string> target_tokens;
  std::vector<std::string> tokenized;                // the target lower-cased and tokenised; empty if not given
  std::vector<evaluation::GoldAlignment> alignment;  // between words, one for each sentence; empty if unknown
};

enum class RunState { missing, unfinished, failed, finished };

// One system with one seed. Values that an unfinished run has not written are empty.
struct Run {
  std::string system;
  Index seed = 0;
  RunState state = RunState::missing;
  std::string reason;  // why it failed
  Status status;
  std::optional<Manifest> manifest;
  std::vector<HistoryEntry> history;
  std::vector<TimingEntry> timing;
  std::vector<RunFact> facts;  // what the run was worth
  Scores scores;
  std::map<std::string, std::vector<std::string>> hypotheses;      // test -> lines of beam search, one a sentence
  std::map<std::string, std::vector<AttentionExample>> attention;  // test -> those of the first sentences
  std::map<std::string, std::vector<AttentionExample>> forced;     // the same, forced to write the reference
  // test -> the links between words from the forced attention of every sentence (evaluation::hard_alignment). A
  // sentence has none if its words and tokens could not be matched.
  std::map<std::string, std::vector<evaluation::Links>> forced_links;

  std::optional<Interventions> interventions = {};  // what is current of interventions.json

  // Returns the translations of a test set; nullptr if there are none, because an external system may not have all.
  [[nodiscard]] const std::vector<std::string>* lines(const std::string& test) const {
    const auto found = hypotheses.find(test);
    return found == hypotheses.end() ? nullptr : &found->second;
  }
};

struct Results {
  Path folder;
  // The folders whose results these are together, each with its resolved plan (report/joined.h); empty: one folder.
  std::vector<std::pair<std::string, std::string>> joined;
  PlanFacts plan;
  DataFacts data;
  std::vector<std::string> target_vocabulary;  // most frequent first, without special tokens; empty if not kept
  std::vector<TestSet> tests;                  // in the order of their names
  std::optional<Tuning> tuning;
  std::optional<Decisions> decisions;       // of the claim
  std::vector<Registration> registrations;  // the claim's history
  std::vector<Run> runs;  // by system in the plan's order, then by seed; then the external ones by name
};

// Returns BLEU for each tokeniser of scores.json: 13a and none. If the test set has tokenised references, `none`
// compares them, in lower case, with evaluation::tokenized_form of the lines.
[[nodiscard]] std::map<std::string, BleuScore> score_lines(const std::vector<std::string>& lines,
                                                           const std::vector<std::string>& references,
                                                           const std::vector<std::string>& tokenized);

// Reads a run folder (plan.resolved.yaml through framework/config, whose ConfigErrors name file, line and column).
// Missing, unfinished or failed runs are reported as such. A missing or damaged file is a FolderError "PATH: …"
// (for an alignment a DataError). The translations of external/ are systems after those of the plan.
[[nodiscard]] Results load_results(const Path& folder);
[[nodiscard]] PlanFacts plan_facts(const Path& folder);  // only the plan
// Computes the facts of a run from its files, which must be complete: for facts.json, and for a check of it.
[[nodiscard]] std::vector<RunFact> facts_from_files(const Path& folder, const std::string& system, Index seed);

// Returns the message for an unknown system: the nearest name and all names.
[[nodiscard]] std::string unknown_system(std::string_view name, const std::vector<std::string>& names);
[[nodiscard]] Budget budget_of(const PlanFacts& plan);  // the section `budget`; empty if there is none

}  // namespace regard::runs
