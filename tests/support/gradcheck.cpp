#include "tests/support/gradcheck.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/autodiff/ops.h"

namespace regard::testing {
namespace {

using Values = std::vector<std::vector<double>>;

std::string place(const Shape& shape, Index flat) {
  std::vector<Index> at(static_cast<std::size_t>(shape.rank()));
  for (int axis = shape.rank(); axis-- > 0;) {
    at[static_cast<std::size_t>(axis)] = flat % shape[axis];
    flat /= shape[axis];
  }
  return fmt::format("[{}]", fmt::join(at, ", "));
}

// sum(fn(inputs) * R), applied `times` times and added; with gradients into `grads` unless null.
double evaluate(const std::vector<Shape>& shapes, Values& values, const std::function<Var(const Vars&)>& fn,
                const Key& key, int times, Values* grads) {
  Tape tape(DType::f64);
  Vars inputs;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Tensor value(values[i].data(), DType::f64, shapes[i]);
    inputs.push_back(grads == nullptr
                         ? tape.input(value)
                         : tape.leaf(value, Tensor((*grads)[i].data(), DType::f64, shapes[i]), false));
  }
  Var total;
  for (int time = 0; time < times; ++time) {
    const Var y = fn(inputs);
    const Tensor cotangent = tape.tensor(y.shape());
    key.fill_uniform(std::span<double>(cotangent.data<double>(), static_cast<std::size_t>(cotangent.size())), -1.0,
                     1.0);
    const Var part = sum(mul(y, tape.input(cotangent)));
    total = total.empty() ? part : add(total, part);
  }
  if (grads != nullptr) {
    // A leaf that nothing touches keeps what stands in its gradient: zero, as an optimiser would have it.
    for (auto& grad : *grads) std::fill(grad.begin(), grad.end(), 0.0);
    tape.backward(total);
  }
  return total.value().at(0);
}

}  // namespace

std::string gradcheck(const char* name, const std::vector<Shape>& shapes,
                      const std::function<Var(const Vars&)>& fn, const GradcheckOptions& options) {
  const Key key(options.seed, "gradcheck");
  const Key cotangent = key.with("cotangent");
  Values values;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    auto& input = values.emplace_back(static_cast<std::size_t>(shapes[i].size()));
    key.with(i).fill_uniform(std::span<double>(input), options.low, options.high);
  }
  Values once = values;
  Values twice = values;
  evaluate(shapes, values, fn, cotangent, 1, &once);
  evaluate(shapes, values, fn, cotangent, 2, &twice);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    for (std::size_t at = 0; at < values[i].size(); ++at) {
      const double kept = values[i][at];
      values[i][at] = kept + options.step;
      const double above = evaluate(shapes, values, fn, cotangent, 1, nullptr);
      values[i][at] = kept - options.step;
      const double below = evaluate(shapes, values, fn, cotangent, 1, nullptr);
      values[i][at] = kept;
      const auto compare = [&](double analytic, double numeric, const char* what) -> std::string {
        const double error = std::abs(analytic - numeric) / std::max({1.0, std::abs(analytic), std::abs(numeric)});
        if (error <= options.tolerance) return {};  // false for NaN, which then is reported
        return fmt::format(
            "gradcheck {}: {}input {} at {}: analytic {:.6g}, numeric {:.6g} (rel {:.1e}, allowed {:.0e}); "
            "seed {}",
            name, what, i, place(shapes[i], static_cast<Index>(at)), analytic, numeric, error, options.tolerance,
            options.seed);
      };
      const double numeric = (above - below) / (2 * options.step);
      if (auto text = compare(once[i][at], numeric, ""); !text.empty()) return text;
      if (auto text = compare(twice[i][at], 2 * numeric, "applied twice, "); !text.empty()) return text;
    }
  }
  return {};
}

}  // namespace regard::testing
