//   matmul     y = a b            da = dy b^T        db = a^T dy
//   matmul_nt  y = a b^T          da = dy b          db = dy^T a
//   affine     y = x W^T + b      dx = dy W          dW = dy^T x      db = sum of the rows of dy
// a [..., k] is used as the matrix [rows, k]; b is always a matrix.
#include "framework/autodiff/ops.h"
#include "framework/autodiff/products.h"
#include "framework/autodiff/require.h"

namespace regard {

Var matmul(Var a, Var b) {
  require_rank("matmul", "b", b, 2);
  require_inner("matmul", a, b, a.shape().cols(), "last", b.shape()[0], "first");
  Tape& tape = a.tape();
  const Tensor y = tape.tensor(a.shape().with_cols(b.shape()[1]));
  times(a.value(), b, y, false);
  return tape.record("matmul", y,  //
                     Wrt{a,
                         [a, b](const Tensor& dy) {
                           const auto [da, accumulate] = a.grad_sink();
                           times_transposed(dy, b, da, accumulate);
                         }},
                     Wrt{b, [a, b](const Tensor& dy) {
                           const auto [db, accumulate] = b.grad_sink();
                           product(a.tape(), Transpose::yes, a.value(), Transpose::no, dy, db, accumulate);
                         }});
}

Var matmul_nt(Var a, Var b) {
  require_rank("matmul_nt", "b", b, 2);
  require_inner("matmul_nt", a, b, a.shape().cols(), "last", b.shape()[1], "last");
  Tape& tape = a.tape();
  const Tensor y = tape.tensor(a.shape().with_cols(b.shape()[0]));
  times_transposed(a.value(), b, y, false);
  return tape.record("matmul_nt", y,  //
                     Wrt{a,
                         [a, b](const Tensor& dy) {
                           const auto [da, accumulate] = a.grad_sink();
                           times(dy, b, da, accumulate);
                         }},
                     Wrt{b, [a, b](const Tensor& dy) { b.tape().add_weight_grad(b, dy, a.value()); }});
}

Var affine(Var x, Var W, Var b) {
  require_rank("affine", "W", W, 2);
  require_inner("affine", x, W, x.shape().cols(), "last", W.shape()[1], "last");
  require_shape("affine", "b", b, Shape{W.shape()[0]}, "for W's rows");
  Tape& tape = x.tape();
  const Tensor y = tape.tensor(x.shape().with_cols(W.shape()[0]));
  times_transposed(x.value(), W, b, y);
  return tape.record("affine", y,  //
                     Wrt{x,
                         [x, W](const Tensor& dy) {
                           const auto [dx, accumulate] = x.grad_sink();
                           times(dy, W, dx, accumulate);
                         }},
                     Wrt{W, [x, W](const Tensor& dy) { W.tape().add_weight_grad(W, dy, x.value()); }},
                     Wrt{b, [b](const Tensor& dy) { give_bias(dy, b); }});
}

}  // namespace regard
