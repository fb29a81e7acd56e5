#include "framework/tensor/kernels.h"

#include <cmath>
#include <cstring>

#include "framework/tensor/elementwise.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard::kernels {
namespace {

// Sums are computed over blocks of this size, for any number of threads, and then added in order.
constexpr Index kSumBlock = 8192;
constexpr Index kMaxSumBlocks = 1024;

template <class Term>
double blocked_sum(Index size, Term term) {
  double partial[kMaxSumBlocks];
  const Index block = std::max(kSumBlock, (size + kMaxSumBlocks - 1) / kMaxSumBlocks);
  const Index blocks = (size + block - 1) / block;
  double* const sums = partial;
  parallel_for(blocks, 2, [=](Index begin, Index end) {
    for (Index b = begin; b < end; ++b) {
      double sum = 0;
      for (Index i = b * block; i < std::min(size, (b + 1) * block); ++i) sum += term(i);
      sums[b] = sum;
    }
  });
  double sum = 0;
  for (Index b = 0; b < blocks; ++b) sum += partial[b];
  return sum;
}

constexpr Index kByteGrain = Index{1} << 17;

}  // namespace

void fill_zero(const Tensor& y) noexcept {
  auto* bytes = static_cast<char*>(y.raw());
  parallel_for(y.bytes(), kByteGrain, [=](Index begin, Index end) {
    std::memset(bytes + begin, 0, static_cast<std::size_t>(end - begin));
  });
}

void copy(const Tensor& x, const Tensor& y) noexcept {
  const auto* from = static_cast<const char*>(x.raw());
  auto* to = static_cast<char*>(y.raw());
  parallel_for(y.bytes(), kByteGrain, [=](Index begin, Index end) {
    std::memcpy(to + begin, from + begin, static_cast<std::size_t>(end - begin));
  });
}

void accumulate(const Tensor& x, const Tensor& y) {
  elementwise(
      y, true, [](auto v) { return v; }, x);
}

void scale(const Tensor& x, double factor, const Tensor& y, bool accumulate) {
  elementwise(
      y, accumulate, [factor](auto v) { return v * static_cast<decltype(v)>(factor); }, x);
}

void fill_rows(const Tensor& x, const Tensor& y) {
  for_rows({y, whole(x)}, y.cols(), [cols = y.cols()]<class T>(Index, T* to, const T* from) {
    std::memcpy(to, from, static_cast<std::size_t>(cols) * sizeof(T));
  });
}

void sum_rows(const Tensor& x, const Tensor& y, bool accumulate) {
  const Index rows = x.rows();
  const Index cols = x.cols();
  dispatch(x.type(), [&](auto tag) {
    using T = decltype(tag);
    const T* from = x.data<T>();
    T* to = y.data<T>();
    parallel_for(cols, std::max<Index>(16, kElementwiseGrain / std::max<Index>(rows, 1)),
                 [=](Index begin, Index end) {
                   if (!accumulate) std::memset(to + begin, 0, static_cast<std::size_t>(end - begin) * sizeof(T));
                   for (Index row = 0; row < rows; ++row) {
                     simd::axpy(end - begin, T{1}, from + row * cols + begin, to + begin);
                   }
                 });
  });
}

double dot(const Tensor& x, const Tensor& y) {
  check(x.size() == y.size(), "dot: sizes differ");
  return dispatch(x.type(), [&](auto tag) {
    using T = decltype(tag);
    const T* a = x.data<T>();
    const T* b = y.data<T>();
    return blocked_sum(x.size(), [=](Index i) { return static_cast<double>(a[i]) * static_cast<double>(b[i]); });
  });
}

double sum(const Tensor& x) {
  return dispatch(x.type(), [&](auto tag) {
    using T = decltype(tag);
    const T* a = x.data<T>();
    return blocked_sum(x.size(), [=](Index i) { return static_cast<double>(a[i]); });
  });
}

bool all_finite(const Tensor& x) noexcept {
  return dispatch(x.type(), [&](auto tag) {
    using T = decltype(tag);
    const T* a = static_cast<const T*>(x.raw());
    for (Index i = 0; i < x.size(); ++i) {
      if (!std::isfinite(a[i])) return false;
    }
    return true;
  });
}

void gather_rows(const Tensor& from, std::span<const Index> index, const Tensor& to) {
  const Index bytes = to.cols() * size_of(to.type());
  const auto* source = static_cast<const char*>(from.raw());
  auto* target = static_cast<char*>(to.raw());
  parallel_for(static_cast<Index>(index.size()), kByteGrain / (bytes + 1) + 1, [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Index row = index[static_cast<std::size_t>(i)];
      if (row < 0) {
        std::memset(target + i * bytes, 0, static_cast<std::size_t>(bytes));
      } else {
        std::memcpy(target + i * bytes, source + row * bytes, static_cast<std::size_t>(bytes));
      }
    }
  });
}

void scatter_rows(const Tensor& from, std::span<const Index> index, const Tensor& to) {
  const Index bytes = to.cols() * size_of(to.type());
  const auto* source = static_cast<const char*>(from.raw());
  auto* target = static_cast<char*>(to.raw());
  parallel_for(static_cast<Index>(index.size()), kByteGrain / (bytes + 1) + 1, [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      std::memcpy(target + index[static_cast<std::size_t>(i)] * bytes, source + i * bytes,
                  static_cast<std::size_t>(bytes));
    }
  });
}

void scatter_add_rows(const Tensor& from, std::span<const Index> index, const Tensor& to) {
  const Index cols = to.cols();
  const auto count = static_cast<Index>(index.size());
  dispatch(to.type(), [&](auto tag) {
    using T = decltype(tag);
    const T* source = from.data<T>();
    T* target = to.data<T>();
    // Threads share the columns, not the rows: a row may occur many times.
    parallel_for(cols, std::max<Index>(64, kElementwiseGrain / std::max<Index>(count, 1)),
                 [=](Index begin, Index end) {
                   for (Index i = 0; i < count; ++i) {
                     const Index row = index[static_cast<std::size_t>(i)];
                     if (row < 0) continue;
                     simd::axpy(end - begin, T{1}, source + i * cols + begin, target + row * cols + begin);
                   }
                 });
  });
}

}  // namespace regard::kernels
