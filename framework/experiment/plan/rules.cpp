// Checks the rules of a plan that concern several keys. An impossible plan is a ConfigError with the place; a doubtful
// one gets a warning.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "framework/attention/registry.h"
#include "framework/base/nearest.h"
#include "framework/config/section.h"
#include "framework/config/write.h"
#include "framework/experiment/plan/grid.h"
#include "framework/experiment/plan/plan.h"
#include "framework/experiment/plan/trials.h"

namespace regard::experiment {
namespace {

using config::Node;

void check_names(Plan& plan, const Node& root) {
  if (plan.systems.empty()) {
    config::fail_at(config::where(root, "systems"), "systems", "a plan needs at least one system");
  }
  std::vector<std::string> names;
  for (const System& system : plan.systems) names.push_back(system.name);
  if (!std::is_sorted(plan.report.length_buckets.begin(), plan.report.length_buckets.end(), std::less_equal<>())) {
    config::fail_at(
        config::where(root, "report.length_buckets"), "report.length_buckets",
        fmt::format("the bounds must increase, got [{}]", fmt::join(plan.report.length_buckets, ", ")));
  }
  const auto& metrics = plan.report.metrics;
  const auto refuse_metrics = [&](const std::string& why) {
    config::fail_at(config::where(root, "report.metrics"), "report.metrics", why);
  };
  if (metrics.empty()) refuse_metrics("a table needs one metric at least");
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const auto before = metrics.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(metrics.begin(), before, metrics[i]) == before) continue;
    refuse_metrics(fmt::format("'{}' is named twice; leave out one of the two", runs::name_of(metrics[i])));
  }
  if (plan.report.baseline.empty()) plan.report.baseline = names.front();
  if (std::find(names.begin(), names.end(), plan.report.baseline) == names.end()) {
    config::fail_at(config::where(root, "report.baseline"), "report.baseline",
                    unknown_system(plan, plan.report.baseline));
  }
}

void check_seeds(const Plan& plan, const Node& root) {
  if (plan.seeds.empty()) config::fail_at(config::where(root, "seeds"), "seeds", "a plan needs at least one seed");
  std::set<Index> seen;
  for (const Index seed : plan.seeds) {
    if (!seen.insert(seed).second) {
      config::fail_at(config::where(root, "seeds"), "seeds",
                      fmt::format("seed {} is listed twice; a second identical run adds nothing", seed));
    }
  }
}

// Checks that the claim can be decided by the plan's runs.
void check_claim(const Plan& plan, const Node& root) {
  const runs::Claim& claim = plan.report.claim;
  const auto refuse = [&](const std::string& key, const std::string& why) {
    config::fail_at(config::where(root, key), key, why);
  };
  const Node* const written = root.find("report.claim");
  const bool claims = written != nullptr && written->kind == Node::Kind::map;
  if (plan.rounds && !claims) {
    refuse("seeds.until", "'decided' needs report.claim, which says what is to be decided");
  }
  if (!claims) return;
  if (claim.empty()) refuse("report.claim.test", "is missing; name the test set that decides");
  if (plan.systems.size() < 2)
    refuse("report.claim", "needs a second system, which is compared with the baseline");
  if (plan.seeds.size() < 2) refuse("seeds", "report.claim needs at least two seeds");
  if (plan.systems.front().decoding.test == decoding::TestSets::never) {
    refuse("decoding.test", "report.claim needs the translations of a test set; leave out one of the two");
  }
  if (!plan.data.files.test.empty()) {
    std::vector<std::string> names;
    for (const auto& [name, files] : plan.data.files.test) names.push_back(name);
    require_claimed_test(plan, names);
  }
}

void check_model(const System& system, const Node& tree) {
  const models::ModelOptions& model = system.model;
  // The message names the first key. Its place is that of the first of the keys that the plan writes.
  const auto fail = [&](const std::vector<const char*>& keys, const std::string& message) {
    const auto written =
        std::find_if(keys.begin(), keys.end(), [&](const char* key) { return tree.find(key) != nullptr; });
    config::fail_at(config::where(tree, written == keys.end() ? keys.front() : *written), keys.front(),
                    fmt::format("{} (system '{}')", message, system.name));
  };
  const Index width = models::encoder_width(model);
  if (model.encoder.bidirectional && width % 2 != 0) {
    fail({"model.encoder.bidirectional", "model.encoder.hidden", "model.hidden"},
         fmt::format("each of the two directions has half of the width {}; make it even", width));
  }
  if (model.decoder.bridge == models::Bridge::copy &&
      (width != model.hidden || model.encoder.layers != model.decoder.layers)) {
    fail({"model.decoder.bridge", "model.encoder.layers", "model.encoder.hidden", "model.decoder.layers",
          "model.hidden"},
         fmt::format(
             "'copy' needs equal widths and layers, but the encoder has {} layers of {} and the decoder {} of {}; "
             "'linear' bridges them",
             model.encoder.layers, width, model.decoder.layers, model.hidden));
  }
  const Index readout = models::readout_width(model);
  if (model.tied_embeddings != models::Tied::none && readout != model.embedding) {
    fail({"model.tied_embeddings", "model.decoder.readout_size", "model.embedding", "model.hidden"},
         fmt::format("the output layer reads {} units, but an embedding has {}, and both use the same matrix; set "
                     "model.decoder.readout_size to {}",
                     readout, model.embedding, model.embedding));
  }
  if (model.tied_embeddings == models::Tied::all && !model.decoder.embeddings.empty()) {
    fail({"model.decoder.embeddings"},
         "tied_embeddings 'all' uses one matrix; name its file as model.encoder.embeddings");
  }
  const std::string why = models::attention_refusal(model);
  if (!why.empty())
    fail({"model.attention"}, fmt::format("attention '{}' {}", models::attention_of(model)->name, why));
}

void check_attention_losses(const Plan& plan, const System& system, const Node& tree) {
  const bool attends = models::attention_of(system.model) != nullptr;
  for (const auto& [key, weight] :
       {std::pair("training.attention_entropy", system.training.attention_entropy),
        std::pair("training.attention_coverage", system.training.attention_coverage)}) {
    if (weight == 0 || attends) continue;
    config::fail_at(
        config::where(tree, key), key,
        fmt::format("there is no attention that has weights; set it to 0 for this system (system '{}')",
                    system.name));
  }
  if (system.training.guided_alignment == 0) return;
  const auto fail = [&](const std::string& message) {
    config::fail_at(config::where(tree, "training.guided_alignment"), "training.guided_alignment",
                    fmt::format("{} (system '{}')", message, system.name));
  };
  if (!attends) fail("there is no attention to guide; set it to 0 for this system");
  if (plan.data.tokenizer.name != "word") {
    fail(fmt::format("alignments link words, but the tokenizer is '{}'; use the tokenizer 'word'",
                     plan.data.tokenizer.name));
  }
}

void check_copying(const System& system, const Node& tree) {
  if (!models::copies_words(system.model)) return;
  const auto refuse = [&](const char* key, const char* what) {
    config::fail_at(config::where(tree, key), key,
                    fmt::format("attention '{}' copies words, and {} (system '{}')", system.model.attention.name,
                                what, system.name));
  };
  if (system.training.label_smoothing > 0) {
    refuse("training.label_smoothing", "smoothing is over the vocabulary alone; set it to 0 for this system");
  }
  if (system.training.scheduled_sampling.decay != training::ScheduledSampling::Decay::none) {
    refuse("training.scheduled_sampling.decay",
           "the model's own words are then not those of the output layer alone; set it to none for this system");
  }
}

// A budget says how long every training is; keys that say something else would be passed over in silence.
void check_budget(const Plan& plan, const System& system, const Node& tree) {
  const runs::Budget& budget = plan.budget;
  const int lengths = (budget.updates > 0 ? 1 : 0) + (budget.tokens > 0 ? 1 : 0) + (budget.minutes > 0 ? 1 : 0);
  if (lengths > 1) {
    config::fail_at(config::where(tree, "budget"), "budget",
                    "only one of updates, tokens and minutes can be equal for all systems");
  }
  if (lengths == 1) {
    for (const char* key : {"epochs", "max_updates", "max_tokens", "max_minutes", "patience"}) {
      const std::string dotted = fmt::format("training.{}", key);
      const Node* written = tree.find(dotted);
      const Node meant = config::to_node(training::training_rows(), system.training);
      if (written == nullptr || written->kind != Node::Kind::scalar) continue;
      const bool as_meant = std::string_view(key) == "patience" ? system.training.patience == 0
                                                                : written->scalar == meant.get(key)->scalar;
      if (as_meant) continue;
      config::fail_at(
          written->origin, dotted,
          fmt::format("the budget sets the length of a training (system '{}'); leave out one of the two",
                      system.name));
    }
  }
  const models::ModelOptions& model = system.model;
  if (budget.parameters && system.name != plan.report.baseline && model.tied_embeddings != models::Tied::none &&
      model.decoder.readout_size == 0) {
    config::fail_at(
        config::where(tree, "model.tied_embeddings"), "model.tied_embeddings",
        fmt::format(
            "budget.parameters chooses model.hidden, which the output layer then reads, but tied embeddings "
            "need it to read {} units; set model.decoder.readout_size to {} (system '{}')",
            model.embedding, model.embedding, system.name));
  }
  if (budget.parameters && system.model.encoder.hidden != 0) {
    config::fail_at(config::where(tree, "model.encoder.hidden"), "model.encoder.hidden",
                    fmt::format("budget.parameters chooses model.hidden, and the encoder must follow it; leave "
                                "model.encoder.hidden out (system '{}')",
                                system.name));
  }
}

// If only some systems translate the test sets, the systems cannot be compared.
void check_decoding(const System& system, const Node& root) {
  const Node* common = root.find("decoding.test");
  const bool never = common != nullptr && common->scalar == "never";
  if (never == (system.decoding.test == decoding::TestSets::never)) return;
  config::fail_at(config::where(root, "systems." + system.name), "decoding.test",
                  fmt::format("is common to all systems; write it under decoding (system '{}')", system.name));
}

// Halving counts epochs, so all candidates must have the same whole number of them.
void check_halving(const Plan& plan, const Node& root) {
  if (plan.tune.halving.first == 0) return;
  const auto fail = [&](const std::string& why) {
    config::fail_at(config::where(root, "tune.halving.first"), "tune.halving.first", why);
  };
  const System& first = plan.systems.front();
  if (plan.budget.of_length() || plan.tune.budget.of_length() || first.training.epochs.is_auto())
    fail("needs a number of epochs: leave out budget, tune.budget and training.epochs: auto, or halving");
  for (const System& system : plan.systems) {
    if (system.training.epochs == first.training.epochs) continue;
    fail(fmt::format("needs the same training.epochs for all systems, but '{}' has others than '{}'", system.name,
                     first.name));
  }
  for (const auto* varied : {&plan.tune.grid, &plan.tune.space}) {
    for (const auto& [key, values] : *varied) {
      if (key == "training.epochs" || key == "training")
        fail("cannot be used while the tuning varies training.epochs");
    }
  }
  if (plan.tune.halving.first >= first.training.most_epochs()) {
    fail(fmt::format("is {}, but a training has only {} epochs; a smaller one, or 0 for no halving",
                     plan.tune.halving.first, first.training.most_epochs()));
  }
}

// Checks that tuning has one kind of candidates and distinct seeds, and that the candidates fit every system.
void check_tune(const Plan& plan, const Node& root) {
  const bool random = plan.tune.search == TuneOptions::Search::random;
  const auto fail = [&](const char* key, const char* why) { config::fail_at(config::where(root, key), key, why); };
  if (random && plan.tune.space.empty())
    fail("tune.search", "random draws from tune.space, which the plan does not have");
  if (random && !plan.tune.grid.empty()) fail("tune.grid", "belongs to search: grid; leave out one of the two");
  if (!random && !plan.tune.space.empty())
    fail("tune.space", "belongs to search: random; write that in tune as well");
  if (plan.tune.empty()) return;
  if (plan.tune.seeds.empty()) fail("tune.seeds", "tuning needs at least one seed");
  const std::set<Index> different(plan.tune.seeds.begin(), plan.tune.seeds.end());
  if (different.size() != plan.tune.seeds.size()) fail("tune.seeds", "a seed is listed twice");
  check_halving(plan, root);
  if (random) {
    static_cast<void>(crossed(root, tuning_points(plan), *root.find("tune.space"), "tune.space"));
  } else {
    static_cast<void>(crossed(root, *root.find("tune.grid"), "tune.grid"));
  }
}

// Warns about two systems with equal options, which would be trained twice.
void note_twins(Plan& plan) {
  std::map<std::string, std::string> seen;  // options as text -> the first system with them
  for (const System& system : plan.systems) {
    Node node = config::make_map();
    node.put("model", config::to_node(models::model_rows(), system.model));
    node.put("training", config::to_node(training::training_rows(), system.training));
    node.put("decoding", config::to_node(decoding::search_rows(), system.decoding));
    const auto [twin, fresh] = seen.emplace(config::to_yaml(node), system.name);
    if (fresh) continue;
    plan.warnings.push_back(fmt::format("systems '{}' and '{}' are the same", twin->second, system.name));
  }
}

void note_doubts(Plan& plan, const System& system) {
  const models::ModelOptions& model = system.model;
  if (model.residual && model.encoder.layers == 1 && model.decoder.layers == 1) {
    plan.warnings.push_back(fmt::format(
        "system '{}': model.residual has no effect with one layer; it starts at the second", system.name));
  }
  const training::TrainingOptions& training = system.training;
  if (const auto why = models::why_not(system.model.precision)) {
    const std::string warning = fmt::format("model.precision: {}", *why);  // one warning, even for several systems
    const bool known = std::find(plan.warnings.begin(), plan.warnings.end(), warning) != plan.warnings.end();
    if (!known) plan.warnings.push_back(warning);
  }
  // The number of updates depends on the text: corpora.cpp checks the other cases.
  if (training.validate_every == 0 && training.max_updates == 0 && training.patience >= training.most_epochs()) {
    plan.warnings.push_back(fmt::format("system '{}': training.patience {} can never end {} epochs early",
                                        system.name, training.patience, training.most_epochs()));
  }
}

}  // namespace

void require_free_width(const Node& root) {
  const Node* budget = root.find("budget.parameters");
  if (budget == nullptr || budget->scalar != "true") return;
  for (const char* where : {"grid", "tune.grid", "tune.space"}) {
    const Node* grid = root.find(where);
    if (grid == nullptr || grid->kind != Node::Kind::map) continue;
    for (const Node::Entry& entry : grid->entries) {
      if (entry.key != "model.hidden") continue;
      config::fail_at(entry.origin, fmt::format("{}.model.hidden", where),
                      "budget.parameters chooses model.hidden; leave out one of the two");
    }
  }
}

void require_claimed_test(const Plan& plan, const std::vector<std::string>& tests) {
  const runs::Claim& claim = plan.report.claim;
  if (claim.empty() || std::find(tests.begin(), tests.end(), claim.test) != tests.end()) return;
  const std::string hint = did_you_mean(claim.test, tests);
  config::fail_at(config::where(plan.root, "report.claim.test"), "report.claim.test",
                  fmt::format("no test set is named '{}'{} The data has: {}", claim.test,
                              hint.empty() ? "." : hint, fmt::join(tests, ", ")));
}

void check_rules(Plan& plan, const Node& root, const std::vector<Node>& trees) {
  check_names(plan, root);
  check_seeds(plan, root);
  for (std::size_t at = 0; at < plan.systems.size(); ++at) {
    check_model(plan.systems[at], trees[at]);
    check_attention_losses(plan, plan.systems[at], trees[at]);
    check_copying(plan.systems[at], trees[at]);
    check_budget(plan, plan.systems[at], trees[at]);
    check_decoding(plan.systems[at], root);
    const System& system = plan.systems[at];
    decoding::check_search(system.decoding, models::attention_of(system.model) != nullptr, system.name, trees[at]);
    note_doubts(plan, plan.systems[at]);
  }
  check_claim(plan, root);
  note_twins(plan);
  check_tune(plan, root);
}

}  // namespace regard::experiment
