#include "framework/attention/conformance.h"

#include <fmt/format.h>

#include "framework/attention/conformance_parts.h"

namespace regard::attention {
namespace {

using Function = Check (*)(const Subject&);
struct Row {
  CheckMeaning meaning;
  Function make;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> rows = {
      {{"gradients", "analytic against numeric gradients in f64, of context and weights"}, check_gradients},
      {{"weights", "at least 0, and their sum 1 (or at most 1, if not declared normalised)"}, check_weights},
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
      {{"hypotheses", "those of a beam go on as each would alone, and their state with them"}, check_hypotheses},
      {{"leaving", "sentences that are done leave the batch, and the others go on as if they had not"},
       check_leaving},
      {{"two tapes", "steps on two tapes that take turns, as in search, give what one tape gives"},
       check_two_tapes},
      {{"input feeding", "gradients in f64 where each step's context enters the next step's query"},
       check_feeding},
      {{"save and load", "parameters that were saved and loaded give the same bytes"}, check_save_and_load},
  };
  return rows;
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
  const std::string refusal = variant.refusal(sizes, options);
  const Subject subject{variant, sizes, options, seed};
  std::vector<Check> checks;
  for (const Row& row : rows()) {
    if (!refusal.empty()) {
      checks.push_back(skipped(row.meaning.name, fmt::format("attention '{}' {}", variant.name, refusal)));
      continue;
    }
    if (begins) begins(row.meaning.name);
    try {
      checks.push_back(row.make(subject));
    } catch (const std::exception& error) {
      checks.push_back(failed(row.meaning.name, "", fmt::format("the variant threw: {}", error.what())));
    }
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
