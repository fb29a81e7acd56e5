#pragma once
// A plan: the data, systems and seeds, and how systems are trained, decoded and compared. docs/plan.md lists every
// key. Systems override keys of model, training and decoding; data and seeds are common to all systems, so that the
// comparison is fair.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/config/yaml.h"
#include "framework/data/options.h"
#include "framework/decoding/search.h"
#include "framework/experiment/plan/budget.h"
#include "framework/experiment/plan/tune_options.h"
#include "framework/models/options.h"
#include "framework/plugins/plugins.h"
#include "framework/runs/claim.h"
#include "framework/runs/report_metrics.h"
#include "framework/training/options.h"

namespace regard::experiment {

// One entry of `systems`, with all defaults.
struct System {
  std::string name;
  models::ModelOptions model;
  training::TrainingOptions training;
  decoding::SearchOptions decoding;
  // The dotted keys and values that the plan sets for this system, in the order of writing.
  std::vector<std::pair<std::string, config::Node>> overrides;
};

struct ReportOptions {
  std::string baseline;               // empty: the first system
  Index attention_sentences = 50;     // whose attention is kept, of each test set
  std::vector<Index> length_buckets;  // last source length of each bucket except the open one; empty: equal counts
  // Translations by other programs: name -> (test set -> file). upkeep/external.h
  std::vector<std::pair<std::string, std::vector<std::pair<std::string, config::Path>>>> external;
  std::vector<runs::ReportMetric> metrics = runs::default_report_metrics();  // the main table's columns
  bool tensorboard = false;                                                  // event files beside the histories
  runs::Claim claim;                                                         // empty: the plan makes none
};

struct Plan {
  std::string name;
  std::vector<plugins::Plugin> plugins;  // loaded: those of the plan, then those of --plugin
  data::DataOptions data;
  std::vector<System> systems;
  std::vector<Index> seeds;                // all that a system may get
  std::optional<runs::SeedRounds> rounds;  // `seeds: {first, most, until}`: seeds are added in rounds
  runs::Budget budget;
  TuneOptions tune;
  ReportOptions report;
  // For each system the one whose number of parameters it must match (budget.parameters); empty: the baseline. tune.h
  std::vector<std::string> matched_to;
  Path folder;                        // where its relative paths start (relative_paths.h)
  config::Node root;                  // as written, the grid crossed with the systems
  config::Node resolved;              // the plan with every default filled: running it gives the same runs
  std::vector<std::string> warnings;  // doubtful, not wrong: one sentence each
};

// Reads a plan's file and applies the texts of --set. Loads the plan's plug-ins (paths relative to the file that names
// them) and `plugins` (paths relative to the current folder). ConfigError with the place for every mistake; throws the
// PluginErrors of load_plugins().
[[nodiscard]] Plan read_plan(const std::string& path, std::span<const std::string> sets = {},
                             std::span<const std::string> plugins = {});
// The same for a tree whose plug-ins are loaded, and whose paths start at `folder`.
[[nodiscard]] Plan make_plan(const config::Node& given, std::vector<plugins::Plugin> plugins = {},
                             const Path& folder = {});

// Returns the names of the plug-ins that a system uses, with the hashes of their files.
[[nodiscard]] std::map<std::string, std::string> plugins_of(const Plan& plan, const System& system);
// Returns the sha256 of the plug-in that brings the system's attention; nothing if it is built in.
[[nodiscard]] std::optional<std::string> attention_plugin_of(const Plan& plan, const System& system);

// Returns the plan with the keys that tuning or matching chose for its systems, and without `tune:`.
using Choices = std::vector<std::pair<std::string, std::vector<std::pair<std::string, config::Node>>>>;
[[nodiscard]] Plan with_choices(const Plan& plan, const Choices& choices);

// Returns the place of a system's value: where the system writes the dotted key, else where the plan does.
[[nodiscard]] config::Origin place_of(const Plan& plan, const System& system, const std::string& key);

// Throws ConfigError with the sentence of unknown_system().
[[nodiscard]] const System& system_named(const Plan& plan, std::string_view name);
// Returns the message for an unknown system: the nearest name and all names.
[[nodiscard]] std::string unknown_system(const Plan& plan, std::string_view name);

// Returns all keys of a plan, for explain, docs/plan.md and the schema.
[[nodiscard]] std::vector<config::OptionRow> plan_rows();

// ConfigError if a grid of the tree varies model.hidden, which budget.parameters chooses (rules.cpp).
void require_free_width(const config::Node& root);
// ConfigError if the plan has a claim about a test set that is not one of these (rules.cpp).
void require_claimed_test(const Plan& plan, const std::vector<std::string>& tests);
// Checks the rules that concern several keys (rules.cpp): ConfigError for an impossible plan, warnings for a doubtful
// one. `trees` are the systems' trees, for the places in messages.
void check_rules(Plan& plan, const config::Node& root, const std::vector<config::Node>& trees);

}  // namespace regard::experiment
