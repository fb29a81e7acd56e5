#pragma once
// Loops over the elements and over the rows of tensors of any element type, for built-in ops and plug-ins.
#include <utility>

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

// A tensor as for_rows walks it: row r begins at element `begin` + r * `pitch`. A tensor given alone is walked by
// the rows of its matrix view, x.rows() of x.cols() elements. It owns nothing.
class RowView {
 public:
  RowView(const Tensor& x) : RowView(x, x.rows(), x.cols()) {}  // NOLINT(google-explicit-constructor): its rows
  RowView(const Tensor& x, Index rows, Index pitch, Index begin = 0)
      : start_(static_cast<char*>(x.raw()) + begin * size_of(x.type())),
        rows_(rows),
        pitch_(pitch),
        type_(x.type()) {}

  [[nodiscard]] DType type() const noexcept { return type_; }
  [[nodiscard]] Index rows() const noexcept { return rows_; }
  [[nodiscard]] Index pitch() const noexcept { return pitch_; }
  // The first row, as T, which must be the element type.
  template <class T>
  [[nodiscard]] T* first() const noexcept {
    return static_cast<T*>(static_cast<void*>(start_));
  }

 private:
  char* start_;
  Index rows_, pitch_;
  DType type_;
};

// The view whose every row is the start of x, for what all rows share.
[[nodiscard]] inline RowView whole(const Tensor& x) { return {x, x.rows(), 0}; }

namespace detail {
template <class T, class Body, std::size_t... I>
void for_typed_rows(const RowView* views, Index grain, Body body, std::index_sequence<I...>) {
  T* const first[] = {views[I].template first<T>()...};
  const Index pitch[] = {views[I].pitch()...};
  parallel_for(views[0].rows(), grain, [=](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) body(row, (first[I] + row * pitch[I])...);
  });
}
}  // namespace detail

// Calls body(row, pointer...) for every row of the first view, distributed over the threads, with a pointer to the
// first element of that row in each view, in their order. The pointers are float* or double*, so body is a lambda
// with one template argument; it writes const before what it only reads:
//   for_rows({y, x}, cols, [=]<class T>(Index row, T* out, const T* in) { … });
// `cost` is the work of one row, in elements. body may not throw, and each call writes its own row only. An error
// (ours): views of different element types or numbers of rows.
template <std::size_t N, class Body>
void for_rows(const RowView (&views)[N], Index cost, Body body) {
  for (const RowView& view : views) {
    check(view.type() == views[0].type(), "for_rows: element types differ");
    check(view.pitch() == 0 || view.rows() == views[0].rows(), "for_rows: numbers of rows differ");
  }
  const Index grain = kElementwiseGrain / (cost < 1 ? 1 : cost) + 1;
  dispatch(views[0].type(), [&](auto tag) {
    detail::for_typed_rows<decltype(tag)>(views, grain, body, std::make_index_sequence<N>{});
  });
}

}  // namespace regard
