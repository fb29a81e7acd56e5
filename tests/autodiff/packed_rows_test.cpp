#include "framework/autodiff/packed_rows.h"

#include <vector>

#include "framework/tensor/kernels.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::gradcheck;
using testing::Leaf;
using testing::Vars;
using Indices = std::vector<Index>;

Indices listed(std::span<const Index> span) { return {span.begin(), span.end()}; }

const Indices kLengths{2, 3, 1};

// The states [B + rows, H] of a layer that copies its inputs x [B, T, H].
Var copied(const Vars& in, Direction direction) {
  Tape& tape = in[0].tape();
  const Var x = in[0], first = in[1];
  const PackedRows packed = pack_rows(tape, kLengths, x.shape()[1], direction);
  const Tensor states = tape.tensor({packed.batch() + packed.rows, x.shape()[2]});
  packed.first_state(first, states.slice(0, packed.batch()));
  kernels::gather_rows(x.value().matrix(), packed.position, packed.of_steps(states));
  return tape.record("copied", {x, first}, states, [packed, x, first](const Tensor& dy) {
    packed.give_first_state(dy, first);
    packed.give_positions(packed.of_steps(dy), x);
  });
}

}  // namespace

TEST_CASE("packed_rows: the longest sentence comes first and rows are stored step by step") {
  Tape tape;
  const PackedRows packed = pack_rows(tape, kLengths, 4, Direction::forward);
  CHECK(packed.rows == 6);
  CHECK(packed.batch() == 3);
  CHECK(packed.steps() == 3);
  CHECK(listed(packed.order) == Indices{1, 0, 2});
  CHECK(listed(packed.place) == Indices{1, 0, 2});
  CHECK(listed(packed.begin) == Indices{0, 3, 5, 6});
  CHECK(listed(packed.position) == Indices{4, 0, 8, 5, 1, 6});
  CHECK(listed(packed.row_of) == Indices{1, 4, -1, -1, 0, 3, 5, -1, 2, -1, -1, -1});
  CHECK(listed(packed.previous) == Indices{0, 1, 2, 3, 4, 6});
  CHECK(listed(packed.last) == Indices{4, 5, 2});
  const auto step = [&](Index t) {
    const PackedRows::Step at = packed.step(t);
    return Indices{at.begin, at.count, at.before};
  };
  CHECK(step(0) == Indices{0, 3, 0});
  CHECK(step(1) == Indices{3, 2, 3});
  CHECK(step(2) == Indices{5, 1, 6});
}

TEST_CASE("packed_rows: backward starts each sentence at its own last position") {
  Tape tape;
  const PackedRows packed = pack_rows(tape, kLengths, 4, Direction::backward);
  CHECK(listed(packed.position) == Indices{6, 1, 8, 5, 0, 4});
  CHECK(listed(packed.row_of) == Indices{4, 1, -1, -1, 5, 3, 0, -1, 2, -1, -1, -1});
  CHECK(listed(packed.previous) == Indices{0, 1, 2, 3, 4, 6});
  CHECK(listed(packed.last) == Indices{4, 5, 2});
}

TEST_CASE("packed_rows: place is the inverse of order and equal lengths keep their order") {
  Tape tape;
  const PackedRows packed = pack_rows(tape, Indices{1, 5, 3, 5}, 5, Direction::forward);
  CHECK(listed(packed.order) == Indices{1, 3, 2, 0});
  CHECK(listed(packed.place) == Indices{3, 0, 2, 1});
}

TEST_CASE("packed_rows: the states of a step and those before it are neighbours") {
  Tape tape(DType::f64);
  const PackedRows packed = pack_rows(tape, kLengths, 3, Direction::forward);
  const Tensor states = tape.tensor({9, 1});
  for (Index i = 0; i < 9; ++i) states.set(i, static_cast<double>(i));
  CHECK(differs(packed.of_steps(states), {3, 4, 5, 6, 7, 8}) == "");
  CHECK(differs(packed.now(states, packed.step(1)), {6, 7}) == "");
  CHECK(differs(packed.before(states, packed.step(1)), {3, 4}) == "");
  CHECK(differs(packed.before(states, packed.step(0)), {0, 1, 2}) == "");
}

TEST_CASE("packed_rows: the first state comes in packed order or is zero") {
  Tape tape(DType::f64);
  const PackedRows packed = pack_rows(tape, kLengths, 3, Direction::forward);
  const Tensor to = tape.tensor({3, 1});
  packed.first_state(tape.input({3, 1}, {10, 20, 30}), to);
  CHECK(differs(to, {20, 10, 30}) == "");
  packed.first_state(Var(), to);
  CHECK(differs(to, {0, 0, 0}) == "");
}

TEST_CASE("packed_rows: padding gets no gradient and what is there is added to") {
  for (const bool accumulate : {false, true}) {
    Tape tape(DType::f64);
    const Leaf x({3, 3, 1}, {0, 0, 0, 0, 0, 0, 0, 0, 0}), state({3, 1}, {0, 0, 0});
    const double before = accumulate ? 100 : 0;
    for (Index i = 0; accumulate && i < 9; ++i) x.grad().set(i, before);
    for (Index i = 0; accumulate && i < 3; ++i) state.grad().set(i, before);
    const PackedRows packed = pack_rows(tape, kLengths, 3, Direction::forward);
    const Tensor d = tape.tensor({9, 1});
    for (Index i = 0; i < 9; ++i) d.set(i, static_cast<double>(i + 1));
    packed.give_first_state(d, state.on(tape, accumulate));
    packed.give_positions(packed.of_steps(d), x.on(tape, accumulate));
    CHECK(differs(state.grad(), {before + 2, before + 1, before + 3}) == "");
    CHECK(differs(x.grad(), {before + 5, before + 8, before, before + 4, before + 7, before + 9, before + 6,
                             before, before}) == "");
    packed.give_positions(packed.of_steps(d), tape.input({3, 3, 1}, {0, 0, 0, 0, 0, 0, 0, 0, 0}));  // wants none
    packed.give_first_state(d, Var());
  }
}

TEST_CASE("packed_rows: gradients return to positions and first states", "[gradcheck]") {
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    CHECK(gradcheck("copied", {{3, 4, 2}, {3, 2}}, [&](const Vars& in) { return copied(in, direction); }) == "");
  }
}

}  // namespace regard
