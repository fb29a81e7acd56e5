// For each of the B matrices:
//   batched_matmul     y = a b       da = dy b^T      db = a^T dy
//   batched_matmul_nt  y = a b^T     da = dy b        db = dy^T a
#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/kernels.h"

namespace regard {
namespace {

void require_batches(std::string_view op, const Var& a, const Var& b) {
  require_rank(op, "a", a, 3);
  require_rank(op, "b", b, 3);
  require_inner(op, a, b, a.shape()[0], "batch", b.shape()[0], "batch");
}

}  // namespace

Var batched_matmul(Var a, Var b) {
  require_batches("batched_matmul", a, b);
  require_inner("batched_matmul", a, b, a.shape()[2], "last", b.shape()[1], "second");
  Tape& tape = a.tape();
  const Tensor y = tape.tensor({a.shape()[0], a.shape()[1], b.shape()[2]});
  kernels::batched_nn(a.value(), b.value(), y, false);
  return tape.record("batched_matmul", y,  //
                     Wrt{a,
                         [a, b](const Tensor& dy) {
                           const auto [da, accumulate] = a.grad_sink();
                           kernels::batched_nt(dy, b.value(), da, accumulate);
                         }},
                     Wrt{b, [a, b](const Tensor& dy) {
                           const auto [db, accumulate] = b.grad_sink();
                           kernels::batched_tn(a.value(), dy, db, accumulate);
                         }});
}

Var batched_matmul_nt(Var a, Var b) {
  require_batches("batched_matmul_nt", a, b);
  require_inner("batched_matmul_nt", a, b, a.shape()[2], "last", b.shape()[2], "last");
  Tape& tape = a.tape();
  const Tensor y = tape.tensor({a.shape()[0], a.shape()[1], b.shape()[1]});
  kernels::batched_nt(a.value(), b.value(), y, false);
  return tape.record("batched_matmul_nt", y,  //
                     Wrt{a,
                         [a, b](const Tensor& dy) {
                           const auto [da, accumulate] = a.grad_sink();
                           kernels::batched_nn(dy, b.value(), da, accumulate);
                         }},
                     Wrt{b, [a, b](const Tensor& dy) {
                           const auto [db, accumulate] = b.grad_sink();
                           kernels::batched_tn(dy, a.value(), db, accumulate);
                         }});
}

}  // namespace regard
