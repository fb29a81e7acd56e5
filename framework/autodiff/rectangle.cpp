#include "framework/autodiff/rectangle.h"

#include "framework/tensor/elementwise.h"

namespace regard {

void copy_rectangle(const Tensor& from, Rectangle at_from, const Tensor& to, Rectangle at_to, Index rows,
                    Index count, bool accumulate) {
  for_rows(to.type(), rows, count, [=, source = from.raw(), target = to.raw()](auto tag, Index row) {
    using T = decltype(tag);
    const T* const x = static_cast<const T*>(source) + row * at_from.pitch + at_from.begin;
    T* const y = static_cast<T*>(target) + row * at_to.pitch + at_to.begin;
    if (accumulate) {
      for (Index i = 0; i < count; ++i) y[i] += x[i];
    } else {
      for (Index i = 0; i < count; ++i) y[i] = x[i];
    }
  });
}

}  // namespace regard
