#pragma once
// The gates of an LSTM for a block of rows, forward and backward (Hochreiter and Schmidhuber 1997, with the forget
// gate of Gers et al. 2000; gates in PyTorch's order i, f, g, o):
//   i, f, o = sigmoid(z_i, z_f, z_o)   g = tanh(z_g)   c = f c_prev + i g   h = o tanh(c)
#include "framework/tensor/tensor.h"

namespace regard::kernels {

// z [n, 4H] holds the sums on entry and the activated gates on return. c, h [n, H] are written; c may be c_prev.
void lstm_forward(const Tensor& z, const Tensor& c_prev, const Tensor& c, const Tensor& h);

// From dh and dc (the gradients that reach h and c from outside) to dz [n, 4H], which may be z, and dc_prev, which
// may be dc.
void lstm_backward(const Tensor& z, const Tensor& c_prev, const Tensor& c, const Tensor& dh, const Tensor& dc,
                   const Tensor& dz, const Tensor& dc_prev);

}  // namespace regard::kernels
