#include "framework/attention/conformance.h"

#include <fmt/format.h>

#include "framework/attention/conformance_parts.h"

namespace regard::attention {
namespace {

// The sizes that a caller need not choose.
constexpr Index kEmbedding = 5, kWords = 13;

using Function = Check (*)(const Subject&);
// How the variant runs in a check. A check of both is made in training and, if the variant gives something else
// when it translates, also then.
enum class Mode : std::uint8_t { both, training, translating };
struct Row {
  CheckMeaning meaning;
  Function make;
  Mode mode = Mode::both;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> rows = {
      {{"shapes", "attend() runs, and returns the shapes that attention.h names"}, check_shapes},
      {{"gradients", "analytic against numeric gradients in f64, of context, weights and own losses"},
       check_gradients,
       Mode::training},
      {{"keys", "without `.stochastic` no random numbers; with it the same ones for the same key"},
       check_keys,
       Mode::training},
      {{"losses", "those of its own are finite, and no position's depends on later ones"},
       check_losses,
       Mode::training},
      {{"weights", "at least 0, and their sum 1 (or at most 1, if not declared normalised)"}, check_weights},
      {{"copies", "their mass and that of the vocabulary are one, and padding has none"}, check_copies},
      {{"maps", "each keeps the rules of weights, and their mean is the weights"}, check_maps},
      {{"padding", "has weight 0, gets no gradient, and NaN in it stays there"}, check_padding},
      {{"batch", "several sentences give what each gives alone"}, check_batch},
      {{"steps", "all target positions at once give what single steps give"}, check_steps},
      {{"order", "source positions that change places take their weights along"}, check_order},
      {{"one word", "a source of one word gives finite values and gradients"}, check_one_word},
      {{"long source", "1000 source words give finite values, and weights that sum as they should"},
       check_long_source},
      {{"extreme", "states a thousand times as large give finite values and gradients"}, check_extreme},
      {{"memory", "nothing is remembered from one batch to the next"}, check_memory},
      {{"threads", "1, 2, 3 and 4 threads give the same bytes"}, check_threads},
      {{"hypotheses", "those of a beam go on as each would alone, and their state with them"},
       check_hypotheses,
       Mode::translating},
      {{"leaving", "sentences that are done leave the batch, and the others go on as if they had not"},
       check_leaving,
       Mode::translating},
      {{"two tapes", "steps on two tapes that take turns, as in search, give what one tape gives"},
       check_two_tapes,
       Mode::translating},
      {{"input feeding", "gradients in f64 where each step's context enters the next step's query"},
       check_feeding,
       Mode::training},
      {{"save and load", "parameters that were saved and loaded give the same bytes"}, check_save_and_load},
  };
  return rows;
}

Check run(const Row& row, const Subject& subject) {
  try {
    return row.make(subject);
  } catch (const std::exception& error) {
    return failed(row.meaning.name, "", fmt::format("the variant threw: {}", error.what()));
  }
}

// Whether the variant gives something else when it translates.
bool translates_otherwise(Subject subject) {
  const auto out = [&](bool training) {
    subject.training = training;
    Trial trial = subject.trial(DType::f64);
    return trial(trial.inputs({5, 2}, 3), {.gradients = false});
  };
  const Outputs trained = out(true);
  const Outputs translated = out(false);
  return trained.part("weights").values != translated.part("weights").values ||
         trained.part("context").values != translated.part("context").values;
}

}  // namespace

const std::vector<CheckMeaning>& conformance_checks() {
  static const std::vector<CheckMeaning> meanings = [] {
    std::vector<CheckMeaning> all;
    for (const Row& row : rows()) all.push_back(row.meaning);
    return all;
  }();
  return meanings;
}

std::vector<Check> conform(const Variant& variant, Sizes sizes, const config::Options& options, std::uint64_t seed,
                           const std::function<void(const char* check)>& begins) {
  if (sizes.embedding == 0) sizes.embedding = kEmbedding;
  if (sizes.source_words == 0) sizes.source_words = kWords;
  if (sizes.target_words == 0) sizes.target_words = kWords + 2;
  const std::string refusal = variant.refusal(sizes, options);
  Subject subject{variant, sizes, options, seed};
  std::vector<Check> checks;
  bool otherwise = false;
  for (const Row& row : rows()) {
    if (!refusal.empty()) {
      checks.push_back(skipped(row.meaning.name, fmt::format("attention '{}' {}", variant.name, refusal)));
      continue;
    }
    if (!checks.empty() && checks.front().outcome == Outcome::failed) {
      checks.push_back(skipped(row.meaning.name, fmt::format("see '{}'", checks.front().name)));
      continue;
    }
    if (begins) begins(row.meaning.name);
    subject.training = row.mode != Mode::translating;
    Check check = run(row, subject);
    if (row.mode == Mode::both && check.outcome != Outcome::failed && (checks.empty() || otherwise)) {
      subject.training = false;
      Check translating = run(row, subject);
      if (translating.outcome == Outcome::failed) {
        translating.message = fmt::format("when it translates: {}", translating.message);
        check = std::move(translating);
      }
    }
    checks.push_back(std::move(check));
    if (checks.size() == 1 && checks.front().outcome == Outcome::passed) otherwise = translates_otherwise(subject);
  }
  return checks;
}

std::vector<config::Options> options_to_try(const Variant& variant) {
  std::vector<config::Options> all{config::defaults(variant.options)};
  for (const config::OptionRow& row : variant.options) {
    const auto beside = [&](config::Value value) {
      all.push_back(all.front());
      all.back().put(row.name, std::move(value));
    };
    if (row.type == config::OptionRow::Type::boolean) beside({!std::get<bool>(row.default_value.data)});
    if (row.type != config::OptionRow::Type::choice) continue;
    for (const config::Choice& choice : row.choices()) {
      if (choice.name != std::get<std::string>(row.default_value.data)) beside({choice.name});
    }
  }
  return all;
}

std::vector<Check> conform(const Variant& variant, Sizes sizes, std::uint64_t seed) {
  return conform(variant, sizes, config::defaults(variant.options), seed);
}

}  // namespace regard::attention
