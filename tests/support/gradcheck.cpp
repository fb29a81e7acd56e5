#include "tests/support/gradcheck.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/tensors.h"

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

// Returns the scalar that is differentiated.
struct Objective {
  const std::vector<Shape>& shapes;
  const std::function<Var(const Vars&)>& fn;
  Key cotangent;

  // Returns sum(fn(inputs) * R), added `times` times; `as_var` puts the inputs on the tape.
  template <class AsVar>
  [[nodiscard]] Var total(Tape& tape, int times, AsVar as_var) const {
    Vars inputs;
    for (std::size_t i = 0; i < shapes.size(); ++i) inputs.push_back(as_var(i));
    Var total;
    for (int time = 0; time < times; ++time) {
      const Var y = fn(inputs);
      const Tensor R = tape.tensor(y.shape());
      cotangent.fill_uniform(std::span<double>(R.data<double>(), static_cast<std::size_t>(R.size())), -1.0, 1.0);
      const Var part = sum(mul(y, tape.input(R)));
      total = total.empty() ? part : add(total, part);
    }
    return total;
  }

  [[nodiscard]] Tensor tensor(Values& values, std::size_t i) const {
    return {values[i].data(), DType::f64, shapes[i]};
  }

  [[nodiscard]] double value(Values& values) const {
    Tape tape(DType::f64);
    return total(tape, 1, [&](std::size_t i) { return tape.input(tensor(values, i)); }).value().at(0);
  }

  // Returns the gradients of all inputs, or only of input `only`.
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  [[nodiscard]] Values gradients(Values& values, int times, std::size_t only = kAll) const {
    Values grads = values;
    for (auto& grad : grads) std::fill(grad.begin(), grad.end(), std::numeric_limits<double>::quiet_NaN());
    Tape tape(DType::f64);
    tape.backward(total(tape, times, [&](std::size_t i) {
      return only == kAll || only == i ? tape.leaf(tensor(values, i), tensor(grads, i), false)
                                       : tape.input(tensor(values, i));
    }));
    return grads;
  }
};

}  // namespace

std::string gradcheck(const char* name, const std::vector<Shape>& shapes,
                      const std::function<Var(const Vars&)>& fn, const GradcheckOptions& options) {
  const Key key(options.seed, "gradcheck");
  Values values;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    auto& input = values.emplace_back(static_cast<std::size_t>(shapes[i].size()));
    key.with(i).fill_uniform(std::span<double>(input), options.low, options.high);
  }
  const Objective objective{shapes, fn, key.with("cotangent")};
  const Values once = objective.gradients(values, 1);
  const Values twice = objective.gradients(values, 2);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::vector<double> alone = objective.gradients(values, 1, i)[i];
    for (std::size_t at = 0; at < values[i].size(); ++at) {
      const double kept = values[i][at];
      values[i][at] = kept + options.step;
      const double above = objective.value(values);
      values[i][at] = kept - options.step;
      const double below = objective.value(values);
      values[i][at] = kept;
      const auto compare = [&](double analytic, double numeric, const char* what) -> std::string {
        const double error = std::abs(analytic - numeric) / std::max({1.0, std::abs(analytic), std::abs(numeric)});
        if (error <= options.tolerance) return {};  // false for NaN, so NaN is reported
        return fmt::format(
            "gradcheck {}: {}input {} at {}: analytic {:.6g}, numeric {:.6g} (rel {:.1e}, allowed {:.0e}); seed "
            "{}",
            name, what, i, place(shapes[i], static_cast<Index>(at)), analytic, numeric, error, options.tolerance,
            options.seed);
      };
      const double numeric = (above - below) / (2 * options.step);
      if (auto text = compare(once[i][at], numeric, ""); !text.empty()) return text;
      if (auto text = compare(twice[i][at], 2 * numeric, "applied twice, "); !text.empty()) return text;
      if (auto text = compare(alone[at], numeric, "alone, "); !text.empty()) return text;
    }
  }
  return {};
}

std::string differ(const std::vector<Shape>& shapes, const std::function<Var(const Vars&)>& fn,
                   const std::function<Var(const Vars&)>& other, double tolerance) {
  std::vector<Leaf> leaves;
  for (const Shape& shape : shapes) leaves.emplace_back(DType::f64, shape, leaves.size() + 1);
  Tape tape(DType::f64);
  Vars in;
  for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
  return differs(fn(in), values(other(in)), tolerance);
}

}  // namespace regard::testing
