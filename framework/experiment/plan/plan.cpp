#include "framework/experiment/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/attention/registry.h"
#include "framework/config/section.h"
#include "framework/config/write.h"
#include "framework/data/builtin.h"
#include "framework/data/tokenizer.h"
#include "framework/experiment/plan/grid.h"
#include "framework/experiment/plan/overrides.h"
#include "framework/experiment/plan/relative_paths.h"
#include "framework/experiment/plan/seeds.h"
#include "framework/runs/results.h"
#include "framework/runs/run_folder.h"
#include "framework/training/optimizer.h"
#include "framework/training/schedule.h"

namespace regard::experiment {
namespace {

using config::Node;
using config::Section;

struct Top {
  std::string name;
  std::vector<config::Path> plugins;
  Node data;
  Node model;
  std::vector<std::pair<std::string, Node>> systems;
  std::vector<std::pair<std::string, Node>> grid;
  std::vector<Index> seeds{1};
  runs::Budget budget;
  TuneOptions tune;
  Node training;
  Node decoding;
  ReportOptions report;
};

std::vector<config::Named<runs::ReportMetric>> metric_names() {
  std::vector<config::Named<runs::ReportMetric>> names;
  for (const runs::NamedMetric& each : runs::report_metrics())
    names.push_back({each.name, each.metric, each.summary});
  return names;
}

const config::OptionTable<ReportOptions>& report_rows() {
  static const config::OptionTable<ReportOptions> rows = {
      config::option("baseline", &ReportOptions::baseline,
                     "the system that the others are compared with; empty: the first system"),
      config::option("attention_sentences", &ReportOptions::attention_sentences, config::between(0, 100000),
                     "sentences",
                     "for how many sentences of each test set the attention is kept, for the report's heat maps"),
      config::option(
          "length_buckets", &ReportOptions::length_buckets, config::at_least(1), "words",
          "longest source length of each bucket for scores by length: [10, 20, 30] gives 1-10, 11-20, 21-30, 31 and "
          "more; empty: buckets with about equal numbers of sentences"),
      config::option(
          "external", &ReportOptions::external,
          "translations by other programs, one sentence a line: {NAME: {TEST: FILE}}. They appear in every "
          "table and figure as a system without seeds and training"),
      config::choices("metrics", &ReportOptions::metrics, "metric", metric_names(),
                      "the columns of the main table in every format, in this order; the number of runs (n) "
                      "follows them. chrf2 and ter are then also in the table of every score and in results.json"),
      config::option(
          "tensorboard", &ReportOptions::tensorboard,
          "write event files as well: the scalars of each validation, and the attention of the first test "
          "sentence as an image. Runs that are finished without them get them from their histories"),
      config::section(
          "claim", &ReportOptions::claim, runs::claim_rows(),
          "what is to be shown, said before it is shown: each system is better, worse or equivalent to "
          "the baseline, or open (docs/verdicts.md)"),
  };
  return rows;
}

const config::OptionTable<Top>& top_rows() {
  using config::option;
  static const config::OptionTable<Top> rows = {
      config::required(option("name", &Top::name, "name of the plan, and of its folder under runs/")),
      option("plugins", &Top::plugins, "libraries with your own attention variants (docs/attention.md)"),
      option("data", &Top::data, "the corpus, common to all systems"),
      option("model", &Top::model, "the model; systems override its keys"),
      config::required(option("systems", &Top::systems,
                              "the systems to compare: NAME: {keys of model, training or decoding that differ}")),
      option("grid", &Top::grid,
             "keys of model, training or decoding with a list of values each: every system is run with each "
             "combination of values, named for example dot-h256 for model.hidden 256"),
      with_rounds(option("seeds", &Top::seeds, config::at_least(0), "",
                         "seeds of initial values, data order and dropout; each system is run once with each")),
      option("training", &Top::training, "how systems are trained"),
      option("decoding", &Top::decoding, "how test sets are translated"),
      config::section("budget", &Top::budget, runs::budget_rows(),
                      "what is equal for all systems besides data and seeds"),
      config::section("tune", &Top::tune, tune_rows(),
                      "options that are chosen for each system separately on the validation set, before its runs"),
      config::section("report", &Top::report, report_rows(), "what the report compares and keeps"),
  };
  return rows;
}

// Returns the plan with an empty map for each missing section, so that every section has a place.
Node with_all_sections(Node root) {
  for (const char* key : {"data", "model", "training", "decoding"}) {
    if (root.get(key) != nullptr) continue;
    Node empty = config::make_map();
    empty.origin = root.origin;
    root.put(key, std::move(empty));
  }
  return root;
}

Section section_of(const Node& tree, const std::string& key) { return {*tree.get(key), key}; }

void require_name(const Node& root, const std::string& key, const std::string& what, const std::string& name) {
  try {
    runs::require_file_name(what, name);
  } catch (const ConfigError& error) {
    config::fail_at(config::where(root, key), key, error.what());
  }
}

System make_system(const std::string& name, const Node& tree, const Node& written, const runs::Budget& budget) {
  System system;
  system.name = name;
  system.model = config::parse(section_of(tree, "model"), models::model_rows());
  system.training = config::parse(section_of(tree, "training"), training::training_rows());
  system.decoding = config::parse(section_of(tree, "decoding"), decoding::search_rows());
  apply(budget, system.training);
  for (const Node::Entry& entry : written.entries) system.overrides.emplace_back(entry.key, entry.value);
  return system;
}

// Returns the plan with all defaults. `base` has the sections without any system's keys.
Node resolve(const Plan& plan, const System& base) {
  Node resolved = config::make_map();
  resolved.put("name", config::make_text(plan.name));
  if (!plan.plugins.empty()) {
    Node plugins = config::make_list();
    for (const plugins::Plugin& plugin : plan.plugins)
      plugins.items.push_back(config::make_text(runs::RunFolder{}.plugin(plugin.name, plugin.sha256).string()));
    resolved.put("plugins", std::move(plugins));
  }
  resolved.put("data", config::to_node(data::data_rows(), plan.data));
  resolved.put("model", config::to_node(models::model_rows(), base.model));
  Node systems = config::make_map();
  for (const System& system : plan.systems) {
    Node keys = config::make_map();
    for (const auto& [key, value] : system.overrides) keys.put(key, value);
    systems.entries.push_back({system.name, {}, std::move(keys)});
  }
  resolved.put("systems", std::move(systems));
  resolved.put("seeds",
               plan.rounds ? config::to_node(runs::seed_rounds_rows(), *plan.rounds) : list_of(plan.seeds));
  if (!plan.budget.empty()) resolved.put("budget", config::to_node(runs::budget_rows(), plan.budget));
  resolved.put("training", config::to_node(training::training_rows(), base.training));
  resolved.put("decoding", config::to_node(decoding::search_rows(), base.decoding));
  Node report = config::to_node(report_rows(), plan.report);
  if (plan.report.claim.empty()) report.erase("claim");
  resolved.put("report", std::move(report));
  return resolved;
}

// Returns the libraries in the plan's `plugins`.
std::vector<plugins::PluginFile> named_plugins(const Node& root) {
  const auto rows = config::descriptions(top_rows());
  const auto row = std::find_if(rows.begin(), rows.end(), [](const auto& each) { return each.name == "plugins"; });
  std::vector<plugins::PluginFile> files;
  const config::Value list = Section(root, "").read(*row);
  for (const config::Value& item : std::get<config::Value::List>(list.data)) {
    const auto& path = std::get<config::Path>(item.data);
    if (path.empty()) config::fail_at(item.origin, "plugins", "expected the path of a library, got \"\"");
    const bool in_file = item.origin.kind == config::Origin::Kind::file;
    const Path folder = in_file ? Path(item.origin.source).parent_path() : Path();
    files.push_back({(folder / path.expanded).lexically_normal(), item.origin.text() + ": plugins: "});
  }
  return files;
}

}  // namespace

Plan make_plan(const Node& given, std::vector<plugins::Plugin> plugins, const Path& folder) {
  require_free_width(given);
  const Node written_root = without_grid(with_seed_lists(given));
  const std::optional<runs::SeedRounds> rounds = seed_rounds(written_root);
  const Node listed = rounds ? with_all_seeds(written_root, *rounds) : written_root;
  const Top top = config::parse(Section(listed, ""), top_rows());
  const Node root = with_all_sections(written_root);
  Plan plan;
  plan.name = top.name;
  plan.plugins = std::move(plugins);
  require_name(root, "name", "plan", plan.name);
  plan.data = data::parse_data(section_of(root, "data"));
  plan.seeds = top.seeds;
  plan.rounds = rounds;
  plan.budget = top.budget;
  plan.tune = top.tune;
  plan.report = top.report;
  plan.folder = folder;
  plan.root = written_root;
  for (const auto& [test, files] : plan.data.files.test)
    require_name(root, "data.files.test." + test, "test set", test);
  for (const auto& [external, files] : plan.report.external)
    require_name(root, "report.external." + external, "system", external);
  // Parses the common sections first, so that a mistake in them is not reported as one of a system.
  const System base = make_system("", root, config::make_map(), plan.budget);
  Node common = root;  // each system's keys are applied to it; it needs no copy of the systems
  common.erase("systems");
  std::vector<Node> trees;
  for (const auto& [name, written] : top.systems) {
    require_name(root, "systems." + name, "system", name);
    trees.push_back(with_overrides(common, name, written));
    plan.systems.push_back(make_system(name, trees.back(), written, plan.budget));
  }
  check_rules(plan, root, trees);
  plan.resolved = resolve(plan, base);
  return plan;
}

Plan read_plan(const std::string& path, std::span<const std::string> sets, std::span<const std::string> plugins) {
  const Node root = with_sets_in_systems(config::load(path, sets).root, sets);
  std::vector<plugins::PluginFile> files = named_plugins(root);
  for (const std::string& file : plugins) files.push_back({file});
  // Before anything is parsed: names come from the registries.
  std::vector<plugins::Plugin> loaded = plugins::load_plugins(files);
  const Path folder = folder_of_plan(path);
  return make_plan(with_paths_from(root, folder, plan_rows()), std::move(loaded), folder);
}

std::map<std::string, std::string> plugins_of(const Plan& plan, const System& system) {
  std::map<std::string, std::string> used;
  const auto note = [&](const auto& registry, const std::string& name) {
    if (registry.find(name) == nullptr) return;  // "none"
    const std::string& library = registry.registration(name).plugin;
    for (const plugins::Plugin& plugin : plan.plugins) {
      if (plugin.library() == library) used[plugin.name] = plugin.sha256;
    }
  };
  note(attention::variants(), system.model.attention.name);
  note(training::optimizers(), system.training.optimizer.name);
  note(training::schedules(), system.training.schedule.name);
  note(data::tokenizers(), plan.data.tokenizer.name);
  note(data::builtin_corpora(), plan.data.corpus.name);
  return used;
}

std::optional<std::string> attention_plugin_of(const Plan& plan, const System& system) {
  if (attention::variants().find(system.model.attention.name) == nullptr) return std::nullopt;  // "none"
  const std::string& library = attention::variants().registration(system.model.attention.name).plugin;
  for (const plugins::Plugin& plugin : plan.plugins) {
    if (plugin.library() == library) return plugin.sha256;
  }
  return std::nullopt;
}

Plan with_choices(const Plan& plan, const Choices& choices) {
  Node root = plan.root;
  root.erase("tune");
  Node* systems = root.get("systems");
  for (const auto& [name, values] : choices) {
    Node* system = systems->get(name);
    if (system->kind == Node::Kind::null) *system = config::make_map();
    for (const auto& [key, value] : values) system->put(key, value);
  }
  Plan chosen = make_plan(root, plan.plugins, plan.folder);
  std::vector<std::string> warnings = plan.warnings;
  for (const std::string& warning : chosen.warnings) {  // only the new warnings
    if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) warnings.push_back(warning);
  }
  chosen.warnings = std::move(warnings);
  return chosen;
}

std::string unknown_system(const Plan& plan, std::string_view name) {
  std::vector<std::string> names;
  for (const System& system : plan.systems) names.push_back(system.name);
  return runs::unknown_system(name, names);
}

config::Origin place_of(const Plan& plan, const System& system, const std::string& key) {
  for (const auto& [written, value] : system.overrides) {
    if (written == key) return value.origin;
    if (key.starts_with(written + ".")) {
      const std::string rest = key.substr(written.size() + 1);
      if (value.find(rest) != nullptr) return config::where(value, rest);
    }
  }
  return config::where(plan.root, key);
}

const System& system_named(const Plan& plan, std::string_view name) {
  for (const System& system : plan.systems) {
    if (system.name == name) return system;
  }
  throw ConfigError(unknown_system(plan, name));
}

std::vector<config::OptionRow> plan_rows() {
  std::vector<config::OptionRow> rows = config::descriptions(top_rows());
  rows.push_back(config::path_option(
      "extends", "",
      "another plan, on which this one is based: its keys apply where this plan does not set them, and "
      "a key with the value null removes a section or system of it"));
  for (config::OptionRow& row : rows) {
    const auto expand = [&row](std::vector<config::OptionRow> inner) {
      row.type = config::OptionRow::Type::section;
      row.inner = std::move(inner);
    };
    if (row.name == "data") expand(config::descriptions(data::data_rows()));
    if (row.name == "model") expand(config::descriptions(models::model_rows()));
    if (row.name == "training") expand(config::descriptions(training::training_rows()));
    if (row.name == "decoding") expand(config::descriptions(decoding::search_rows()));
  }
  return rows;
}

}  // namespace regard::experiment
