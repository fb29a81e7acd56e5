#include "framework/training/divergence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/base/errors.h"
#include "framework/training/gradients.h"

namespace regard::training {
namespace {

// Returns the word without the sign that a NaN may have.
const char* word_for(double number) { return std::isnan(number) ? "nan" : "inf"; }

std::string circumstances(const Moment& moment) {
  constexpr Index kShown = 8;
  const data::Batch& batch = moment.batch;
  std::string lines;
  for (Index b = 0; b < std::min(batch.B, kShown); ++b) {
    const auto pair = static_cast<std::size_t>(batch.sentences[static_cast<std::size_t>(b)]);
    lines += fmt::format("{}{}", b == 0 ? "" : ", ", moment.train.lines[pair] + 1);
  }
  if (batch.B > kShown) lines += fmt::format(" and {} more", batch.B - kShown);
  const std::string checkpoint = moment.last_checkpoint == 0
                                     ? "there is no checkpoint yet"
                                     : fmt::format("the last checkpoint is of step {}", moment.last_checkpoint);
  return fmt::format("the batch has lines {}; {}", lines, checkpoint);
}

}  // namespace

void require_finite_loss(double loss, const nn::ParamStore& params, const Tape& tape, const Moment& moment) {
  if (std::isfinite(loss)) return;
  const std::string parameter = first_non_finite_value(params);
  throw NonFiniteError(
      fmt::format("step {}: loss is {}; first non-finite value came from {}; {}", moment.step, word_for(loss),
                  parameter.empty() ? tape.first_non_finite() : "parameter " + parameter, circumstances(moment)));
}

void require_finite_gradients(double norm, const nn::ParamStore& params, const Moment& moment) {
  if (std::isfinite(norm)) return;
  throw NonFiniteError(
      fmt::format("step {}: the norm of the gradients is {}; the first non-finite gradient is of {}; {}",
                  moment.step, word_for(norm), first_non_finite_gradient(params), circumstances(moment)));
}

void require_finite_validation(double loss, Index step) {
  if (std::isfinite(loss)) return;
  throw NonFiniteError(fmt::format("step {}: the validation loss is {}", step, word_for(loss)));
}

void require_no_explosion(double loss, double limit, Index vocabulary, const Moment& moment) {
  if (limit == 0) return;
  const double guessing = std::log(static_cast<double>(vocabulary));
  if (loss <= limit * guessing) return;
  throw NonFiniteError(
      fmt::format("step {}: the loss has exploded to {:.4g} nats a word (uniform guessing: {:.4g}); {}",
                  moment.step, loss, guessing, circumstances(moment)));
}

}  // namespace regard::training
