#include "framework/autodiff/rectangle.h"

#include "framework/tensor/elementwise.h"

namespace regard {

void copy_rectangle(const Tensor& from, Rectangle at_from, const Tensor& to, Rectangle at_to, Index rows,
                    Index count, bool accumulate) {
  const RowView source(from, rows, at_from.pitch, at_from.begin);
  const RowView target(to, rows, at_to.pitch, at_to.begin);
  for_rows({target, source}, count, [=]<class T>(Index, T* y, const T* x) {
    if (accumulate) {
      for (Index i = 0; i < count; ++i) y[i] += x[i];
    } else {
      for (Index i = 0; i < count; ++i) y[i] = x[i];
    }
  });
}

}  // namespace regard
