// The gradient check: every number of h_s, h and the parameters (64 of each at most) against central differences
// in f64, through all of attend(); then three ways in which a correct formula can still fail on a tape. Random
// numbers are the same in all passes. For straight_through the differences are those of the soft value.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/attention/conformance_parts.h"

namespace regard::attention {
namespace {

constexpr double kStep = 1e-5;
constexpr double kTolerance = 1e-6;
constexpr Index kMost = 64;  // elements of one input or parameter

// At most kMost indices below n, spread evenly.
std::vector<Index> sample(Index n) {
  std::vector<Index> chosen;
  const Index count = std::min(n, kMost);
  for (Index i = 0; i < count; ++i) chosen.push_back(i * n / count);
  return chosen;
}

class GradientCheck {
 public:
  GradientCheck(Trial& trial, const char* name, How how, bool straight_through)
      : trial_(trial), name_(name), how_(how), inputs_(trial.inputs({4, 2, 1}, 3)) {
    if (straight_through) how_.surrogates = &surrogates_;
  }

  Check operator()() {
    const Outputs analytic = trial_(inputs_, how_);
    compare(analytic, "gradient of h_s", inputs_.h_s.data());
    compare(analytic, "gradient of h", inputs_.h.data());
    const auto has = [&](const char* name) {
      return std::any_of(analytic.parts.begin(), analytic.parts.end(),
                         [&](const auto& p) { return p.name == name; });
    };
    if (has("gradient of embedded")) compare(analytic, "gradient of embedded", inputs_.word_vectors.data());
    if (has("gradient of previous_embedded"))
      compare(analytic, "gradient of previous_embedded", inputs_.previous_vectors.data());
    for (const nn::Param& param : trial_.params().all()) {
      compare(analytic, "gradient of " + param.name(), param.value().data<double>());
    }
    const std::string figure =
        fmt::format("{} numbers, worst {:.1e}{}", count_, worst_, where_.empty() ? "" : " at " + where_);
    if (!std::isfinite(analytic_)) {
      return failed(
          name_, figure,
          fmt::format("the {} is {}, and central differences give {:.6g}: look for a backward that divides "
                      "by 0 or takes its root or logarithm, also on padding, where h_s is 0",
                      where_, analytic_, numeric_));
    }
    if (!(worst_ <= kTolerance)) {
      return failed(name_, figure,
                    fmt::format("the {} is {:.6g}, but central differences give {:.6g} (relative error {:.1e}, "
                                "allowed {:.0e}): look at the backward of the ops that lead there",
                                where_, analytic_, numeric_, worst_, kTolerance));
    }
    return how_.feeding ? passed(name_, figure) : on_the_tape(analytic, figure);
  }

 private:
  void compare(const Outputs& outputs, const std::string& name, double* values) {
    const Outputs::Part& part = outputs.part(name);
    for (const Index i : sample(part.shape.size())) {
      const double kept = values[i];
      values[i] = kept + kStep;
      const double above = objective();
      values[i] = kept - kStep;
      const double below = objective();
      values[i] = kept;
      const double numeric = (above - below) / (2 * kStep);
      const double analytic = part.values[static_cast<std::size_t>(i)];
      double error = std::abs(analytic - numeric) / std::max({1.0, std::abs(analytic), std::abs(numeric)});
      if (!std::isfinite(error)) error = HUGE_VAL;
      ++count_;
      if (error > worst_) {
        worst_ = error;
        where_ = name + " at " + place(part.shape, i);
        analytic_ = analytic;
        numeric_ = numeric;
      }
    }
  }

  double objective() {
    surrogates_.replay();
    return trial_.objective(inputs_, how_);
  }

  Check on_the_tape(const Outputs& once, const std::string& figure) {
    Outputs twice = trial_(inputs_, {.times = 2});
    for (auto& part : twice.parts) {
      if (!part.name.starts_with("gradient")) continue;
      for (double& value : part.values) value /= 2;
    }
    if (const auto d = difference(once, twice, kEqual64); d.error > kEqual64) {
      return failed("gradients", figure,
                    fmt::format("attend() twice on one tape must give twice the gradient, but the {} is {:.6g} "
                                "instead of {:.6g}: a backward of the variant's own writes where it must add",
                                d.where, 2 * d.b, 2 * d.a));
    }
    for (const bool h_s : {true, false}) {
      const Outputs without = trial_(inputs_, {.constant_h_s = h_s, .constant_h = !h_s});
      Outputs kept;
      for (const auto& part : without.parts) kept.parts.push_back(once.part(part.name));
      if (const auto d = difference(kept, without, kEqual64); d.error > kEqual64) {
        return failed("gradients", figure,
                      fmt::format("where {} needs no gradient the {} is {:.6g} instead of {:.6g}: a backward of "
                                  "the variant's own must not depend on which inputs ask for gradients",
                                  h_s ? "h_s" : "h", d.where, d.b, d.a));
      }
    }
    return passed("gradients", figure);
  }

  Trial& trial_;
  const char* name_;
  How how_;
  Inputs inputs_;
  Surrogates surrogates_;
  Index count_ = 0;
  double worst_ = 0, analytic_ = 0, numeric_ = 0;
  std::string where_;
};

}  // namespace

Check check_gradients(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  return GradientCheck(trial, "gradients", {}, subject.variant.straight_through)();
}

Check check_feeding(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  return GradientCheck(trial, "input feeding", {.feeding = true}, subject.variant.straight_through)();
}

}  // namespace regard::attention
