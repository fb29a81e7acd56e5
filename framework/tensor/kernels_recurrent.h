#pragma once
// Computes the gates of an LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000; PyTorch's
// order i, f, g, o) and of a GRU (Cho et al. 2014, in PyTorch's form with order r, z, n) for a block of rows, forward
// and backward:
//   LSTM  i, f, o = sigmoid(z_i, z_f, z_o)   g = tanh(z_g)   c = f c_prev + i g   h = o tanh(c)
//   GRU   r, z = sigmoid(x_r + u_r, x_z + u_z)   n = tanh(x_n + r u_n)   h = (1 - z) n + z h_prev
//         with x = W_x x_t + b_x and u = W_h h_prev + b_h
#include "framework/tensor/tensor.h"

namespace regard::kernels {

// z [n, 4H] has the sums before the call and the activated gates after it. Writes c, h [n, H]; c may be c_prev.
void lstm_forward(const Tensor& z, const Tensor& c_prev, const Tensor& c, const Tensor& h);

// Computes dz [n, 4H], which may be z, and dc_prev, which may be dc, from dh and dc, the gradients of h and c.
void lstm_backward(const Tensor& z, const Tensor& c_prev, const Tensor& c, const Tensor& dh, const Tensor& dc,
                   const Tensor& dz, const Tensor& dc_prev);

// Computes the activated gates [n, 3H], which may be x, and h [n, H] from x, u [n, 3H].
void gru_forward(const Tensor& x, const Tensor& u, const Tensor& h_prev, const Tensor& gates, const Tensor& h);

// Computes dx, which may be `gates`, and du, which may be u, from dh. Adds the gradient that reaches h_prev
// directly to dh_prev.
void gru_backward(const Tensor& gates, const Tensor& u, const Tensor& h_prev, const Tensor& dh, const Tensor& dx,
                  const Tensor& du, const Tensor& dh_prev);

}  // namespace regard::kernels
