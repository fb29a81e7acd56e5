// Over 350 lines: every loop of vector_math.h is compared with double precision in every instruction set, by
// helpers that all of them share.
#include "framework/tensor/simd/math/vector_math.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "framework/base/random.h"
#include "framework/tensor/cpu.h"
#include "tests/support/catch.h"
#include "tests/tensor/guarded_matrix.h"

namespace regard::testing {
namespace {

template <class Body>
void for_each_set(Body body) {
  const InstructionSet before = instruction_set();
  for (int i = 0; i <= static_cast<int>(best_instruction_set()); ++i) {
    const auto set = static_cast<InstructionSet>(i);
    force_instruction_set(set);
    INFO(name_of(set));
    body(set);
  }
  force_instruction_set(before);
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Returns the distance between floats at `exact`; for denormals that of the smallest normal.
double last_place(double exact) {
  const double size = std::max(std::abs(exact), 0x1p-126);
  return std::ldexp(1.0, std::ilogb(size) - 23);
}

// Returns the largest error in units of the last place, over every 509th of all 2^32 floats and more floats at
// critical places.
template <class Reference>
double worst_error(void (*function)(Index, const float*, float*), Reference reference) {
  double worst = 0;
  std::vector<float> x, y;
  const auto flush = [&] {
    y.resize(x.size());
    function(static_cast<Index>(x.size()), x.data(), y.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double exact = reference(static_cast<double>(x[i]));
      if (std::abs(exact) >= 0x1.ffffffp+127) {
        if (y[i] != (exact > 0 ? kInfinity : -kInfinity)) worst = 1e9;
      } else {
        worst = std::max(worst, std::abs(static_cast<double>(y[i]) - exact) / last_place(exact));
      }
    }
    x.clear();
  };
  for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 509) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (std::isnan(value)) continue;
    x.push_back(value);
    if (x.size() == 4096) flush();
  }
  for (float value = -110; value < 110; value += 0.0007F) x.push_back(value);
  flush();
  return worst;
}

double exact_sigmoid(double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }

std::vector<float> numbers(std::size_t n, std::uint64_t seed, double low = -3, double high = 3) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<float> x(n);
  for (float& value : x) value = static_cast<float>(uniform(random));
  return x;
}
std::vector<double> widen(const std::vector<float>& x) { return {x.begin(), x.end()}; }

// Returns the largest |a - b| / (1 + |b|).
double distance(const std::vector<float>& a, const std::vector<double>& b) {
  double worst = a.size() == b.size() ? 0 : 1e9;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::abs(static_cast<double>(a[i]) - b[i]) / (1 + std::abs(b[i]));
    worst = d <= worst ? worst : (std::isnan(d) ? 1e9 : d);
  }
  return worst;
}

constexpr auto kExp = static_cast<void (*)(Index, const float*, float*)>(simd::exp);
constexpr auto kTanh = static_cast<void (*)(Index, const float*, float*)>(simd::tanh);
constexpr auto kSigmoid = static_cast<void (*)(Index, const float*, float*)>(simd::sigmoid);

}  // namespace

TEST_CASE("vector_math: exp and tanh and sigmoid are within their stated error over all floats") {
  for_each_set([](InstructionSet) {
    const double exp_error = worst_error(kExp, [](double x) { return std::exp(x); });
    const double tanh_error = worst_error(kTanh, [](double x) { return std::tanh(x); });
    const double sigmoid_error = worst_error(kSigmoid, exact_sigmoid);
    CHECK(exp_error <= 1.1);
    CHECK(tanh_error <= 1.3);
    CHECK(sigmoid_error <= 2.3);
  });
}

TEST_CASE("vector_math: nan stays nan and infinities give the limits") {
  for_each_set([](InstructionSet) {
    const std::array<float, 3> x = {kNan, kInfinity, -kInfinity};
    std::array<float, 3> y{};
    simd::exp(3, x.data(), y.data());
    CHECK((std::isnan(y[0]) && y[1] == kInfinity && y[2] == 0));
    simd::tanh(3, x.data(), y.data());
    CHECK((std::isnan(y[0]) && y[1] == 1 && y[2] == -1));
    simd::sigmoid(3, x.data(), y.data());
    CHECK((std::isnan(y[0]) && y[1] == 1 && y[2] == 0));
    const std::array<float, 2> zeros = {0.0F, -0.0F};
    simd::tanh(2, zeros.data(), y.data());
    CHECK((!std::signbit(y[0]) && std::signbit(y[1])));
  });
}

TEST_CASE("vector_math: a result does not depend on the place in the span or the vector's width") {
  const std::vector<float> x = numbers(97, 1, -20, 20);
  for (const auto function : {kExp, kTanh, kSigmoid}) {
    std::vector<float> narrow;
    for_each_set([&](InstructionSet set) {
      std::vector<float> y(x.size()), one(1);
      function(97, x.data(), y.data());
      for (std::size_t i = 0; i < x.size(); ++i) {
        function(1, &x[i], one.data());
        REQUIRE(std::memcmp(one.data(), &y[i], sizeof(float)) == 0);
      }
      if (set == InstructionSet::avx2) narrow = y;
      if (set > InstructionSet::avx2) CHECK(std::memcmp(narrow.data(), y.data(), 97 * sizeof(float)) == 0);
    });
  }
}

TEST_CASE("vector_math: spans of every length are read and written exactly to their end") {
  for_each_set([](InstructionSet) {
    for (Index n = 0; n <= 70; ++n) {
      const GuardedMatrix<float> x(1, n, 0), y(1, n, 0);
      for (Index i = 0; i < n; ++i) x(0, i) = y(0, i) = 1.0F / static_cast<float>(i + 1);
      simd::sigmoid(n, x.data(), y.data());
      simd::axpy(n, 2.0F, x.data(), y.data());
      double sum = 0;
      for (Index i = 0; i < n; ++i) sum += static_cast<double>(x(0, i)) * static_cast<double>(y(0, i));
      CHECK(static_cast<double>(simd::dot(n, x.data(), y.data())) == Approx(sum).epsilon(1e-6));
      CHECK(y.padding_untouched());
    }
  });
}

TEST_CASE("vector_math: squares are summed in double") {
  for (const Index n : {0, 1, 7, 33, 100003}) {
    const std::vector<float> x = numbers(static_cast<std::size_t>(n), 2);
    const double exact = simd::sum_of_squares(n, widen(x).data());
    for_each_set(
        [&](InstructionSet) { CHECK(simd::sum_of_squares(n, x.data()) == Approx(exact).epsilon(1e-13)); });
  }
  const std::vector<float> far = {1e30F, 1e-20F};  // their squares are outside the range of float
  for_each_set([&](InstructionSet) {
    CHECK(simd::sum_of_squares(1, far.data()) == Approx(1e60).epsilon(1e-6));
    CHECK(simd::sum_of_squares(1, far.data() + 1) == Approx(1e-40).epsilon(1e-6));
  });
}

TEST_CASE("vector_math: dropout uses the words of its key in every set and in double") {
  const Key key = Key(3, "dropout").with(7);
  const auto pair = key.pair();  // no structured binding: a closure cannot capture one in clang 14
  const auto bits = pair[0];
  const auto stream = pair[1];
  constexpr std::uint32_t kThreshold = 0x60000000U;
  for (const Index n : {1, 5, 31, 64, 97}) {
    for (const std::uint64_t block : {std::uint64_t{0}, std::uint64_t{5} << 32, (std::uint64_t{3} << 32) - 2}) {
      const std::vector<float> x = numbers(static_cast<std::size_t>(n), 4);
      std::vector<double> expected(static_cast<std::size_t>(n)), wide(expected);
      for (std::size_t i = 0; i < x.size(); ++i) {
        const std::uint32_t word = key.word(static_cast<Index>(4 * block + i));
        expected[i] = 1 + (word < kThreshold ? 0 : static_cast<double>(x[i] * 2));
      }
      const std::vector<double> from = widen(x);
      std::fill(wide.begin(), wide.end(), 1);
      simd::dropout(simd::Dropout<double>{n, from.data(), wide.data(), bits, stream, block, kThreshold, 2, true});
      CHECK(wide == expected);
      for_each_set([&](InstructionSet) {
        const GuardedMatrix<float> y(1, n, 0);
        for (Index i = 0; i < n; ++i) y(0, i) = 1;
        simd::dropout(simd::Dropout<float>{n, x.data(), y.data(), bits, stream, block, kThreshold, 2, true});
        Index wrong = 0;
        for (Index i = 0; i < n; ++i)
          wrong += y(0, i) != static_cast<float>(expected[static_cast<std::size_t>(i)]);
        CHECK(wrong == 0);
        simd::dropout(simd::Dropout<float>{n, x.data(), y.data(), bits, stream, block, kThreshold, 2, false});
        for (Index i = 0; i < n; ++i) {
          wrong += y(0, i) + 1 != static_cast<float>(expected[static_cast<std::size_t>(i)]);
        }
        CHECK(wrong == 0);
      });
    }
  }
}

TEST_CASE("vector_math: softmax of rows with lengths and its gradient agree with double") {
  constexpr Index kRows = 9, kColumns = 37, kLd = 41;
  const std::vector<Index> lengths = {37, 1, 2, 15, 16, 17, 31, 32, 33};
  const std::vector<float> x = numbers(kRows * kLd, 3, -90, 90), dy = numbers(kRows * kLd, 4);
  std::vector<double> exact(kRows * kLd), exact_dx(kRows * kLd);
  const std::vector<double> wide_x = widen(x), wide_dy = widen(dy);
  simd::softmax(
      simd::SoftmaxRows<double>{kRows, kColumns, lengths.data(), {wide_x.data(), kLd}, {exact.data(), kLd}});
  simd::softmax_backward(simd::SoftmaxGradient<double>{
      kRows, kColumns, {exact.data(), kLd}, {wide_dy.data(), kLd}, {exact_dx.data(), kLd}});
  for_each_set([&](InstructionSet) {
    std::vector<float> y(kRows * kLd), dx(kRows * kLd);
    simd::softmax(simd::SoftmaxRows<float>{kRows, kColumns, lengths.data(), {x.data(), kLd}, {y.data(), kLd}});
    simd::softmax_backward(
        simd::SoftmaxGradient<float>{kRows, kColumns, {y.data(), kLd}, {dy.data(), kLd}, {dx.data(), kLd}});
    CHECK(distance(y, exact) < 3e-6);
    CHECK(distance(dx, exact_dx) < 3e-6);
    CHECK((y[kLd] == 1.0F && y[kLd + 1] == 0.0F && dx[kLd + 1] == 0.0F));
  });
}

TEST_CASE("vector_math: the softmax of large negative numbers is right in the tail of a vector") {
  for_each_set([](InstructionSet) {
    const std::vector<float> x(19, -1000.0F);
    std::vector<float> y(19);
    simd::softmax(simd::SoftmaxRows<float>{1, 19, nullptr, {x.data(), 19}, {y.data(), 19}});
    CHECK(y[18] == Approx(1.0 / 19).epsilon(1e-6));
  });
}

TEST_CASE("vector_math: the gates of an lstm forward and backward agree with double") {
  constexpr Index kRows = 3, kHidden = 21, kLd = 90, kLdState = 25;
  const std::vector<float> z = numbers(kRows * kLd, 5), c_prev = numbers(kRows * kLdState, 6);
  const std::vector<float> dh = numbers(kRows * kLdState, 7), dc = numbers(kRows * kLdState, 8);
  const auto run = [&](auto gates, auto before, auto to_h, auto to_c) {
    using T = typename decltype(gates)::value_type;
    std::vector<T> c(kRows * kLdState), h(kRows * kLdState);
    simd::lstm_forward(simd::LstmForward<T>{kRows,
                                            kHidden,
                                            {gates.data(), kLd},
                                            {before.data(), kLdState},
                                            {c.data(), kLdState},
                                            {h.data(), kLdState}});
    std::vector<T> all = gates;
    all.insert(all.end(), c.begin(), c.end());
    all.insert(all.end(), h.begin(), h.end());
    simd::lstm_backward(simd::LstmBackward<T>{kRows,
                                              kHidden,
                                              {gates.data(), kLd},
                                              {before.data(), kLdState},
                                              {c.data(), kLdState},
                                              {to_h.data(), kLdState},
                                              {to_c.data(), kLdState},
                                              {gates.data(), kLd},
                                              {to_c.data(), kLdState}});
    all.insert(all.end(), gates.begin(), gates.end());
    all.insert(all.end(), to_c.begin(), to_c.end());
    return all;
  };
  const std::vector<double> exact = run(widen(z), widen(c_prev), widen(dh), widen(dc));
  for_each_set([&](InstructionSet) { CHECK(distance(run(z, c_prev, dh, dc), exact) < 2e-6); });
}

TEST_CASE("vector_math: the gates of a gru forward and backward agree with double") {
  static constexpr Index kRows = 3, kHidden = 21, kLd = 70, kLdState = 25;
  const auto run = [&](auto zero) {
    using T = decltype(zero);
    const auto drawn = [](std::size_t n, std::uint64_t seed) {
      const std::vector<float> x = numbers(n, seed);
      return std::vector<T>(x.begin(), x.end());
    };
    std::vector<T> gates = drawn(kRows * kLd, 5), u = drawn(kRows * kLd, 6), dh_prev = drawn(kRows * kLdState, 9);
    const std::vector<T> h_prev = drawn(kRows * kLdState, 7), dh = drawn(kRows * kLdState, 8);
    std::vector<T> h(kRows * kLdState);
    simd::gru_forward(simd::GruForward<T>{kRows,
                                          kHidden,
                                          {gates.data(), kLd},
                                          {u.data(), kLd},
                                          {h_prev.data(), kLdState},
                                          {gates.data(), kLd},
                                          {h.data(), kLdState}});
    std::vector<T> all = gates;
    all.insert(all.end(), h.begin(), h.end());
    simd::gru_backward(simd::GruBackward<T>{kRows,
                                            kHidden,
                                            {gates.data(), kLd},
                                            {u.data(), kLd},
                                            {h_prev.data(), kLdState},
                                            {dh.data(), kLdState},
                                            {gates.data(), kLd},
                                            {u.data(), kLd},
                                            {dh_prev.data(), kLdState}});
    for (const auto* part : {&gates, &u, &dh_prev}) all.insert(all.end(), part->begin(), part->end());
    return all;
  };
  const std::vector<double> exact = run(0.0);
  for_each_set([&](InstructionSet) { CHECK(distance(run(0.0F), exact) < 2e-6); });
}

TEST_CASE("vector_math: layer normalisation and its gradients agree with double") {
  static constexpr Index kRows = 4, kLd = 50;
  const auto run = [&](auto zero, Index columns, bool accumulate) {
    using T = decltype(zero);
    const auto drawn = [](Index n, std::uint64_t seed) {
      const std::vector<float> x = numbers(static_cast<std::size_t>(n), seed);
      return std::vector<T>(x.begin(), x.end());
    };
    const std::vector<T> x = drawn(kRows * kLd, 1), dy = drawn(kRows * kLd, 2), gain = drawn(kLd, 3),
                         bias = drawn(kLd, 4);
    std::vector<T> y(kRows * kLd), mean(kRows), scale(kRows), dx(kRows * kLd, 1), d_gain(kLd, 2), d_bias(kLd, 3);
    simd::layer_norm(simd::LayerNorm<T>{kRows,
                                        columns,
                                        {x.data(), kLd},
                                        gain.data(),
                                        bias.data(),
                                        T(1e-5),
                                        {y.data(), kLd},
                                        mean.data(),
                                        scale.data()});
    simd::layer_norm_input(simd::LayerNormInput<T>{kRows,
                                                   columns,
                                                   {x.data(), kLd},
                                                   gain.data(),
                                                   mean.data(),
                                                   scale.data(),
                                                   {dy.data(), kLd},
                                                   {dx.data(), kLd},
                                                   accumulate});
    simd::layer_norm_weights(simd::LayerNormWeights<T>{kRows,
                                                       columns,
                                                       {x.data(), kLd},
                                                       mean.data(),
                                                       scale.data(),
                                                       {dy.data(), kLd},
                                                       d_gain.data(),
                                                       d_bias.data()});
    for (const auto* part : {&mean, &scale, &dx, &d_gain, &d_bias}) y.insert(y.end(), part->begin(), part->end());
    return y;
  };
  for (const Index columns : {15, 16, 33, 50}) {
    for (const bool accumulate : {false, true}) {
      const std::vector<double> exact = run(0.0, columns, accumulate);
      for_each_set([&](InstructionSet) { CHECK(distance(run(0.0F, columns, accumulate), exact) < 3e-6); });
    }
  }
}

TEST_CASE("vector_math: additive energies and their gradients agree with double") {
  constexpr Index kQueries = 5, kKeys = 7, kWidth = 45;
  const std::vector<float> q = numbers(kQueries * kWidth, 9), k = numbers(kKeys * kWidth, 10),
                           v = numbers(kWidth, 11);
  const std::vector<float> de = numbers(kQueries * kKeys, 12);
  const auto run = [&](auto q_, auto k_, auto v_, auto de_) {
    using T = typename decltype(q_)::value_type;
    std::vector<T> e(kQueries * kKeys), dq(kQueries * kWidth, 1), dk(kKeys * kWidth, 2), dv(kWidth, 3);
    simd::additive_energies(simd::AdditiveEnergies<T>{
        kQueries, kKeys, kWidth, {q_.data(), kWidth}, {k_.data(), kWidth}, v_.data(), {e.data(), kKeys}});
    simd::additive_energies_backward(simd::AdditiveGradient<T>{kQueries,
                                                               kKeys,
                                                               kWidth,
                                                               {q_.data(), kWidth},
                                                               {k_.data(), kWidth},
                                                               v_.data(),
                                                               {de_.data(), kKeys},
                                                               {dq.data(), kWidth},
                                                               {dk.data(), kWidth},
                                                               dv.data()});
    e.insert(e.end(), dq.begin(), dq.end());
    e.insert(e.end(), dk.begin(), dk.end());
    e.insert(e.end(), dv.begin(), dv.end());
    return e;
  };
  const std::vector<double> exact = run(widen(q), widen(k), widen(v), widen(de));
  for_each_set([&](InstructionSet) { CHECK(distance(run(q, k, v, de), exact) < 5e-6); });
}

TEST_CASE("vector_math: adam agrees with its equations in double and clears the gradient") {
  static constexpr Index kCount = 77;
  const auto run = [&](auto zero) {
    using T = decltype(zero);
    const auto narrow = [](std::uint64_t seed, double low, double high) {
      const std::vector<float> x = numbers(kCount, seed, low, high);
      return std::vector<T>(x.begin(), x.end());
    };
    std::vector<T> p = narrow(13, -1, 1), g = narrow(14, -1, 1), m = narrow(15, -1, 1), v = narrow(16, 0, 1);
    simd::adam(simd::AdamUpdate<T>{kCount, p.data(), g.data(), m.data(), v.data(), T(0.5), T(0.9), T(0.999),
                                   T(1e-8), T(0.01 / (1 - 0.729)), T(1 / std::sqrt(1 - 0.997003)), true});
    CHECK(g == std::vector<T>(kCount, 0));
    p.insert(p.end(), m.begin(), m.end());
    p.insert(p.end(), v.begin(), v.end());
    return p;
  };
  const std::vector<double> exact = run(0.0);
  const double p0 = static_cast<double>(numbers(kCount, 13, -1, 1)[0]);
  const double g0 = 0.5 * static_cast<double>(numbers(kCount, 14, -1, 1)[0]);
  const double m0 = 0.9 * static_cast<double>(numbers(kCount, 15, -1, 1)[0]) + 0.1 * g0;
  const double v0 = 0.999 * static_cast<double>(numbers(kCount, 16, 0, 1)[0]) + 0.001 * g0 * g0;
  CHECK(exact[0] == Approx(p0 - 0.01 * (m0 / 0.271) / (std::sqrt(v0 / 0.002997) + 1e-8)).epsilon(1e-9));
  for_each_set([&](InstructionSet) { CHECK(distance(run(0.0F), exact) < 1e-6); });
}

}  // namespace regard::testing
