// Times products of the model's real shapes (Multi30k: embedding 256, hidden 512, vocabulary 8000, 64 sentences,
// 900 rows of all steps; and a small model), for each backend and precision. Counters, from the fastest run:
// GFLOP/s and the share of the float32 peak of the threads in use (bench/peak.h); for bfloat16 also of the
// bfloat16 peak.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "bench/peak.h"
#include "framework/base/parallel.h"
#include "framework/tensor/cpu.h"
#include "framework/tensor/gemm/gemm.h"

namespace regard::bench {
namespace {

enum class Kind { packed, plain, weight_gradient, batched_nt, batched_nn, batched_tn };

struct Shape {
  const char* name;
  Kind kind;
  GemmShape size;
  Index batch = 1;
};

constexpr Shape kShapes[] = {
    {"input projection", Kind::packed, {900, 2048, 256}},
    {"recurrent step 64", Kind::packed, {64, 2048, 512}},
    {"recurrent step 20", Kind::packed, {20, 2048, 512}},
    {"recurrent step 1", Kind::packed, {1, 2048, 512}},
    {"dX of gates", Kind::packed, {900, 256, 2048}},
    {"dH step 64", Kind::packed, {64, 512, 2048}},
    {"dW input", Kind::weight_gradient, {256, 2048, 900}},
    {"dW recurrent", Kind::weight_gradient, {512, 2048, 900}},
    {"output", Kind::packed, {900, 8000, 512}},
    {"d readout", Kind::packed, {900, 512, 8000}},
    {"dW output", Kind::weight_gradient, {512, 8000, 900}},
    {"W_a", Kind::packed, {900, 512, 512}},
    {"W_c", Kind::packed, {900, 512, 1024}},
    {"dW_c", Kind::weight_gradient, {1024, 512, 900}},
    {"W_a not packed", Kind::plain, {900, 512, 512}},
    {"energies", Kind::batched_nt, {14, 15, 512}, 64},
    {"energies of one step", Kind::batched_nt, {1, 15, 512}, 64},
    {"contexts", Kind::batched_nn, {14, 512, 15}, 64},
    {"contexts of one step", Kind::batched_nn, {1, 512, 15}, 64},
    {"d keys", Kind::batched_tn, {15, 512, 14}, 64},
    {"small projection", Kind::packed, {600, 256, 64}},
    {"small step", Kind::packed, {50, 256, 64}},
    {"small output", Kind::packed, {600, 300, 64}},
    {"small dW", Kind::weight_gradient, {64, 256, 600}},
};

// Aligns to 64 bytes, as the model's arena does.
template <class T>
struct Aligned {
  using value_type = T;
  Aligned() = default;
  template <class U>
  Aligned(const Aligned<U>&) {}  // NOLINT: an allocator must have it
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* p, std::size_t) { ::operator delete (p, std::align_val_t{64}); }
  bool operator==(const Aligned&) const { return true; }
};
using Floats = std::vector<float, Aligned<float>>;

struct Operands {
  Shape shape;
  bool ta, tb;
  Index lda, ldb;
  Floats a, b, c;

  explicit Operands(const Shape& s)
      : shape(s),
        ta(s.kind == Kind::weight_gradient || s.kind == Kind::batched_tn),
        tb(s.kind == Kind::batched_nt),
        lda(ta ? s.size.m : s.size.k),
        ldb(tb ? s.size.k : s.size.n),
        a(random(s.batch * s.size.m * s.size.k)),
        b(random(s.batch * s.size.k * s.size.n)),
        c(static_cast<std::size_t>(s.batch * s.size.m * s.size.n)) {}

  static Floats random(Index n) {
    std::mt19937 generator(1);
    Floats x(static_cast<std::size_t>(n));
    for (float& value : x) value = static_cast<float>(generator()) * 0x1p-31F - 1.0F;
    return x;
  }

  void run(Arithmetic arithmetic, const PackedMatrix& packed) {
    const auto [m, n, k] = shape.size;
    const Transpose a_way = ta ? Transpose::yes : Transpose::no;
    const Transpose b_way = tb ? Transpose::yes : Transpose::no;
    if (shape.kind == Kind::packed) {
      gemm_packed(m, a.data(), lda, packed, false, nullptr, c.data(), n);
    } else if (shape.kind >= Kind::batched_nt) {
      gemm_batched(DType::f32, a_way, b_way, shape.size, {shape.batch, m * k, k * n, m * n}, a.data(), lda,
                   b.data(), ldb, false, c.data(), n);
    } else {
      gemm(arithmetic, a_way, b_way, shape.size, a.data(), lda, b.data(), ldb, false, c.data(), n);
    }
  }

  // Returns the largest error of some elements, divided by the square root of k.
  [[nodiscard]] double error() const {
    const auto [m, n, k] = shape.size;
    std::mt19937 generator(2);
    double worst = 0;
    for (int sample = 0; sample < 100; ++sample) {
      const Index i = static_cast<Index>(generator()) % m, j = static_cast<Index>(generator()) % n;
      const Index q = static_cast<Index>(generator()) % shape.batch;
      double exact = 0;
      for (Index p = 0; p < k; ++p) {
        exact += static_cast<double>(a[static_cast<std::size_t>(q * m * k + (ta ? p * lda + i : i * lda + p))]) *
                 static_cast<double>(b[static_cast<std::size_t>(q * k * n + (tb ? j * ldb + p : p * ldb + j))]);
      }
      worst =
          std::max(worst, std::abs(static_cast<double>(c[static_cast<std::size_t>((q * m + i) * n + j)]) - exact));
    }
    return worst / std::sqrt(static_cast<double>(k));
  }
};

double allowed_error(Precision precision) {
  if (precision == Precision::bfloat16) return 2e-2;
  return precision == Precision::bfloat16x3 ? 1e-4 : 2e-5;
}

void product(benchmark::State& state, Shape shape, Backend backend, Precision precision) {
  const Backend before = gemm_backend();
  set_gemm_backend(backend);
  const Arithmetic arithmetic(DType::f32, precision);
  Operands operands(shape);
  const std::unique_ptr<void, decltype(&std::free)> memory(
      std::aligned_alloc(
          64,
          static_cast<std::size_t>(PackedMatrix::bytes(arithmetic, shape.size.k, shape.size.n) + 128) / 64 * 64),
      &std::free);
  PackedMatrix packed;
  if (shape.kind == Kind::packed) {
    packed = PackedMatrix(arithmetic, Transpose::no, shape.size.k, shape.size.n, operands.b.data(), operands.ldb,
                          memory.get());
  }
  operands.run(arithmetic, packed);
  if (!(operands.error() <= allowed_error(precision))) {
    state.SkipWithError("the result is wrong");
    set_gemm_backend(before);
    return;
  }
  double best = 1e9;
  for ([[maybe_unused]] auto _ : state) {
    const double begin = seconds();
    operands.run(arithmetic, packed);
    best = std::min(best, seconds() - begin);
  }
  set_gemm_backend(before);
  const auto [m, n, k] = shape.size;
  const double rate = 2e-9 * static_cast<double>(m * n * k * shape.batch) / best;
  state.counters["GFLOP/s"] = rate;
  state.counters["% of float32 peak"] = 100 * rate / float32_peak();
  if (precision == Precision::bfloat16) state.counters["% of bfloat16 peak"] = 100 * rate / bfloat16_peak();
  state.counters["best us"] = best * 1e6;
}

const bool registered = [] {
  for (const Shape& shape : kShapes) {
    for (const Backend backend : {Backend::own, Backend::onednn, Backend::eigen}) {
      if (!is_available(backend)) continue;
      for (const Precision precision : {Precision::float32, Precision::bfloat16x3, Precision::bfloat16}) {
        if (precision != Precision::float32) {
          const bool has = backend == Backend::own && instruction_set() >= InstructionSet::avx512_bf16;
          if (!has || shape.kind >= Kind::batched_nt) continue;
        }
        const std::string name = "product/" + std::string(shape.name) + "/" + std::string(name_of(backend)) + "/" +
                                 std::string(name_of(precision));
        benchmark::RegisterBenchmark(name.c_str(),
                                     [=](benchmark::State& state) { product(state, shape, backend, precision); })
            ->UseRealTime()
            ->MinTime(0.05);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace regard::bench
