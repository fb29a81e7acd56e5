#include "framework/tensor/kernel_trials.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "framework/tensor/gemm/gemm.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard {
namespace {

// Returns small whole numbers. Every precision represents them and their sums exactly.
template <class T>
std::vector<T> numbers(Index count, Index step) {
  std::vector<T> all(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) all[static_cast<std::size_t>(i)] = static_cast<T>(i * step % 9 - 4);
  return all;
}

template <class T>
bool is_product(GemmShape shape, const std::vector<T>& a, const std::vector<T>& b, const std::vector<T>& c) {
  const auto at = [](Index i, Index width, Index j) { return static_cast<std::size_t>(i * width + j); };
  for (Index i = 0; i < shape.m; ++i) {
    for (Index j = 0; j < shape.n; ++j) {
      T sum = 0;
      for (Index p = 0; p < shape.k; ++p) sum += a[at(i, shape.k, p)] * b[at(p, shape.n, j)];
      if (c[at(i, shape.n, j)] != sum) return false;
    }
  }
  return true;
}

// Tests B in place and packed, with sizes that are multiples of the tiles and others.
template <class T>
bool multiplies(Arithmetic arithmetic) {
  bool right = true;
  for (const GemmShape shape : {GemmShape{64, 64, 64}, GemmShape{35, 37, 33}}) {
    const auto [m, n, k] = shape;
    const std::vector<T> a = numbers<T>(m * k, 5), b = numbers<T>(k * n, 7);
    std::vector<T> c(static_cast<std::size_t>(m * n));
    gemm(arithmetic, Transpose::no, Transpose::no, shape, a.data(), k, b.data(), n, false, c.data(), n);
    right = right && is_product(shape, a, b, c);
    const Index bytes = (PackedMatrix::bytes(arithmetic, k, n) + 63) / 64 * 64;
    const std::unique_ptr<void, decltype(&std::free)> memory(
        std::aligned_alloc(64, static_cast<std::size_t>(bytes)), &std::free);
    const PackedMatrix packed(arithmetic, Transpose::no, k, n, b.data(), n, memory.get());
    gemm_packed(m, a.data(), k, packed, false, nullptr, c.data(), n);
    right = right && is_product(shape, a, b, c);
  }
  return right;
}

bool has_functions() {
  constexpr std::size_t kCount = 37;  // whole vectors and a remainder
  std::array<float, kCount> x{}, y{};
  for (std::size_t i = 0; i < kCount; ++i) x[i] = 0.25F * static_cast<float>(i) - 4;
  bool right = true;
  const auto compare = [&](double (*wanted)(double)) {
    for (std::size_t i = 0; i < kCount; ++i) {
      const double exact = wanted(static_cast<double>(x[i]));
      right = right && std::abs(static_cast<double>(y[i]) - exact) <= 1e-5 * std::abs(exact);
    }
  };
  simd::exp(kCount, x.data(), y.data());
  compare([](double v) { return std::exp(v); });
  simd::tanh(kCount, x.data(), y.data());
  compare([](double v) { return std::tanh(v); });
  simd::sigmoid(kCount, x.data(), y.data());
  compare([](double v) { return 1 / (1 + std::exp(-v)); });
  return right;
}

}  // namespace

std::vector<KernelTrial> kernel_trials() {
  std::vector<KernelTrial> trials{{"functions", has_functions},
                                  {"products in float64", [] { return multiplies<double>(DType::f64); }}};
  for (const Precision precision : {Precision::float32, Precision::bfloat16x3, Precision::bfloat16}) {
    if (!supports(precision)) continue;
    trials.push_back({fmt::format("products in {}", name_of(precision)), [precision] {
                        return multiplies<float>({DType::f32, precision});
                      }});
  }
  return trials;
}

}  // namespace regard
