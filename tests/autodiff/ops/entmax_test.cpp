#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::gradcheck;
using testing::shape_error;
using testing::values;
using testing::Vars;

using Lengths = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("entmax: rows worked out by hand") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const double tolerance = type == DType::f32 ? 1e-6 : 1e-12;
    // alpha 2 is sparsemax: tau = 0.45, and the last one of the sentence's own is out.
    const Var z = tape.input({1, 1, 4}, {1, 0.9, 0.1, kNan});
    CHECK(differs(entmax(z, tape.input({1}, {2}), Lengths{3}), {0.55, 0.45, 0, 0}, tolerance) == "");
    // alpha 1.5: (z / 2 - tau)^2 over two equal ones is 1/2 each; the third is out at a distance of 2.
    const Var two = tape.input({1, 1, 3}, {5, 5, 3});
    CHECK(differs(entmax(two, tape.input({1}, {1.5}), Lengths{3}), {0.5, 0.5, 0}, tolerance) == "");
    // Near 1 it is softmax.
    const Var y = entmax(tape.input({1, 1, 2}, {0, 1}), tape.input({1}, {1.0001}), Lengths{2});
    CHECK(y.value().at(1) == Approx(1 / (1 + std::exp(-1.0))).epsilon(1e-3));
  }
}

TEST_CASE("entmax: rows sum to one at any size of the energies") {
  for (const double size : {1e-3, 1.0, 1e3, 1e6}) {
    for (const double alpha : {1.01, 1.3, 1.5, 1.9, 2.0}) {
      Tape tape(DType::f64);
      const Tensor z = tape.tensor({2, 3, 5});
      Key(3, "entmax").fill_uniform(std::span<double>(z.data<double>(), 30), -size, size);
      const Var y = entmax(tape.input(z), tape.input({1}, {alpha}), Lengths{5, 3});
      for (Index row = 0; row < 6; ++row) {
        double sum = 0;
        for (Index s = 0; s < 5; ++s) sum += y.value().at(row * 5 + s);
        CHECK(sum == Approx(1).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("entmax: gradcheck of energies and alpha", "[gradcheck]") {
  for (const double alpha : {1.2, 1.5, 1.7, 2.0}) {
    CHECK(gradcheck("entmax of z", {{2, 2, 4}},
                    [&](const Vars& in) {
                      return entmax(in[0], in[0].tape().input({1}, {alpha}), Lengths{4, 3});
                    },
                    {.low = -0.8, .high = 0.8}) == "");
  }
  CHECK(gradcheck("entmax of both", {{2, 2, 4}, {1}},
                  [](const Vars& in) {
                    return entmax(in[0], add_number(scale(sigmoid(in[1]), 0.5), 1.2), Lengths{4, 3});
                  },
                  {.low = -0.8, .high = 0.8}) == "");
}

TEST_CASE("entmax: alphas and shapes that do not fit are refused") {
  Tape tape;
  const auto said = [&](double alpha) {
    return shape_error([&] {
      static_cast<void>(entmax(tape.input(tape.zeros({1, 1, 2})), tape.input({1}, {alpha}), Lengths{2}));
    });
  };
  CHECK(said(1) == "entmax: alpha is 1, and must be in (1, 2]");
  CHECK(said(2.5) == "entmax: alpha is 2.5, and must be in (1, 2]");
  CHECK(shape_error([&] {
          static_cast<void>(entmax(tape.input(tape.zeros({1, 1, 2})), tape.input({2}, {2, 2}), Lengths{2}));
        }).starts_with("entmax: alpha [2]"));
}

}  // namespace regard
