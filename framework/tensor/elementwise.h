#pragma once
// Element-wise loops over tensors of any element type, for built-in ops and plug-ins.
#include "framework/base/parallel.h"
#include "framework/tensor/tensor.h"

namespace regard {

// The smallest number of elements for one thread; with fewer, a thread costs more time than it saves.
inline constexpr Index kElementwiseGrain = 16384;

// Computes out[i] = f(in[i]...), or += with `accumulate`. All tensors have the size and type of `out`. f is a
// generic lambda of one element of each input; without inputs, f() is one value for all elements.
template <class F, class... In>
void elementwise(const Tensor& out, bool accumulate, F f, const In&... in) {
  check(((in.size() == out.size() && in.type() == out.type()) && ...), "elementwise: sizes or types differ");
  dispatch(out.type(), [&](auto tag) {
    using T = decltype(tag);
    const auto run = [&](T* y, const auto*... x) {
      parallel_for(out.size(), kElementwiseGrain, [=](Index begin, Index end) {
        if (accumulate) {
          for (Index i = begin; i < end; ++i) y[i] += static_cast<T>(f(x[i]...));
        } else {
          for (Index i = begin; i < end; ++i) y[i] = static_cast<T>(f(x[i]...));
        }
      });
    };
    run(out.data<T>(), static_cast<const T*>(in.template data<T>())...);
  });
}

// Calls body(T{}, row) for every row in [0, rows), distributed over the threads. `cost` is the work of one row, in
// elements.
template <class Body>
void for_rows(DType type, Index rows, Index cost, Body body) {
  dispatch(type, [&](auto tag) {
    const Index grain = kElementwiseGrain / (cost < 1 ? 1 : cost) + 1;
    parallel_for(rows, grain, [=](Index begin, Index end) {
      for (Index row = begin; row < end; ++row) body(tag, row);
    });
  });
}

}  // namespace regard
