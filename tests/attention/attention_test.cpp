#include "framework/attention/attention.h"

#include <cmath>
#include <vector>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using attention::Query;
using attention::Source;
using Indices = std::vector<Index>;

// h . (2 h_s): keys that differ from the states.
class Doubled final : public attention::Score {
 public:
  Var project(const Source& source) const override { return scale(source.h_s, 2); }
  Var score(const Query& query, Var keys, const Source&) const override {
    return batched_matmul_nt(query.h, keys);
  }
};

// The least that a score must have.
class Plain final : public attention::Score {
 public:
  Var score(const Query& query, Var keys, const Source&) const override {
    return batched_matmul_nt(query.h, keys);
  }
};

class Wide final : public attention::Attention {
 public:
  attention::Attended attend(const Query&, Var, const attention::State&, const Source&) const override {
    return {};
  }
};

}  // namespace

TEST_CASE("attention: a source is zero on padding and keeps its own lengths") {
  Tape tape(DType::f64);
  const Leaf h_s({2, 2, 2}, {1, 2, 3, 4, 5, 6, std::nan(""), 8});
  Indices lengths{2, 1};
  const Source source = attention::source_of(h_s.on(tape), lengths);
  lengths.assign(2, 0);
  CHECK(Indices(source.lengths.begin(), source.lengths.end()) == Indices{2, 1});
  CHECK(differs(source.h_s, {1, 2, 3, 4, 5, 6, 0, 0}) == "");
  tape.backward(sum(source.h_s));
  CHECK(differs(h_s.grad(), {1, 1, 1, 1, 1, 1, 0, 0}) == "");
}

TEST_CASE("attention: gather reorders and repeats each part of a state on another tape") {
  Tape from(DType::f64), to(DType::f64);
  const Leaf a({3, 1}, {1, 2, 3});
  attention::State state;
  state.rows = {a.on(from), from.input({3, 2}, {1, 10, 2, 20, 3, 30}), Var(), Var()};
  state.count = 2;
  const attention::State moved = attention::gather(state, Indices{2, 0, 0, 2}, to);
  from.reset();
  CHECK(moved.count == 2);
  CHECK(differs(moved.rows[0], {3, 1, 1, 3}) == "");
  CHECK(differs(moved.rows[1], {3, 30, 1, 10, 1, 10, 3, 30}) == "");
  CHECK_FALSE(moved.rows[0].needs_grad());
  CHECK(&moved.rows[0].tape() == &to);
  CHECK(moved.rows[2].empty());
  CHECK(attention::gather({}, Indices{0}, to).count == 0);
}

TEST_CASE("attention: a score becomes softmax over its own positions and their weighted sum") {
  Tape tape(DType::f64);
  const auto wide = attention::from_score(std::make_unique<Doubled>());
  CHECK(wide->whole_sequence());
  const Indices lengths{2, 1}, t{0, 1};
  const Source source = attention::source_of(tape.input({2, 2, 1}, {1, 3, 5, 7}), lengths);
  const Var keys = wide->prepare(source);
  CHECK(differs(keys, {2, 6, 10, 0}) == "");
  CHECK(wide->start(source).count == 0);
  const auto out = wide->attend({tape.input({2, 2, 1}, {0, 0.5, 1, -1}), t}, keys, {}, source);
  const double a = 1 / (1 + std::exp(2.0));  // energies 1 and 3
  CHECK(differs(out.weights, {0.5, 0.5, a, 1 - a, 1, 0, 1, 0}) == "");
  CHECK(differs(out.context, {2, a + 3 * (1 - a), 5, 5}) == "");
  CHECK(out.next.count == 0);
}

TEST_CASE("attention: gradients of a score go through weights and context", "[gradcheck]") {
  CHECK(gradcheck("from_score", {{2, 3, 2}, {2, 2, 2}}, [](const Vars& in) {
          const Indices lengths{3, 1}, t{0, 1};
          const auto wide = attention::from_score(std::make_unique<Doubled>());
          const Source source = attention::source_of(in[0], lengths);
          const auto out = wide->attend({in[1], t}, wide->prepare(source), {}, source);
          return concat(out.context, out.weights);
        }) == "");
}

TEST_CASE("attention: keys are the states and no state is carried unless a variant says so") {
  Tape tape(DType::f64);
  const Source source{tape.input({1, 1, 1}, {4}), {}};
  CHECK(Plain().project(source).value().raw() == source.h_s.value().raw());
  CHECK(Wide().prepare(source).value().raw() == source.h_s.value().raw());
  CHECK(Wide().start(source).count == 0);
  CHECK_FALSE(Wide().whole_sequence());
}

TEST_CASE("attention: a context is the sum of states by their weights") {
  Tape tape(DType::f64);
  const Source source{tape.input({1, 2, 2}, {1, 2, 10, 20}), {}};
  const Var context = attention::context_of(tape.input({1, 3, 2}, {1, 0, 0.5, 0.5, 0, 0}), source);
  CHECK(context.shape() == Shape{1, 3, 2});
  CHECK(differs(context, {1, 2, 5.5, 11, 0, 0}) == "");
}

}  // namespace regard::testing
