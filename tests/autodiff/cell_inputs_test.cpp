#include "framework/autodiff/cell_inputs.h"

#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::gradcheck;
using testing::Leaf;
using testing::shape_error;
using testing::values;
using testing::Vars;

// z [rows, width] as an op of its own.
Var summed(const CellInput& input, Index rows, Index width) {
  Tape& tape = input.gates.tape();
  require_cell_input("summed", input, rows, width);
  const Tensor z = tape.tensor({rows, width});
  sum_cell_input(input, z);
  std::vector<Var> inputs{input.gates};
  for (const auto& fed : input.fed) {
    if (!fed.x.empty()) inputs.insert(inputs.end(), {fed.x, fed.W});
  }
  return tape.record_all("summed", inputs, z, [input](const Tensor& dz) { give_cell_input(input, dz); });
}

// in: gates, then x and W of what is fed.
Var summed_of(const Vars& in, Index t) {
  CellInput input(in[0], t);
  for (std::size_t i = 1; i < in.size(); i += 2) input.fed[i / 2] = {in[i], in[i + 1]};
  return summed(input, 2, 3);
}

}  // namespace

TEST_CASE("cell_inputs: the gates of one step and all that is fed are summed") {
  Tape tape(DType::f64);
  const Var gates = tape.input({2, 2, 3}, {1, 2, 3, 10, 20, 30, 4, 5, 6, 40, 50, 60});
  CHECK(values(summed(gates, 2, 3)) == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(values(summed({gates, 1}, 2, 3)) == std::vector<double>{10, 20, 30, 40, 50, 60});
  CHECK(values(summed(tape.input({2, 3}, {1, 2, 3, 4, 5, 6}), 2, 3)) == std::vector<double>{1, 2, 3, 4, 5, 6});
  CellInput input(gates, 1);
  input.fed[1] = {tape.input({2, 1}, {100, 1000}), tape.input({3, 1}, {1, 2, 3})};  // the first is not there
  CHECK(values(summed(input, 2, 3)) == std::vector<double>{110, 220, 330, 1040, 2050, 3060});
  input.fed[0] = input.fed[1];
  CHECK(values(summed(input, 2, 3)) == std::vector<double>{210, 420, 630, 2040, 4050, 6060});
}

TEST_CASE("cell_inputs: gradients of gates and of all that is fed", "[gradcheck]") {
  const Shape x{2, 2}, W{3, 2}, x_2{2, 4}, W_2{3, 4};
  for (const Index t : {0, 2}) {
    CHECK(gradcheck("summed", {{2, 3, 3}, x, W, x_2, W_2}, [&](const Vars& in) { return summed_of(in, t); }) ==
          "");
  }
  CHECK(gradcheck("summed", {{2, 1, 3}, x, W}, [](const Vars& in) { return summed_of(in, 0); }) == "");
  CHECK(gradcheck("summed", {{2, 3}}, [](const Vars& in) { return summed_of(in, 0); }) == "");
}

TEST_CASE("cell_inputs: a step adds to the gates' gradient and leaves that of other steps") {
  Tape tape(DType::f64);
  const Leaf gates({1, 3, 2}, {0, 0, 0, 0, 0, 0});
  const Var all = gates.on(tape);
  const CellInput first(all, 0), last(all, 2);
  const Tensor d = tape.tensor({1, 2});
  d.set(0, 3);
  d.set(1, 5);
  give_cell_input(last, d);
  give_cell_input(first, d);
  give_cell_input(last, d);
  CHECK(differs(gates.grad(), {3, 5, 0, 0, 6, 10}) == "");
}

TEST_CASE("cell_inputs: what does not fit the step is refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  const auto refused = [&](CellInput input) {
    return shape_error([&] { require_cell_input("cell", input, 2, 3); });
  };
  const auto fed = [&](std::size_t place, Shape x, Shape W) {
    CellInput input(zeros({2, 5, 3}), 4);
    input.fed[place] = {zeros(x), zeros(W)};
    return input;
  };
  CHECK(refused(fed(0, {2, 4}, {3, 4})) == "nothing was thrown");
  CHECK(refused(zeros({2, 4})) == "cell: x_gates [2, 4] must be [2, 3] for h's batch and width");
  CHECK(refused(zeros({2, 5, 4})) == "cell: x_gates [2, 5, 4] must be [2, 5, 3] for h's batch and width");
  CHECK(refused({zeros({2, 5, 3}), 5}) == "cell: step 5 of x_gates [2, 5, 3] is none of its 5");
  CHECK(refused({zeros({2, 5, 3}), -1}) == "cell: step -1 of x_gates [2, 5, 3] is none of its 5");
  CHECK(refused(fed(1, {2}, {3, 4})) == "cell: a fed x [2] must have 2 axes");
  CHECK(refused(fed(0, {1, 4}, {3, 4})) == "cell: a fed x [1, 4] must be [2, 4] for h's batch");
  CHECK(refused(fed(1, {2, 4}, {3, 5})) == "cell: the W of a fed x [3, 5] must be [3, 4] for h's and x's width");
}

}  // namespace regard
