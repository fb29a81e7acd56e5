// Compares every op with matrix products, on every path of a product on this machine (backend x instruction set x
// precision), forward and backward, with packed and plain weights, with the same op in double, on random shapes
// with odd tails.
#include <cmath>
#include <random>
#include <set>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/packed_weights.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"
#include "tests/tensor/gemm/gemm_problem.h"

namespace regard::testing {
namespace {

struct Sizes {
  Index B, T, E, H;
};

struct Op {
  const char* name;
  Index products;  // how many follow one another, forward and backward
  std::vector<Shape> shapes;
  std::function<Var(const Vars&)> apply;
};

std::vector<Index> lengths_of(const Sizes& s) {
  std::vector<Index> lengths;
  for (Index b = 0; b < s.B; ++b) lengths.push_back(1 + b * 5 % s.T);
  return lengths;
}

std::vector<Op> ops_for(const Sizes& s) {
  const Index B = s.B, T = s.T, E = s.E,
              H = s.H;  // no structured binding: a lambda cannot capture one in clang 14
  const std::vector<Index> lengths = lengths_of(s);
  std::vector<Index> targets;
  for (Index i = 0; i < B * T; ++i) targets.push_back(i % 5 == 4 ? -1 : i % H);
  return {
      {"matmul", 2, {{B, T, E}, {E, H}}, [](const Vars& in) { return matmul(in[0], in[1]); }},
      {"matmul_nt", 2, {{B, T, E}, {H, E}}, [](const Vars& in) { return matmul_nt(in[0], in[1]); }},
      {"affine", 2, {{B, T, E}, {H, E}, {H}}, [](const Vars& in) { return affine(in[0], in[1], in[2]); }},
      {"lstm",
       2 * T + 2,
       {{B, T, E}, {4 * H, E}, {4 * H, H}, {4 * H}, {B, H}, {B, H}},
       [=](const Vars& in) {
         return lstm(in[0], lengths, {in[1], in[2], in[3]}, in[4], in[5])[0];
       }},
      {"lstm_cell",
       2,
       {{B, 4 * H}, {4 * H, H}, {B, H}, {B, H}},
       [](const Vars& in) { return lstm_cell(in[0], in[1], in[2], in[3])[0]; }},
      {"fed lstm_cell",
       4,
       {{B, T, 4 * H}, {4 * H, H}, {B, H}, {B, H}, {B, E}, {4 * H, E}},
       [=](const Vars& in) {
         CellInput input(in[0], T - 1);
         input.fed[0] = {in[4], in[5]};
         return lstm_cell(input, in[1], in[2], in[3])[0];
       }},
      {"gru",
       2 * T + 2,
       {{B, T, E}, {3 * H, E}, {3 * H, H}, {3 * H}, {3 * H}, {B, H}},
       [=](const Vars& in) {
         return gru(in[0], lengths, {in[1], in[2], in[3], in[4]}, in[5], Direction::backward)[0];
       }},
      {"gru_cell",
       2,
       {{B, 3 * H}, {3 * H, H}, {3 * H}, {B, H}},
       [](const Vars& in) { return gru_cell(in[0], in[1], in[2], in[3]); }},
      {"output_loss",
       3,
       {{B, T, E}, {H, E}, {H}},
       [=](const Vars& in) { return output_loss(in[0], in[1], in[2], targets, 0.1); }},
  };
}

// Returns the value and then the gradient of each input; the gradient of y is the same for every type.
std::vector<std::vector<double>> measure(const Op& op, const std::vector<Leaf>& leaves, Arithmetic arithmetic,
                                         PackedWeights* weights) {
  Tape tape(arithmetic, Tape::Mode::record, weights);
  Vars in;
  for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
  const Var y = op.apply(in);
  const Tensor dy = tape.tensor(y.shape());
  for (Index i = 0; i < dy.size(); ++i) dy.set(i, std::sin(static_cast<double>(i) + 1));
  tape.backward(y, dy);
  std::vector<std::vector<double>> all{values(y)};
  for (const Leaf& leaf : leaves) all.push_back(values(leaf.grad()));
  return all;
}

// Returns the largest error as a share of the allowed one. The error of a product, relative to its largest
// element, is that of its operands plus its roundings, which add up like a random walk of k steps (Higham and Mary
// 2019). Allowed are four standard deviations for each of the successive products.
double worst(const Op& op, Index k, Precision precision, const std::vector<std::vector<double>>& found,
             const std::vector<std::vector<double>>& exact) {
  const double each = 4 * (term_loss(precision) + std::sqrt(static_cast<double>(k)) * 0x1p-23);
  double share = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    double largest = 1e-30, error = 0;
    for (std::size_t at = 0; at < exact[i].size(); ++at) {
      const double e = std::abs(found[i][at] - exact[i][at]);
      largest = std::max(largest, std::abs(exact[i][at]));
      error = std::isnan(e) ? 1e30 : std::max(error, e);
    }
    share = std::max(share, error / (largest * each * static_cast<double>(op.products)));
  }
  return share;
}

}  // namespace

TEST_CASE("fast paths: every op agrees with double by every backend and instruction set and precision") {
  std::mt19937_64 random(12);
  const auto below = [&](Index n) { return static_cast<Index>(random() % static_cast<std::uint64_t>(n)); };
  std::set<GemmPath> exercised;
  for (int round = 0; round < 3; ++round) {
    const Sizes sizes{1 + below(9), 1 + below(6), 1 + below(70), 5 + below(60)};
    for (const Op& op : ops_for(sizes)) {
      std::vector<Leaf> narrow, wide;
      for (std::size_t i = 0; i < op.shapes.size(); ++i) {
        narrow.emplace_back(DType::f32, op.shapes[i], i, -0.7, 0.7);
        wide.emplace_back(op.shapes[i], values(narrow.back().value()));
      }
      const auto exact = measure(op, wide, DType::f64, nullptr);
      const Index k = std::max({sizes.B * sizes.T, sizes.E, 4 * sizes.H});
      for (const GemmPath& path : gemm_paths()) {
        const ForcedPath forced(path);
        for (const bool packed : {false, true}) {
          PackedWeights weights;
          const auto found = measure(op, narrow, {DType::f32, path.precision}, packed ? &weights : nullptr);
          INFO(op.name << " B " << sizes.B << " T " << sizes.T << " E " << sizes.E << " H " << sizes.H << " "
                       << name_of(path.backend) << " " << name_of(path.set) << " " << name_of(path.precision)
                       << (packed ? " packed" : ""));
          CHECK(worst(op, k, path.precision, found, exact) <= 1);
        }
        exercised.insert(path);
      }
    }
  }
  // All that the processor supports was run: each of its sets for `own`, and bfloat16 from avx2 on.
  std::size_t expected = 0;
  for (int set = 0; set <= static_cast<int>(best_instruction_set()); ++set) {
    expected += static_cast<InstructionSet>(set) >= InstructionSet::avx2 ? 3 : 1;
  }
  expected += is_available(Backend::onednn) ? 2 : 1;
  CHECK(exercised.size() == expected);
}

}  // namespace regard::testing
