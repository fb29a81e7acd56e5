#pragma once
// The float kernels behind vector_math.h, one table for each instruction set.
#include "framework/tensor/simd/math/vector_math.h"

namespace regard::simd {

struct MathKernels {
  void (*exp)(Index, const float*, float*);
  void (*tanh)(Index, const float*, float*);
  void (*sigmoid)(Index, const float*, float*);
  void (*axpy)(Index, float, const float*, float*);
  float (*dot)(Index, const float*, const float*);
  double (*sum_of_squares)(Index, const float*);
  void (*softmax)(const SoftmaxRows<float>&);
  void (*softmax_backward)(const SoftmaxGradient<float>&);
  void (*lstm_forward)(const LstmForward<float>&);
  void (*lstm_backward)(const LstmBackward<float>&);
  void (*gru_forward)(const GruForward<float>&);
  void (*gru_backward)(const GruBackward<float>&);
  void (*layer_norm)(const LayerNorm<float>&);
  void (*layer_norm_input)(const LayerNormInput<float>&);
  void (*layer_norm_weights)(const LayerNormWeights<float>&);
  void (*dropout)(const Dropout<float>&);
  void (*additive_energies)(const AdditiveEnergies<float>&);
  void (*additive_energies_backward)(const AdditiveGradient<float>&);
  void (*adam)(const AdamUpdate<float>&);
};

extern const MathKernels kMathBaseline;
#if defined(__x86_64__)
extern const MathKernels kMathAvx2;
extern const MathKernels kMathAvx512;
#endif

}  // namespace regard::simd
