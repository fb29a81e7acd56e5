#include "framework/autodiff/state_mask.h"

#include <vector>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::internal_error;
using testing::Leaf;
using testing::shape_error;

}  // namespace

TEST_CASE("state_mask: its rows are in packed order and a step masks its first ones") {
  Tape tape(DType::f64);
  const PackedRows packed = pack_rows(tape, std::vector<Index>{1, 3, 2}, 3, Direction::forward);
  const StateMask mask("op", tape.input({3, 2}, {2, 0, 0, 2, 3, 4}), packed, 2);
  const Leaf states({2, 2}, {1, 10, 100, 1000});
  const Tensor masked = mask.allocate(tape, states.value());
  CHECK(masked.raw() != states.value().raw());
  CHECK(masked.shape() == Shape{2, 2});
  mask.apply(states.value(), masked);
  CHECK(differs(masked, {0, 20, 300, 4000}) == "");  // sentences 1 and 2
  CHECK(differs(states.value(), {1, 10, 100, 1000}) == "");
}

TEST_CASE("state_mask: the gradient of states is masked behind the product with W_h") {
  Tape tape(DType::f64);
  const StateMask mask("op", tape.input({2, 2}, {2, 0, 3, 1}), 2, 2);
  const Leaf W({1, 2}, {5, 7});  // dz W = [5, 7] and [10, 14]
  const Var W_h = W.on(tape);
  const Leaf dz({2, 1}, {1, 2}), d({2, 2}, {100, 100, 100, 100});
  const Tensor scratch = mask.scratch(tape);
  CHECK(scratch.shape() == Shape{2, 2});
  mask.backward(dz.value(), W_h, d.value(), true, scratch);
  CHECK(differs(d.value(), {110, 100, 130, 114}) == "");
  mask.backward(dz.value(), W_h, d.value(), false, scratch);
  CHECK(differs(d.value(), {10, 0, 30, 14}) == "");
  mask.backward(dz.value().slice(1, 1), W_h, d.value().slice(0, 1), true, scratch);  // the first row alone
  CHECK(differs(d.value(), {30, 0, 30, 14}) == "");
}

TEST_CASE("state_mask: without a mask states stay where they are and only the product is left") {
  Tape tape(DType::f64);
  const PackedRows packed = pack_rows(tape, std::vector<Index>{1}, 1, Direction::forward);
  const Leaf W({1, 2}, {5, 7}), dz({1, 1}, {2}), d({1, 2}, {1, 1}), states({1, 2}, {3, 4});
  for (const StateMask& mask : {StateMask(), StateMask("op", Var(), packed, 2), StateMask("op", Var(), 1, 2)}) {
    CHECK(mask.allocate(tape, states.value()).raw() == states.value().raw());
    CHECK(mask.scratch(tape).empty());
    mask.apply(states.value(), states.value());
    CHECK(differs(states.value(), {3, 4}) == "");
    mask.backward(dz.value(), W.on(tape), d.value(), false, Tensor());
    CHECK(differs(d.value(), {10, 14}) == "");
  }
}

TEST_CASE("state_mask: a mask of another shape or with a gradient is refused") {
  Tape tape(DType::f64);
  const PackedRows packed = pack_rows(tape, std::vector<Index>{1, 1}, 1, Direction::forward);
  const Var wide = tape.input({2, 3}, {1, 1, 1, 1, 1, 1});
  const std::string text = "op: h_mask [2, 3] must be [2, 2] for the batch and W_h's width";
  CHECK(shape_error([&] { StateMask("op", wide, packed, 2); }) == text);
  CHECK(shape_error([&] { StateMask("op", wide, 2, 2); }) == text);
  const Leaf learnt({2, 2}, {1, 1, 1, 1});
  CHECK(internal_error([&] { StateMask("op", learnt.on(tape), 2, 2); }) == "a mask of states is a constant");
}

}  // namespace regard
