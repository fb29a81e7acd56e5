#pragma once
// A plan: which data, which systems, which seeds, and how they are trained, decoded and compared. docs/plan.md has
// every key. Systems override keys of model, training and decoding; data and seeds are common to all systems, so
// that the comparison is fair.
#include <map>
#include <span>
#include <string>
#include <vector>

#include "framework/config/yaml.h"
#include "framework/data/options.h"
#include "framework/decoding/search.h"
#include "framework/experiment/plan/budget.h"
#include "framework/models/options.h"
#include "framework/plugins/plugins.h"
#include "framework/runs/report_metrics.h"
#include "framework/training/options.h"

namespace regard::experiment {

// One entry of `systems`, with all defaults.
struct System {
  std::string name;
  models::ModelOptions model;
  training::TrainingOptions training;
  decoding::SearchOptions decoding;
  // The keys and values that the plan writes for it, in their order; keys are dotted.
  std::vector<std::pair<std::string, config::Node>> overrides;
};

struct ReportOptions {
  std::string baseline;               // empty: the first system
  Index attention_sentences = 50;     // of each test set, whose attention is kept
  std::vector<Index> length_buckets;  // last source length of each bucket except the open one; empty: equal counts
  // Translations of other programs: name -> (test set -> file). experiment/external.h
  std::vector<std::pair<std::string, std::vector<std::pair<std::string, config::Path>>>> external;
  std::vector<runs::ReportMetric> metrics = runs::default_report_metrics();  // the main table's columns
  bool tensorboard = false;                                                  // event files beside the histories
};

// Options that are chosen for each system on the validation set, before the plan's runs (schedule/tune.h).
struct TuneOptions {
  enum class Metric : std::uint8_t { loss, bleu };

  std::vector<std::pair<std::string, config::Node>> grid;  // empty: nothing is tuned
  Metric metric = Metric::loss;
  std::vector<Index> seeds{1};
};

struct Plan {
  std::string name;
  std::vector<plugins::Plugin> plugins;  // loaded: those of the plan, then those of --plugin
  data::DataOptions data;
  std::vector<System> systems;
  std::vector<Index> seeds;
  runs::Budget budget;
  TuneOptions tune;
  ReportOptions report;
  // Of each system the one whose count of parameters budget.parameters gives it; empty: the baseline's. tune.h
  std::vector<std::string> matched_to;
  Path folder;                        // where its relative paths start (relative_paths.h)
  config::Node root;                  // as written, the grid crossed with the systems
  config::Node resolved;              // the plan with every default filled: running it gives the same runs
  std::vector<std::string> warnings;  // doubtful, not wrong: one sentence each
};

// Reads a plan's file, overridden by the texts of --set. Loads its plug-ins and `plugins`. Relative paths start where
// they are written: the plan's at the folder of its file, those of `sets` and `plugins` at the current folder.
// ConfigError, with the place, for every mistake; PluginError as load_plugins().
[[nodiscard]] Plan read_plan(const std::string& path, std::span<const std::string> sets = {},
                             std::span<const std::string> plugins = {});
// The same for a tree whose plug-ins are loaded, and whose paths start at `folder`.
[[nodiscard]] Plan make_plan(const config::Node& given, std::vector<plugins::Plugin> plugins = {},
                             const Path& folder = {});

// Returns the plug-ins of the plan that a system uses, by name, with the hash of their bytes.
[[nodiscard]] std::map<std::string, std::string> plugins_of(const Plan& plan, const System& system);

// Returns the plan with the keys that tuning and matching chose for its systems, without `tune:`.
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

// ConfigError where a grid of the tree varies the width that budget.parameters chooses (rules.cpp).
void require_free_width(const config::Node& root);
// The rules that span sections (rules.cpp): ConfigError for the impossible, sentences for the doubtful.
// `trees` holds each system's tree, for places.
void check_rules(Plan& plan, const config::Node& root, const std::vector<config::Node>& trees);

}  // namespace regard::experiment
