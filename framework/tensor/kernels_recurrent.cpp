#include "framework/tensor/kernels_recurrent.h"

#include "framework/base/parallel.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard::kernels {
namespace {

// Returns row `row` of a tensor in the form of the vector kernels.
template <class T>
simd::Rows<T> rows_from(const Tensor& x, Index row) {
  return {x.data<std::remove_const_t<T>>() + row * x.cols(), x.cols()};
}

Index grain(Index hidden) { return std::max<Index>(1, kElementwiseGrain / (32 * hidden)); }

}  // namespace

void lstm_forward(const Tensor& z, const Tensor& c_prev, const Tensor& c, const Tensor& h) {
  dispatch(z.type(), [&](auto tag) {
    using T = decltype(tag);
    parallel_for(z.rows(), grain(c.cols()), [&](Index begin, Index end) {
      simd::lstm_forward(simd::LstmForward<T>{end - begin, c.cols(), rows_from<T>(z, begin),
                                              rows_from<const T>(c_prev, begin), rows_from<T>(c, begin),
                                              rows_from<T>(h, begin)});
    });
  });
}

void lstm_backward(const Tensor& z, const Tensor& c_prev, const Tensor& c, const Tensor& dh, const Tensor& dc,
                   const Tensor& dz, const Tensor& dc_prev) {
  dispatch(z.type(), [&](auto tag) {
    using T = decltype(tag);
    parallel_for(z.rows(), grain(c.cols()), [&](Index begin, Index end) {
      simd::lstm_backward(simd::LstmBackward<T>{end - begin, c.cols(), rows_from<const T>(z, begin),
                                                rows_from<const T>(c_prev, begin), rows_from<const T>(c, begin),
                                                rows_from<const T>(dh, begin), rows_from<const T>(dc, begin),
                                                rows_from<T>(dz, begin), rows_from<T>(dc_prev, begin)});
    });
  });
}

void gru_forward(const Tensor& x, const Tensor& u, const Tensor& h_prev, const Tensor& gates, const Tensor& h) {
  dispatch(x.type(), [&](auto tag) {
    using T = decltype(tag);
    parallel_for(x.rows(), grain(h.cols()), [&](Index begin, Index end) {
      simd::gru_forward(simd::GruForward<T>{end - begin, h.cols(), rows_from<const T>(x, begin),
                                            rows_from<const T>(u, begin), rows_from<const T>(h_prev, begin),
                                            rows_from<T>(gates, begin), rows_from<T>(h, begin)});
    });
  });
}

void gru_backward(const Tensor& gates, const Tensor& u, const Tensor& h_prev, const Tensor& dh, const Tensor& dx,
                  const Tensor& du, const Tensor& dh_prev) {
  dispatch(gates.type(), [&](auto tag) {
    using T = decltype(tag);
    parallel_for(gates.rows(), grain(dh.cols()), [&](Index begin, Index end) {
      simd::gru_backward(simd::GruBackward<T>{end - begin, dh.cols(), rows_from<const T>(gates, begin),
                                              rows_from<const T>(u, begin), rows_from<const T>(h_prev, begin),
                                              rows_from<const T>(dh, begin), rows_from<T>(dx, begin),
                                              rows_from<T>(du, begin), rows_from<T>(dh_prev, begin)});
    });
  });
}

}  // namespace regard::kernels
