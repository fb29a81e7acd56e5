// Times functions over spans with the sizes of one training step of the model: the fastest run, in one thread. Ops
// divide such work among threads.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "bench/peak.h"
#include "framework/base/parallel.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard::bench {
namespace {

std::vector<float> numbers(Index n) {
  std::mt19937 generator(1);
  std::vector<float> x(static_cast<std::size_t>(n));
  for (float& value : x) value = static_cast<float>(generator()) * 0x1p-30F - 2.0F;
  return x;
}

template <class Body>
void time_best(benchmark::State& state, Index elements, Body body) {
  const int before = threads();
  set_threads(1);
  double best = 1e9;
  for ([[maybe_unused]] auto _ : state) {
    const double begin = seconds();
    body();
    best = std::min(best, seconds() - begin);
  }
  set_threads(before);
  state.counters["best ns an element"] = best * 1e9 / static_cast<double>(elements);
}

bool near(float x, double exact) {
  return std::abs(static_cast<double>(x) - exact) <= 1e-5 * (1 + std::abs(exact));
}

using Function = void (*)(Index, const float*, float*);
void function(benchmark::State& state, Function f, double (*exact)(double)) {
  constexpr Index kCount = 8192;
  const std::vector<float> x = numbers(kCount);
  std::vector<float> y(x.size());
  f(kCount, x.data(), y.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!near(y[i], exact(static_cast<double>(x[i])))) return state.SkipWithError("the result is wrong");
  }
  time_best(state, kCount, [&] { f(kCount, x.data(), y.data()); });
}
BENCHMARK_CAPTURE(function, exp, static_cast<Function>(simd::exp), [](double x) { return std::exp(x); });
BENCHMARK_CAPTURE(function, tanh, static_cast<Function>(simd::tanh), [](double x) { return std::tanh(x); });
BENCHMARK_CAPTURE(function, sigmoid, static_cast<Function>(simd::sigmoid),
                  [](double x) { return 1 / (1 + std::exp(-x)); });

void lstm_gates(benchmark::State& state) {
  constexpr Index kRows = 64, kHidden = 512;
  const std::vector<float> z = numbers(kRows * 4 * kHidden), c_prev = numbers(kRows * kHidden);
  std::vector<float> gates = z, c(c_prev.size()), h(c_prev.size());
  const simd::LstmForward<float> forward{kRows,
                                         kHidden,
                                         {gates.data(), 4 * kHidden},
                                         {c_prev.data(), kHidden},
                                         {c.data(), kHidden},
                                         {h.data(), kHidden}};
  simd::lstm_forward(forward);
  const auto sigmoid = [](float x) { return 1 / (1 + std::exp(-static_cast<double>(x))); };
  const double cell = sigmoid(z[kHidden]) * static_cast<double>(c_prev[0]) +
                      sigmoid(z[0]) * std::tanh(static_cast<double>(z[2 * kHidden]));
  if (!near(h[0], sigmoid(z[3 * kHidden]) * std::tanh(cell))) return state.SkipWithError("the result is wrong");
  time_best(state, kRows * kHidden, [&] { simd::lstm_forward(forward); });
}
BENCHMARK(lstm_gates);

void additive_energies(benchmark::State& state) {
  constexpr Index kSteps = 14, kWidth = 512;
  const std::vector<float> q = numbers(kSteps * kWidth), k = numbers(kSteps * kWidth), v = numbers(kWidth);
  std::vector<float> e(kSteps * kSteps);
  const simd::AdditiveEnergies<float> energies{
      kSteps, kSteps, kWidth, {q.data(), kWidth}, {k.data(), kWidth}, v.data(), {e.data(), kSteps}};
  simd::additive_energies(energies);
  double exact = 0;
  for (std::size_t a = 0; a < kWidth; ++a) {
    exact += static_cast<double>(v[a]) * std::tanh(static_cast<double>(q[a]) + static_cast<double>(k[a]));
  }
  if (!near(e[0], exact)) return state.SkipWithError("the result is wrong");
  time_best(state, kSteps * kSteps * kWidth, [&] { simd::additive_energies(energies); });
}
BENCHMARK(additive_energies);

void adam(benchmark::State& state) {
  const Index n = state.range(0);
  std::vector<float> p = numbers(n), g = numbers(n), m(p.size()), v(p.size());
  const simd::AdamUpdate<float> update{n,    p.data(), g.data(), m.data(), v.data(), 1.0F,
                                       0.9F, 0.999F,   1e-8F,    0.01F,    31.6F,    false};
  const float before = p[0];
  simd::adam(update);
  const double first = static_cast<double>(g[0]);
  const double change = 0.01 * 0.1 * first / (std::sqrt(0.001 * first * first) * 31.6 + 1e-8);
  if (!near(p[0], static_cast<double>(before) - change)) return state.SkipWithError("the result is wrong");
  time_best(state, n, [&] { simd::adam(update); });
  state.counters["GB/s"] = 28 / state.counters["best ns an element"];
}
BENCHMARK(adam)->Arg(1 << 14)->Arg(11000000);

}  // namespace
}  // namespace regard::bench
