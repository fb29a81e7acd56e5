//   reshape      the same elements in the same order
//   concat       along the last axis        each part receives its columns of dy
//   slice_last   columns of the last axis   dx's columns receive dy
//   slice_time   steps of the second axis   dx's steps receive dy
//   concat_time  along the second axis      each part receives its steps of dy
#include <fmt/format.h>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/rectangle.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/kernels.h"

namespace regard {
namespace {

Var record_slice(const char* op, Var x, Tensor y, Rectangle at, Index rows, Index count) {
  copy_rectangle(x.value(), at, y, {count, 0}, rows, count, false);
  return x.tape().record(op, y, Wrt{x, [=](const Tensor& dy) {
                                      copy_rectangle(dy, {count, 0}, x.grad(), at, rows, count, true);
                                    }});
}

// Joins parts whose rows are rectangles of y's rows.
Var record_join(const char* op, std::span<const Var> parts, Tensor y, Index rows) {
  Tape& tape = parts[0].tape();
  const Index pitch = rows == 0 ? 0 : y.size() / rows;
  Index begin = 0;
  for (const Var& part : parts) {
    const Index count = rows == 0 ? 0 : part.value().size() / rows;
    copy_rectangle(part.value(), {count, 0}, y, {pitch, begin}, rows, count, false);
    begin += count;
  }
  const std::span<const Var> kept = tape.copy(parts);
  return tape.record_all(op, kept, y, [=](const Tensor& dy) {
    Index at = 0;
    for (const Var& part : kept) {
      const Index count = rows == 0 ? 0 : part.value().size() / rows;
      if (part.needs_grad()) {
        const auto [dx, accumulate] = part.grad_sink();
        copy_rectangle(dy, {pitch, at}, dx, {count, 0}, rows, count, accumulate);
      }
      at += count;
    }
  });
}

void require_slice(std::string_view op, const Var& x, Index begin, Index count, Index length) {
  if (begin < 0 || count < 1 || begin + count > length) {
    throw ShapeError(
        fmt::format("{}: {} from {} of x {} leaves the axis of {}", op, count, begin, x.shape().text(), length));
  }
}

}  // namespace

Var reshape(Var x, Shape shape) {
  if (shape.size() != x.shape().size()) {
    throw ShapeError(fmt::format("reshape: x {} has {} elements, {} has {}", x.shape().text(), x.shape().size(),
                                 shape.text(), shape.size()));
  }
  return x.tape().record("reshape", x.value().as(shape), Wrt{x, [x](const Tensor& dy) {
                                                               const auto [dx, accumulate] = x.grad_sink_over(dy);
                                                               if (dx.raw() == dy.raw()) return;
                                                               kernels::scale(dy.as(dx.shape()), 1, dx,
                                                                              accumulate);
                                                             }});
}

Var concat(std::span<const Var> parts) {
  check(!parts.empty(), "concat of nothing");
  Index cols = 0;
  for (const Var& part : parts) {
    if (!(part.shape().with_cols(1) == parts[0].shape().with_cols(1))) {
      throw ShapeError(fmt::format("concat: {} and {} must agree in all axes but the last",
                                   parts[0].shape().text(), part.shape().text()));
    }
    cols += part.shape().cols();
  }
  return record_join("concat", parts, parts[0].tape().tensor(parts[0].shape().with_cols(cols)),
                     parts[0].shape().rows());
}

Var concat(Var a, Var b) {
  const std::array<Var, 2> parts{a, b};
  return concat(parts);
}

Var slice_last(Var x, Index begin, Index count) {
  require_slice("slice_last", x, begin, count, x.shape().cols());
  return record_slice("slice_last", x, x.tape().tensor(x.shape().with_cols(count)), {x.shape().cols(), begin},
                      x.shape().rows(), count);
}

Var slice_time(Var x, Index begin, Index count) {
  require_rank("slice_time", "x", x, 3);
  require_slice("slice_time", x, begin, count, x.shape()[1]);
  const Index n = x.shape()[2];
  return record_slice("slice_time", x, x.tape().tensor({x.shape()[0], count, n}), {x.shape()[1] * n, begin * n},
                      x.shape()[0], count * n);
}

Var concat_time(std::span<const Var> parts) {
  check(!parts.empty(), "concat_time of nothing");
  Index steps = 0;
  const Shape first = parts[0].shape();
  for (const Var& part : parts) {
    require_rank("concat_time", "x", part, 3);
    if (part.shape()[0] != first[0] || part.shape()[2] != first[2]) {
      throw ShapeError(fmt::format("concat_time: {} and {} must agree in the first and last axis", first.text(),
                                   part.shape().text()));
    }
    steps += part.shape()[1];
  }
  return record_join("concat_time", parts, parts[0].tape().tensor({first[0], steps, first[2]}), first[0]);
}

}  // namespace regard
