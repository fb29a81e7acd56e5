#include "framework/tensor/kernels_recurrent.h"

#include <cmath>

#include "framework/base/parallel.h"
#include "framework/tensor/kernels.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::Leaf;
using testing::values;

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

TEST_CASE("kernels_recurrent: gates equal the definition forward and backward") {
  for (const DType type : {DType::f32, DType::f64}) {
    const double tolerance = type == DType::f32 ? 2e-6 : 1e-14;
    for (const auto& size : {std::array<Index, 2>{1, 1}, {3, 5}, {40, 67}}) {
      const Index n = size[0];
      const Index H = size[1];
      const Leaf z(type, {n, 4 * H}, 1);
      const Leaf c_prev(type, {n, H}, 2);
      const Leaf dh(type, {n, H}, 3);
      const Leaf dc(type, {n, H}, 4);
      const Leaf c(type, {n, H}, 5);
      const Leaf h(type, {n, H}, 6);
      std::vector<double> gates(static_cast<std::size_t>(4 * n * H));
      std::vector<double> dz(static_cast<std::size_t>(4 * n * H));
      std::vector<double> cells;
      std::vector<double> hidden;
      std::vector<double> dc_prev;
      for (Index at = 0; at < n * H; ++at) {
        const Index row = at / H;
        const auto gate = [&](Index which) { return static_cast<std::size_t>(row * 4 * H + which * H + at % H); };
        const auto sum = [&](Index which) { return z.value().at(static_cast<Index>(gate(which))); };
        const double i = logistic(sum(0));
        const double f = logistic(sum(1));
        const double g = std::tanh(sum(2));
        const double o = logistic(sum(3));
        const double cell = f * c_prev.value().at(at) + i * g;
        gates[gate(0)] = i;
        gates[gate(1)] = f;
        gates[gate(2)] = g;
        gates[gate(3)] = o;
        cells.push_back(cell);
        hidden.push_back(o * std::tanh(cell));
        const double to_cell = dc.value().at(at) + dh.value().at(at) * o * (1 - std::tanh(cell) * std::tanh(cell));
        dz[gate(0)] = to_cell * g * i * (1 - i);
        dz[gate(1)] = to_cell * c_prev.value().at(at) * f * (1 - f);
        dz[gate(2)] = to_cell * i * (1 - g * g);
        dz[gate(3)] = dh.value().at(at) * std::tanh(cell) * o * (1 - o);
        dc_prev.push_back(to_cell * f);
      }
      kernels::lstm_forward(z.value(), c_prev.value(), c.value(), h.value());
      CHECK(differs(z.value(), gates, tolerance) == "");
      CHECK(differs(c.value(), cells, tolerance) == "");
      CHECK(differs(h.value(), hidden, tolerance) == "");
      kernels::lstm_backward(z.value(), c_prev.value(), c.value(), dh.value(), dc.value(), z.grad(),
                             c_prev.grad());
      CHECK(differs(z.grad(), dz, tolerance) == "");
      CHECK(differs(c_prev.grad(), dc_prev, tolerance) == "");
      // In place, as in an LSTM over a sequence.
      kernels::lstm_backward(z.value(), c_prev.value(), c.value(), dh.value(), dc.value(), z.value(), dc.value());
      CHECK(values(z.value()) == values(z.grad()));
      CHECK(values(dc.value()) == values(c_prev.grad()));
    }
  }
}

TEST_CASE("kernels_recurrent: gates of a gru equal the definition forward and backward") {
  for (const DType type : {DType::f32, DType::f64}) {
    const double tolerance = type == DType::f32 ? 2e-6 : 1e-14;
    for (const auto& size : {std::array<Index, 2>{1, 1}, {3, 5}, {40, 67}}) {
      const Index n = size[0];
      const Index H = size[1];
      const Leaf x(type, {n, 3 * H}, 1), u(type, {n, 3 * H}, 2);
      const Leaf h_prev(type, {n, H}, 3), dh(type, {n, H}, 4), h(type, {n, H}, 5);
      kernels::fill_zero(h_prev.grad());
      std::vector<double> gates(static_cast<std::size_t>(3 * n * H)), dx(gates), du(gates), states, dh_prev;
      for (Index at = 0; at < n * H; ++at) {
        const auto gate = [&](Index which) { return at / H * 3 * H + which * H + at % H; };
        const auto place = [&](Index which) { return static_cast<std::size_t>(gate(which)); };
        const double r = logistic(x.value().at(gate(0)) + u.value().at(gate(0)));
        const double z = logistic(x.value().at(gate(1)) + u.value().at(gate(1)));
        const double new_u = u.value().at(gate(2));
        const double fresh = std::tanh(x.value().at(gate(2)) + r * new_u);
        gates[place(0)] = r;
        gates[place(1)] = z;
        gates[place(2)] = fresh;
        states.push_back((1 - z) * fresh + z * h_prev.value().at(at));
        const double to_h = dh.value().at(at);
        const double to_fresh = to_h * (1 - z) * (1 - fresh * fresh);
        dx[place(0)] = du[place(0)] = to_fresh * new_u * r * (1 - r);
        dx[place(1)] = du[place(1)] = to_h * (h_prev.value().at(at) - fresh) * z * (1 - z);
        dx[place(2)] = to_fresh;
        du[place(2)] = to_fresh * r;
        dh_prev.push_back(to_h * z);
      }
      kernels::gru_forward(x.value(), u.value(), h_prev.value(), x.value(), h.value());
      CHECK(differs(x.value(), gates, tolerance) == "");
      CHECK(differs(h.value(), states, tolerance) == "");
      kernels::gru_backward(x.value(), u.value(), h_prev.value(), dh.value(), x.grad(), u.grad(), h_prev.grad());
      CHECK(differs(x.grad(), dx, tolerance) == "");
      CHECK(differs(u.grad(), du, tolerance) == "");
      CHECK(differs(h_prev.grad(), dh_prev, tolerance) == "");
      kernels::gru_backward(x.value(), u.value(), h_prev.value(), dh.value(), x.value(), u.value(), h_prev.grad());
      CHECK(values(x.value()) == values(x.grad()));
      CHECK(values(u.value()) == values(u.grad()));
      for (double& v : dh_prev) v *= 2;
      CHECK(differs(h_prev.grad(), dh_prev, tolerance) == "");
    }
  }
}

TEST_CASE("kernels_recurrent: the new cell may replace the old one") {
  const Leaf z(DType::f64, {3, 8}, 1);
  const Leaf c(DType::f64, {3, 2}, 2);
  const Leaf h(DType::f64, {3, 2}, 3);
  kernels::copy(z.value(), z.grad());
  kernels::lstm_forward(z.value(), c.value(), c.grad(), h.grad());
  kernels::lstm_forward(z.grad(), c.value(), c.value(), h.value());
  CHECK(values(c.value()) == values(c.grad()));
  CHECK(values(h.value()) == values(h.grad()));
}

TEST_CASE("kernels_recurrent: results have the same bytes for any number of threads") {
  std::vector<double> expected;
  const int before = threads();
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    const Leaf z(DType::f32, {50, 4 * 96}, 1);
    const Leaf c(DType::f32, {50, 96}, 2);
    const Leaf h(DType::f32, {50, 96}, 3);
    kernels::lstm_forward(z.value(), c.value(), c.grad(), h.value());
    kernels::lstm_backward(z.value(), c.value(), c.grad(), h.value(), h.value(), z.grad(), h.grad());
    std::vector<double> all = values(h.value());
    for (const double v : values(z.grad())) all.push_back(v);
    if (count == 1) expected = all;
    CHECK(all == expected);
  }
  set_threads(before);
}

}  // namespace regard
