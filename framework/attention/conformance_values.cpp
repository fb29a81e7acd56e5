// The checks of the outputs: weights, padding, sources and states of unusual sizes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/attention/conformance_parts.h"

namespace regard::attention {
namespace {

constexpr Index kLong = 1000;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// "" or what is wrong with the weights of a result: finite, >= 0, 0 on padding, and their sum.
struct WeightsFound {
  std::string wrong;
  double sum_error = 0;  // |sum - 1| at most, or by how much it exceeds 1
};
WeightsFound inspect_weights(const Subject& subject, const Inputs& inputs, const Outputs& out, double tolerance,
                             const std::string& name = "weights") {
  WeightsFound found;
  const Outputs::Part& weights = out.part(name);
  for (Index row = 0; row < inputs.B() * inputs.T; ++row) {
    const Index length = inputs.lengths[static_cast<std::size_t>(row / inputs.T)];
    double sum = 0;
    for (Index s = 0; s < inputs.S; ++s) {
      const double w = weights.values[static_cast<std::size_t>(row * inputs.S + s)];
      const std::string at = name + " " + place(weights.shape, row * inputs.S + s);
      if (!std::isfinite(w)) found.wrong = fmt::format("{} is {}", at, w);
      if (w < 0) found.wrong = fmt::format("{} is {:.6g}, below 0", at, w);
      if (s >= length && w != 0) {
        found.wrong =
            fmt::format("{} is {:.6g}, but the sentence has {} positions: mask by source.lengths", at, w, length);
      }
      if (!found.wrong.empty()) return found;
      sum += w;
    }
    const double error = subject.variant.normalised ? std::abs(sum - 1) : std::max(0.0, sum - 1);
    found.sum_error = std::max(found.sum_error, error);
    if (error > tolerance) {
      found.wrong = fmt::format(
          "the {} of query {} sum to {:.9g} instead of {}",
          name == "weights" ? name : fmt::format("weights of {}", name), place({inputs.B(), inputs.T}, row), sum,
          subject.variant.normalised ? "1; a variant whose weights do not says `.normalised = false`"
                                     : "at most 1");
      return found;
    }
  }
  return found;
}

// "" or the first number that is not finite.
std::string not_finite(const Outputs& out) {
  for (const auto& part : out.parts) {
    for (std::size_t i = 0; i < part.values.size(); ++i) {
      if (!std::isfinite(part.values[i])) {
        return fmt::format("the {} {} is {}", part.name, place(part.shape, static_cast<Index>(i)), part.values[i]);
      }
    }
  }
  return {};
}

double sum_tolerance(DType type) { return type == DType::f64 ? 1e-12 : 1e-5; }

}  // namespace

Check check_shapes(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  const Inputs inputs = trial.inputs({4, 2, 3}, 5);
  static_cast<void>(trial(inputs));
  return passed("shapes");
}

Check check_weights(const Subject& subject) {
  double worst = 0;
  for (const DType type : {DType::f64, DType::f32}) {
    Trial trial = subject.trial(type);
    const Inputs inputs = trial.inputs({7, 5, 2}, 4);
    const auto found = inspect_weights(subject, inputs, trial(inputs, {.gradients = false}), sum_tolerance(type));
    worst = std::max(worst, found.sum_error);
    if (!found.wrong.empty()) return failed("weights", "", found.wrong);
  }
  return passed("weights", fmt::format("sum off by {:.1e} at most", worst));
}

Check check_copies(const Subject& subject) {
  double worst = 0;
  for (const DType type : {DType::f64, DType::f32}) {
    Trial trial = subject.trial(type);
    const Inputs inputs = trial.inputs({6, 3, 1}, 4);
    const Outputs out = trial(inputs, {.gradients = false});
    const bool copies =
        std::any_of(out.parts.begin(), out.parts.end(), [](const auto& part) { return part.name == "copies"; });
    if (copies != subject.variant.extends_vocabulary) {
      return failed("copies", "",
                    copies ? "a variant that returns copies says `.extends_vocabulary = true`"
                           : "a variant that says `.extends_vocabulary = true` returns copies at every step");
    }
    if (!copies) return skipped("copies", "the variant does not copy");
    const Outputs::Part& copied = out.part("copies");
    const Outputs::Part& generate = out.part("generate");
    for (Index row = 0; row < inputs.B() * inputs.T; ++row) {
      const Index length = inputs.lengths[static_cast<std::size_t>(row / inputs.T)];
      double sum = generate.values[static_cast<std::size_t>(row)];
      if (!(sum >= 0)) {
        return failed("copies", "", fmt::format("generate {} is {:.6g}", place(generate.shape, row), sum));
      }
      for (Index s = 0; s < inputs.S; ++s) {
        const double c = copied.values[static_cast<std::size_t>(row * inputs.S + s)];
        const std::string at = place(copied.shape, row * inputs.S + s);
        if (!(c >= 0)) return failed("copies", "", fmt::format("copies {} is {:.6g}", at, c));
        if (s >= length && c != 0) {
          return failed("copies", "",
                        fmt::format("copies {} is {:.6g}, but the sentence has {} positions", at, c, length));
        }
        sum += c;
      }
      worst = std::max(worst, std::abs(sum - 1));
      if (std::abs(sum - 1) > sum_tolerance(type)) {
        return failed("copies", "",
                      fmt::format("generate and copies of query {} sum to {:.9g} instead of 1",
                                  place({inputs.B(), inputs.T}, row), sum));
      }
    }
  }
  return passed("copies", fmt::format("mass off by {:.1e} at most", worst));
}

Check check_maps(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  const Inputs inputs = trial.inputs({6, 3, 1}, 4);
  const Outputs out = trial(inputs, {.gradients = false});
  const Outputs::Part& weights = out.part("weights");
  std::vector<double> mean(weights.values.size());
  Index count = 0;
  for (const Outputs::Part& part : out.parts) {
    if (!part.name.starts_with("map ")) continue;
    ++count;
    const auto found = inspect_weights(subject, inputs, out, sum_tolerance(DType::f64), part.name);
    if (!found.wrong.empty()) return failed("maps", "", found.wrong);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += part.values[i];
  }
  if (count == 0) return skipped("maps", "the variant has one map, its weights");
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const double m = mean[i] / static_cast<double>(count);
    if (std::abs(m - weights.values[i]) <= kEqual64) continue;
    return failed("maps", "",
                  fmt::format("weights {} is {:.6g}, but the mean of the {} maps there is {:.6g}",
                              place(weights.shape, static_cast<Index>(i)), weights.values[i], count, m));
  }
  return passed("maps", fmt::format("{} maps", count));
}

Check check_padding(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  const Inputs clean = trial.inputs({3, 6, 1}, 3);
  Inputs planted = clean;
  const Index key = subject.sizes.key;
  const auto on_padding = [&](Index flat, Index width) {
    const Index row = flat / width;
    return row % clean.S >= clean.lengths[static_cast<std::size_t>(row / clean.S)];
  };
  for (std::size_t i = 0; i < planted.h_s.size(); ++i) {
    if (on_padding(static_cast<Index>(i), key)) planted.h_s[i] = kNan;
  }
  for (std::size_t i = 0; i < planted.word_vectors.size(); ++i) {
    if (on_padding(static_cast<Index>(i), subject.sizes.embedding)) planted.word_vectors[i] = kNan;
  }
  const Outputs expected = trial(clean);
  if (const std::string wrong = not_finite(expected); !wrong.empty()) {
    return failed(
        "padding", "",
        fmt::format("with padding in the batch {}: h_s is 0 there, so look for a division by a norm or a "
                    "sum, or a root of it; 0 times nan is nan in a backward",
                    wrong));
  }
  const Outputs found = trial(planted);
  const Outputs::Part& gradient = found.part("gradient of h_s");
  for (std::size_t i = 0; i < gradient.values.size(); ++i) {
    if (on_padding(static_cast<Index>(i), key) && gradient.values[i] != 0) {
      return failed(
          "padding", "",
          fmt::format("the gradient of h_s {} is {:.6g}, but that is padding: take states from source.h_s "
                      "and mask by source.lengths",
                      place(gradient.shape, static_cast<Index>(i)), gradient.values[i]));
    }
  }
  const Difference d = difference(expected, found, kEqual64);
  if (d.error > kEqual64) {
    return failed("padding", "",
                  fmt::format("NaN in the padding of h_s makes the {} {:.6g} instead of {:.6g}: take states from "
                              "source.h_s, which is 0 there, and mask by source.lengths",
                              d.where, d.b, d.a));
  }
  const auto mask = inspect_weights(subject, clean, expected, std::numeric_limits<double>::infinity());
  if (!mask.wrong.empty()) return failed("padding", "", mask.wrong);
  return passed("padding", "NaN planted in it stays there");
}

Check check_one_word(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  for (const std::vector<Index>& lengths : {std::vector<Index>{1}, std::vector<Index>{1, 4}}) {
    const Inputs inputs = trial.inputs(lengths, 2);
    const Outputs out = trial(inputs);
    std::string wrong = not_finite(out);
    if (wrong.empty()) wrong = inspect_weights(subject, inputs, out, sum_tolerance(DType::f64)).wrong;
    if (!wrong.empty()) {
      return failed(
          "one word", "",
          fmt::format("with a source of one word {}: look for a division by length - 1 or by a deviation", wrong));
    }
  }
  return passed("one word");
}

Check check_long_source(const Subject& subject) {
  Trial trial = subject.trial(DType::f32);
  const Inputs inputs = trial.inputs({kLong, 3}, 2);
  const Outputs out = trial(inputs);
  std::string wrong = not_finite(out);
  if (wrong.empty()) wrong = inspect_weights(subject, inputs, out, sum_tolerance(DType::f32)).wrong;
  const std::string figure = fmt::format("{} words", kLong);
  if (wrong.empty()) return passed("long source", figure);
  return failed(
      "long source", figure,
      fmt::format("with a source of {} words {}: look for sums that grow with the length", kLong, wrong));
}

Check check_extreme(const Subject& subject) {
  for (const DType type : {DType::f32, DType::f64}) {
    Trial trial = subject.trial(type);
    const Inputs inputs = trial.inputs({5, 3}, 3, 1e3);
    const Outputs out = trial(inputs);
    std::string wrong = not_finite(out);
    if (wrong.empty()) wrong = inspect_weights(subject, inputs, out, sum_tolerance(type)).wrong;
    if (!wrong.empty()) {
      return failed("extreme", "states x 1e3",
                    fmt::format("with states of size 1000 {}: subtract the "
                                "largest energy before exp(), or take softmax()",
                                wrong));
    }
  }
  return passed("extreme", "states x 1e3");
}

}  // namespace regard::attention
