#pragma once
// Does a system use its attention? Compares its losses and translations with other weights (runs/interventions.h) with
// those of its own weights.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/evaluation/comparison.h"
#include "framework/runs/results.h"

namespace regard::report {

struct Analysis;

// A change from a system's own weights to others, with its 95 % interval: of training again with other seeds and
// testing on other sentences if there are several seeds, else of these models on other sentences.
struct Effect {
  double change = 0;
  double low = 0, high = 0;
};

// The change of loss in a bucket of source lengths.
struct EffectByLength {
  double length = 0;  // mean
  std::string range;  // "3–7"
  Index sentences = 0;
  Effect loss;
};

// One kind of weights of one system on one test set.
struct InterventionEffect {
  std::string system, test, kind;
  std::vector<Index> seeds;
  Effect loss;                                 // in nats a token
  std::optional<Effect> bleu;                  // no value for gold weights, which belong to the reference's words
  std::string other;                           // whose weights, for kind "other"
  std::vector<EffectByLength> by_length = {};  // of even weights
};

struct InterventionAnalysis {
  std::vector<InterventionEffect> effects;     // by test set, system, kind
  std::map<std::string, std::string> refused;  // system -> why its weights cannot be replaced
  std::vector<std::string> missing;            // systems with attention that have finished runs without results
};

// A system does not use its attention if even weights change its loss by less than this many nats a token: the whole 95 %
// interval is between -x and x. 0.02 nats are 2 % of perplexity, far less than a reader of translations would notice.
inline constexpr double kUnusedLoss = 0.02;

// Sets analysis.interventions, and adds a clause to the reservations of comparisons in which a system does not use its
// attention. `analysis` has its buckets and comparisons.
void add_interventions(Analysis& analysis);

// Returns the one line that says how to make the missing results; "" if none are missing.
[[nodiscard]] std::string how_to_intervene(const Analysis& analysis);

}  // namespace regard::report
