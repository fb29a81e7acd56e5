// Over 350 lines: one case for each family of kernels.
// Every instruction set with fused multiply-add gives the same bytes: what a family computes from fixed
// numbers has the hash in this file. So a machine with AVX2 alone compares itself with AVX-512.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "framework/base/sha256.h"
#include "framework/tensor/gemm/gemm.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/kernels_loss.h"
#include "framework/tensor/simd/math/vector_math.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/tensor/gemm/gemm_paths.h"
#include "tests/tensor/gemm/gemm_problem.h"

namespace regard::testing {
namespace {

std::size_t count(Index n) { return static_cast<std::size_t>(n); }

// Of both signs, a few of them tiny: their products vanish, and leave zeros of either sign. (SplitMix64, Steele et al.
// 2014: large matrices want many.)
template <class T>
std::vector<T> numbers(Index n, std::uint64_t seed, float size = 3) {
  std::uint64_t state = seed << 32;
  std::vector<T> x(count(n));
  for (T& each : x) {
    std::uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    const auto word = static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
    const float value = (static_cast<float>(word >> 8) * 0x1p-23F - 1) * size;
    each = static_cast<T>(word % 16 == 0 ? value * 1e-30F : value);
  }
  return x;
}

// All results of a family, as bytes.
class Results final {
 public:
  template <class T>
  void add(const std::vector<T>& all) {
    bytes_.append(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(T));
  }
  void add(double value) { add(std::vector<double>{value}); }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Where results of `of` first differ from those of the widest set, in floats.
std::string place_of_difference(const std::string& bytes, const std::string& widest) {
  if (bytes == widest) return "none";
  const auto at = std::mismatch(bytes.begin(), bytes.end(), widest.begin(), widest.end()).first - bytes.begin();
  return fmt::format("byte {} of {}", at, bytes.size());
}

template <class Family>
void check_sets(const std::string& hash, Family family) {
  const InstructionSet best = best_instruction_set();
  if (best < InstructionSet::avx2) REGARD_SKIP("there is no avx2 here");
  std::string widest;
  for (int i = static_cast<int>(best); i >= static_cast<int>(InstructionSet::avx2); --i) {
    const auto set = static_cast<InstructionSet>(i);
    const ForcedPath forced({Backend::own, set, Precision::float32});
    Results results;
    family(results);
    if (set == best) widest = results.bytes();
    INFO(name_of(set) << ", first difference from " << name_of(best) << ": "
                      << place_of_difference(results.bytes(), widest));
    CHECK(sha256(results.bytes()).substr(0, 16) == hash);
  }
}

template <class T>
void multiply(Results& results, const Case& c) {
  const auto [m, n, k] = c.shape;
  const Arithmetic arithmetic(sizeof(T) == 4 ? DType::f32 : DType::f64);
  const bool ta = c.ta == Transpose::yes, tb = c.tb == Transpose::yes;
  const Index lda = (ta ? m : k) + c.padding, ldb = (tb ? k : n) + c.padding, ldc = n + c.padding;
  const std::vector<T> a = numbers<T>((ta ? k : m) * lda, 1), b = numbers<T>((tb ? n : k) * ldb, 2),
                       bias = numbers<T>(n, 3);
  std::vector<T> to = numbers<T>(m * ldc, 4);
  if (c.kind == Kind::packed) {
    const Memory memory = aligned_memory(PackedMatrix::bytes(arithmetic, k, n));
    const PackedMatrix packed(arithmetic, c.tb, k, n, b.data(), ldb, memory.get());
    gemm_packed(m, a.data(), lda, packed, c.accumulate, c.bias ? bias.data() : nullptr, to.data(), ldc);
  } else if (c.kind == Kind::batched) {
    gemm_batched(arithmetic.dtype, c.ta, c.tb, c.shape, Batch{1, 0, 0, 0}, a.data(), lda, b.data(), ldb,
                 c.accumulate, to.data(), ldc);
  } else {
    gemm(arithmetic, c.ta, c.tb, c.shape, a.data(), lda, b.data(), ldb, c.accumulate, to.data(), ldc);
  }
  results.add(to);
}

// Rows and columns around the borders of panels and vectors, in two sequences of coprime lengths; every k up to 70
// and some around the borders of blocks.
template <class T>
void multiply_all(Results& results, Kind kind) {
  const std::vector<Index> rows = {1, 2, 3, 5, 6, 7, 8, 13, 14, 15, 17, 64, 57};
  const std::vector<Index> columns = {1, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 3};
  std::vector<Index> depths;
  for (Index k = 1; k <= 70; ++k) depths.push_back(k);
  for (const Index k : {255, 256, 257, 511, 512, 513, 1025, 1031}) depths.push_back(k);
  for (std::size_t i = 0; i < depths.size(); ++i) {
    for (const Transpose ta : {Transpose::no, Transpose::yes}) {
      for (const Transpose tb : {Transpose::no, Transpose::yes}) {
        if (kind == Kind::packed && ta == Transpose::yes) continue;
        const bool bias = kind == Kind::packed && i % 3 == 0;
        const GemmShape shape = {rows[i % rows.size()], columns[i % columns.size()], depths[i]};
        multiply<T>(results, {kind, ta, tb, shape, static_cast<Index>(i % 4), !bias && i % 2 == 0, bias});
      }
    }
  }
}

Tensor tensor_of(std::vector<float>& x, Index rows, Index columns) {
  return Tensor(x.data(), DType::f32, {rows, columns});
}

const std::vector<Index> kLengths = {1,  2,  7,  8,  9,  15, 16, 17,  24,  25,
                                     31, 32, 33, 63, 64, 65, 97, 128, 200, 1000};

}  // namespace

TEST_CASE("portable: products") {
  check_sets("d879cd787795e1c2", [](Results& results) { multiply_all<float>(results, Kind::plain); });
}

TEST_CASE("portable: products by packed weights") {
  check_sets("b7ec9418391ef2e4", [](Results& results) { multiply_all<float>(results, Kind::packed); });
}

TEST_CASE("portable: products of single sentences") {
  check_sets("eada0f4dbd32ca89", [](Results& results) { multiply_all<float>(results, Kind::batched); });
}

TEST_CASE("portable: large products") {
  check_sets("bd923eb63b002d96", [](Results& results) {
    for (const Case& c : large_cases()) multiply<float>(results, c);
  });
}

TEST_CASE("portable: products in double") {
  check_sets("4cdfe91c0c911348", [](Results& results) {
    for (const Kind kind : {Kind::plain, Kind::packed, Kind::batched}) multiply_all<double>(results, kind);
  });
}

TEST_CASE("portable: sums and products of spans") {
  check_sets("9c3879c26a967038", [](Results& results) {
    for (const Index n : kLengths) {
      std::vector<float> x = numbers<float>(n, 1), y = numbers<float>(n, 2);
      results.add(static_cast<double>(simd::dot(n, x.data(), y.data())));
      results.add(simd::sum_of_squares(n, x.data()));
      const Tensor a = tensor_of(x, 1, n), b = tensor_of(y, 1, n);
      results.add(kernels::dot(a, b));
      results.add(kernels::sum(a));
      simd::axpy(n, 0.7F, x.data(), y.data());
      results.add(y);
      std::vector<float> rows = numbers<float>(9 * n, 3);
      kernels::sum_rows(tensor_of(rows, 9, n), b, true);
      results.add(y);
    }
  });
}

TEST_CASE("portable: exp and tanh and sigmoid") {
  check_sets("4a98233b67874883", [](Results& results) {
    for (const float size : {0.5F, 4.0F, 120.0F}) {
      const std::vector<float> x = numbers<float>(300007, 1, size);
      std::vector<float> y(x.size());
      const auto n = static_cast<Index>(x.size());
      simd::exp(n, x.data(), y.data());
      results.add(y);
      simd::tanh(n, x.data(), y.data());
      results.add(y);
      simd::sigmoid(n, x.data(), y.data());
      results.add(y);
    }
  });
}

TEST_CASE("portable: softmax and its gradient") {
  check_sets("c3e54897cf0bdc0c", [](Results& results) {
    for (const Index n : kLengths) {
      constexpr Index kRows = 5;
      const std::vector<Index> lengths = {n, 1, (n + 1) / 2, std::max<Index>(1, n - 1), n};
      const std::vector<float> x = numbers<float>(kRows * n, 1), dy = numbers<float>(kRows * n, 2);
      std::vector<float> y(x.size()), dx(x.size());
      for (const Index* given : {static_cast<const Index*>(nullptr), lengths.data()}) {
        simd::softmax(simd::SoftmaxRows<float>{kRows, n, given, {x.data(), n}, {y.data(), n}});
        simd::softmax_backward(
            simd::SoftmaxGradient<float>{kRows, n, {y.data(), n}, {dy.data(), n}, {dx.data(), n}});
        results.add(y);
        results.add(dx);
      }
    }
  });
}

TEST_CASE("portable: losses and logarithms of a softmax") {
  check_sets("b5bf20405915ee74", [](Results& results) {
    for (const Index n : kLengths) {
      std::vector<float> x = numbers<float>(4 * n, 1), y(x.size());
      const Tensor logits = tensor_of(x, 4, n);
      kernels::log_softmax(logits, tensor_of(y, 4, n));
      results.add(y);
      results.add(kernels::log_sum_exp(n, x.data()));
      std::vector<double> loss(4);
      kernels::softmax_cross_entropy(logits, std::vector<Index>{0, n - 1, -1, n / 2}, 0.1, loss.data(), true);
      results.add(loss);
      results.add(x);
    }
  });
}

TEST_CASE("portable: adam") {
  check_sets("a61a6c341179aa2b", [](Results& results) {
    for (const Index n : kLengths) {
      std::vector<float> p = numbers<float>(n, 1), g = numbers<float>(n, 2), m = numbers<float>(n, 3),
                         v = numbers<float>(n, 4);
      for (float& square : v) square *= square;
      simd::adam(simd::AdamUpdate<float>{n, p.data(), g.data(), m.data(), v.data(), 0.3F, 0.9F, 0.999F, 1e-8F,
                                         0.01F, 1.7F, false});
      for (const auto* part : {&p, &m, &v}) results.add(*part);
    }
  });
}

TEST_CASE("portable: layer normalisation and its gradients") {
  check_sets("92d168791fe4549c", [](Results& results) {
    for (const Index n : kLengths) {
      constexpr Index kRows = 3;
      const std::vector<float> x = numbers<float>(kRows * n, 1), dy = numbers<float>(kRows * n, 2),
                               gain = numbers<float>(n, 3), bias = numbers<float>(n, 4);
      std::vector<float> y(x.size()), mean(kRows), scale(kRows), dx = numbers<float>(kRows * n, 5), d_gain(gain),
                                                                 d_bias(bias);
      simd::layer_norm(simd::LayerNorm<float>{
          kRows, n, {x.data(), n}, gain.data(), bias.data(), 1e-5F, {y.data(), n}, mean.data(), scale.data()});
      for (const bool accumulate : {true, false}) {
        simd::layer_norm_input(simd::LayerNormInput<float>{kRows,
                                                           n,
                                                           {x.data(), n},
                                                           gain.data(),
                                                           mean.data(),
                                                           scale.data(),
                                                           {dy.data(), n},
                                                           {dx.data(), n},
                                                           accumulate});
        results.add(dx);
      }
      simd::layer_norm_weights(simd::LayerNormWeights<float>{
          kRows, n, {x.data(), n}, mean.data(), scale.data(), {dy.data(), n}, d_gain.data(), d_bias.data()});
      for (const auto* part : {&y, &mean, &scale, &d_gain, &d_bias}) results.add(*part);
    }
  });
}

TEST_CASE("portable: dropout") {
  check_sets("1d9188f5ffe9b887", [](Results& results) {
    for (const Index n : kLengths) {
      const std::vector<float> x = numbers<float>(n, 1);
      std::vector<float> y = numbers<float>(n, 2);
      for (const bool accumulate : {true, false}) {
        simd::dropout(
            simd::Dropout<float>{n, x.data(), y.data(), 11, 12, 13, 0x40000000U, 1.0F / 0.75F, accumulate});
        results.add(y);
      }
    }
  });
}

TEST_CASE("portable: the gates of an lstm") {
  check_sets("91716d92a3221b1c", [](Results& results) {
    for (const Index n : kLengths) {
      constexpr Index kRows = 2;
      std::vector<float> gates = numbers<float>(kRows * 4 * n, 1), c(count(kRows * n)), h(c),
                         dc = numbers<float>(kRows * n, 2);
      const std::vector<float> before = numbers<float>(kRows * n, 3), dh = numbers<float>(kRows * n, 4);
      simd::lstm_forward(simd::LstmForward<float>{
          kRows, n, {gates.data(), 4 * n}, {before.data(), n}, {c.data(), n}, {h.data(), n}});
      for (const auto* part : {&gates, &c, &h}) results.add(*part);
      simd::lstm_backward(simd::LstmBackward<float>{kRows,
                                                    n,
                                                    {gates.data(), 4 * n},
                                                    {before.data(), n},
                                                    {c.data(), n},
                                                    {dh.data(), n},
                                                    {dc.data(), n},
                                                    {gates.data(), 4 * n},
                                                    {dc.data(), n}});
      for (const auto* part : {&gates, &dc}) results.add(*part);
    }
  });
}

TEST_CASE("portable: the gates of a gru") {
  check_sets("f9aff34d5e4e1fd1", [](Results& results) {
    for (const Index n : kLengths) {
      constexpr Index kRows = 2;
      const std::vector<float> before = numbers<float>(kRows * n, 1), dh = numbers<float>(kRows * n, 2);
      std::vector<float> x = numbers<float>(kRows * 3 * n, 3), u = numbers<float>(kRows * 3 * n, 4), h(dh),
                         dh_prev(before);
      simd::gru_forward(simd::GruForward<float>{
          kRows, n, {x.data(), 3 * n}, {u.data(), 3 * n}, {before.data(), n}, {x.data(), 3 * n}, {h.data(), n}});
      for (const auto* part : {&x, &h}) results.add(*part);
      simd::gru_backward(simd::GruBackward<float>{kRows,
                                                  n,
                                                  {x.data(), 3 * n},
                                                  {u.data(), 3 * n},
                                                  {before.data(), n},
                                                  {dh.data(), n},
                                                  {x.data(), 3 * n},
                                                  {u.data(), 3 * n},
                                                  {dh_prev.data(), n}});
      for (const auto* part : {&x, &u, &dh_prev}) results.add(*part);
    }
  });
}

TEST_CASE("portable: additive energies and their gradients") {
  check_sets("b29549254c476043", [](Results& results) {
    for (const Index n : kLengths) {
      constexpr Index kQueries = 2, kKeys = 3;
      const std::vector<float> q = numbers<float>(kQueries * n, 1), k = numbers<float>(kKeys * n, 2),
                               v = numbers<float>(n, 3), de = numbers<float>(kQueries * kKeys, 4);
      std::vector<float> e(count(kQueries * kKeys)), dq(q), dk(k), dv(v);
      simd::additive_energies(simd::AdditiveEnergies<float>{
          kQueries, kKeys, n, {q.data(), n}, {k.data(), n}, v.data(), {e.data(), kKeys}});
      simd::additive_energies_backward(simd::AdditiveGradient<float>{kQueries,
                                                                     kKeys,
                                                                     n,
                                                                     {q.data(), n},
                                                                     {k.data(), n},
                                                                     v.data(),
                                                                     {de.data(), kKeys},
                                                                     {dq.data(), n},
                                                                     {dk.data(), n},
                                                                     dv.data()});
      for (const auto* part : {&e, &dq, &dk, &dv}) results.add(*part);
    }
  });
}

}  // namespace regard::testing
