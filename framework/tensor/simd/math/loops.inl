#pragma once
// The loops behind vector_math.h over a vector type V (product/loops.inl). Included by the sources compiled for
// one instruction set each, and by nothing else; everything has internal linkage.
// Over 350 lines: one table of loops that every instruction set compiles whole.
#include "framework/tensor/simd/math/functions.inl"
#include "framework/tensor/simd/math/tables.h"
#include "framework/tensor/simd/vectors/lanes.inl"

namespace regard::simd {
namespace {

// Calls body(offset, load, store) for each vector of [0, n), with the same instructions for whole vectors and for the rest.
template <class V>
struct Whole {
  static typename V::Vector load(const float* p) { return V::load(p); }
  static void store(float* p, typename V::Vector v) { V::store(p, v); }
};
template <class V>
struct Tail {
  Index count;
  typename V::Vector load(const float* p) const { return V::load(p, count); }
  void store(float* p, typename V::Vector v) const { V::store(p, v, count); }
};
template <class V, class Body>
void for_vectors(Index n, Body body) {
  Index i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) body(i, Whole<V>{});
  if (i < n) body(i, Tail<V>{n - i});
}

// Calls body(offset, at, part) for sums over Lanes<V>: the vector is in part `part` of the lanes. Every part gets its share
// of the rest, and zeros if its share is empty. Every set must add these zeros, because -0 + 0 is 0.
template <class V, class Body>
void for_lanes(Index n, Body body) {
  using L = Lanes<V>;
  Index i = 0;
  for (; i + L::kCount <= n; i += L::kCount) {
#pragma GCC unroll 4
    for (int part = 0; part < L::kParts; ++part) body(i + part * V::kLanes, Whole<V>{}, part);
  }
  if (i < n) {
#pragma GCC unroll 4
    for (int part = 0; part < L::kParts; ++part) {
      const Index rest = L::rest_of(n - i, part);
      body(part == 0 || rest > 0 ? i + part * V::kLanes : n, Tail<V>{rest}, part);
    }
  }
}

template <class V>
struct Math {
  using F = Functions<V>;
  using Vector = typename V::Vector;
  static constexpr int kLanes = V::kLanes;
  static constexpr Index kSumLanes = Lanes<V>::kCount;
  static constexpr int kParts = Lanes<V>::kParts;

  // Adds the terms of one pass over a row, in lanes.
  struct Sums {
    Vector lanes[kParts];
    Sums() {
#pragma GCC unroll 4
      for (int part = 0; part < kParts; ++part) lanes[part] = V::zero();
    }
    Vector& operator[](int part) { return lanes[part]; }
    [[nodiscard]] float total() const { return Lanes<V>::sum(lanes); }
  };

  static void exp(Index n, const float* x, float* y) {
    for_vectors<V>(n, [=](Index i, auto at) { at.store(y + i, F::exp(at.load(x + i))); });
  }
  static void tanh(Index n, const float* x, float* y) {
    for_vectors<V>(n, [=](Index i, auto at) { at.store(y + i, F::tanh(at.load(x + i))); });
  }
  static void sigmoid(Index n, const float* x, float* y) {
    for_vectors<V>(n, [=](Index i, auto at) { at.store(y + i, F::sigmoid(at.load(x + i))); });
  }
  static void axpy(Index n, float a, const float* x, float* y) {
    const Vector factor = F::all(a);
    for_vectors<V>(n, [=](Index i, auto at) { at.store(y + i, V::fma(factor, at.load(x + i), at.load(y + i))); });
  }

  // Four independent sums, each of every fourth group of sixteen, because an addition must wait for the previous one.
  static float dot(Index n, const float* x, const float* y) {
    Sums sums[4];
    Index i = 0;
    for (; i + 4 * kSumLanes <= n; i += 4 * kSumLanes) {
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
#pragma GCC unroll 4
        for (int part = 0; part < kParts; ++part) {
          const Index at = i + j * kSumLanes + part * kLanes;
          sums[j][part] = V::fma(V::load(x + at), V::load(y + at), sums[j][part]);
        }
      }
    }
    for_lanes<V>(n - i, [&](Index j, auto at, int part) {
      sums[0][part] = V::fma(at.load(x + i + j), at.load(y + i + j), sums[0][part]);
    });
#pragma GCC unroll 4
    for (int part = 0; part < kParts; ++part)
      sums[0][part] = (sums[0][part] + sums[1][part]) + (sums[2][part] + sums[3][part]);
    return sums[0].total();
  }

  // Two independent sums, each of every second group of sixteen.
  static double sum_of_squares(Index n, const float* x) {
    using Wide = typename V::Wide;
    Wide sums[2][kParts] = {};
    const auto add = [&](Vector v, int which, int part) {
      const Wide wide = __builtin_convertvector(v, Wide);
      sums[which][part] += wide * wide;
    };
    Index i = 0;
    for (; i + 2 * kSumLanes <= n; i += 2 * kSumLanes) {
#pragma GCC unroll 2
      for (int j = 0; j < 2; ++j) {
#pragma GCC unroll 4
        for (int part = 0; part < kParts; ++part) add(V::load(x + i + j * kSumLanes + part * kLanes), j, part);
      }
    }
    for_lanes<V>(n - i, [&](Index j, auto at, int part) { add(at.load(x + i + j), 0, part); });
    double total = 0;
    for (int part = 0; part < kParts; ++part) {
      for (int lane = 0; lane < kLanes; ++lane) total += sums[0][part][lane] + sums[1][part][lane];
    }
    return total;
  }

  // Returns the maximum; if one of the numbers is NaN, NaN or any of them. (For exp, 0 and -0 are the same.)
  static float largest(Index n, const float* x) {
    float most = x[0];
    Index i = 0;
    if (n >= kLanes) {
      Vector lanes = V::load(x);
      for (i = kLanes; i + kLanes <= n; i += kLanes) {
        const Vector next = V::load(x + i);
        lanes = F::select(next > lanes, next, lanes);
      }
      float all[kLanes];
      V::store(all, lanes);
      for (int j = 0; j < kLanes; ++j) most = all[j] > most ? all[j] : most;
    }
    for (; i < n; ++i) most = x[i] > most ? x[i] : most;
    return most;
  }

  static void softmax(const SoftmaxRows<float>& s) {
    for (Index row = 0; row < s.rows; ++row) {
      const float* x = s.x.data + row * s.x.ld;
      float* y = s.y.data + row * s.y.ld;
      const Index n = s.lengths == nullptr ? s.columns : s.lengths[row];
      const Vector shift = F::all(largest(n, x));
      for_vectors<V>(n, [&](Index i, auto at) { at.store(y + i, F::exp(at.load(x + i) - shift)); });
      Sums sums;
      for_lanes<V>(n, [&](Index i, auto at, int part) { sums[part] = sums[part] + at.load(y + i); });
      const Vector total = F::all(sums.total());
      for_vectors<V>(n, [&](Index i, auto at) { at.store(y + i, at.load(y + i) / total); });
      for (Index i = n; i < s.columns; ++i) y[i] = 0;
    }
  }

  static void softmax_backward(const SoftmaxGradient<float>& s) {
    for (Index row = 0; row < s.rows; ++row) {
      const float* y = s.y.data + row * s.y.ld;
      const float* dy = s.dy.data + row * s.dy.ld;
      float* dx = s.dx.data + row * s.dx.ld;
      const Vector sum = F::all(dot(s.columns, y, dy));
      for_vectors<V>(s.columns,
                     [=](Index i, auto at) { at.store(dx + i, at.load(y + i) * (at.load(dy + i) - sum)); });
    }
  }

  static void lstm_forward(const LstmForward<float>& l) {
    for (Index row = 0; row < l.rows; ++row) {
      float* i_gate = l.gates.data + row * l.gates.ld;
      float* f_gate = i_gate + l.hidden;
      float* g_gate = f_gate + l.hidden;
      float* o_gate = g_gate + l.hidden;
      const float* c_prev = l.c_prev.data + row * l.c_prev.ld;
      float* c = l.c.data + row * l.c.ld;
      float* h = l.h.data + row * l.h.ld;
      for_vectors<V>(l.hidden, [=](Index u, auto at) {
        const Vector in = F::sigmoid(at.load(i_gate + u));
        const Vector forget = F::sigmoid(at.load(f_gate + u));
        const Vector candidate = F::tanh(at.load(g_gate + u));
        const Vector out = F::sigmoid(at.load(o_gate + u));
        const Vector cell = V::fma(forget, at.load(c_prev + u), in * candidate);
        at.store(i_gate + u, in);
        at.store(f_gate + u, forget);
        at.store(g_gate + u, candidate);
        at.store(o_gate + u, out);
        at.store(c + u, cell);
        at.store(h + u, out * F::tanh(cell));
      });
    }
  }

  static void lstm_backward(const LstmBackward<float>& l) {
    const Vector one = F::all(1.0F);
    for (Index row = 0; row < l.rows; ++row) {
      const float* gates = l.gates.data + row * l.gates.ld;
      const float* c_prev = l.c_prev.data + row * l.c_prev.ld;
      const float* c = l.c.data + row * l.c.ld;
      const float* dh = l.dh.data + row * l.dh.ld;
      const float* dc = l.dc.data + row * l.dc.ld;
      float* dz = l.dz.data + row * l.dz.ld;
      float* dc_prev = l.dc_prev.data + row * l.dc_prev.ld;
      const Index hidden = l.hidden;
      for_vectors<V>(hidden, [=](Index u, auto at) {
        const Vector in = at.load(gates + u), forget = at.load(gates + hidden + u);
        const Vector candidate = at.load(gates + 2 * hidden + u), out = at.load(gates + 3 * hidden + u);
        const Vector squashed = F::tanh(at.load(c + u));
        const Vector to_h = at.load(dh + u);
        const Vector to_c = at.load(dc + u) + to_h * out * (one - squashed * squashed);
        const Vector before = at.load(c_prev + u);
        at.store(dz + u, to_c * candidate * in * (one - in));
        at.store(dz + hidden + u, to_c * before * forget * (one - forget));
        at.store(dz + 2 * hidden + u, to_c * in * (one - candidate * candidate));
        at.store(dz + 3 * hidden + u, to_h * squashed * out * (one - out));
        at.store(dc_prev + u, to_c * forget);
      });
    }
  }

  static void gru_forward(const GruForward<float>& g) {
    const Vector one = F::all(1.0F);
    const Index hidden = g.hidden;
    for (Index row = 0; row < g.rows; ++row) {
      const float* x = g.x.data + row * g.x.ld;
      const float* u = g.u.data + row * g.u.ld;
      const float* h_prev = g.h_prev.data + row * g.h_prev.ld;
      float* gates = g.gates.data + row * g.gates.ld;
      float* h = g.h.data + row * g.h.ld;
      for_vectors<V>(hidden, [=](Index i, auto at) {
        const Vector reset = F::sigmoid(at.load(x + i) + at.load(u + i));
        const Vector keep = F::sigmoid(at.load(x + hidden + i) + at.load(u + hidden + i));
        const Vector fresh = F::tanh(V::fma(reset, at.load(u + 2 * hidden + i), at.load(x + 2 * hidden + i)));
        at.store(gates + i, reset);
        at.store(gates + hidden + i, keep);
        at.store(gates + 2 * hidden + i, fresh);
        at.store(h + i, V::fma(one - keep, fresh, keep * at.load(h_prev + i)));
      });
    }
  }

  static void gru_backward(const GruBackward<float>& g) {
    const Vector one = F::all(1.0F);
    const Index hidden = g.hidden;
    for (Index row = 0; row < g.rows; ++row) {
      const float* gates = g.gates.data + row * g.gates.ld;
      const float* u = g.u.data + row * g.u.ld;
      const float* h_prev = g.h_prev.data + row * g.h_prev.ld;
      const float* dh = g.dh.data + row * g.dh.ld;
      float* dx = g.dx.data + row * g.dx.ld;
      float* du = g.du.data + row * g.du.ld;
      float* dh_prev = g.dh_prev.data + row * g.dh_prev.ld;
      for_vectors<V>(hidden, [=](Index i, auto at) {
        const Vector reset = at.load(gates + i), keep = at.load(gates + hidden + i);
        const Vector fresh = at.load(gates + 2 * hidden + i), to_h = at.load(dh + i);
        const Vector to_fresh = to_h * (one - keep) * (one - fresh * fresh);
        const Vector to_keep = to_h * (at.load(h_prev + i) - fresh) * keep * (one - keep);
        const Vector to_reset = to_fresh * at.load(u + 2 * hidden + i) * reset * (one - reset);
        at.store(dx + i, to_reset);
        at.store(dx + hidden + i, to_keep);
        at.store(dx + 2 * hidden + i, to_fresh);
        at.store(du + i, to_reset);
        at.store(du + hidden + i, to_keep);
        at.store(du + 2 * hidden + i, to_fresh * reset);
        at.store(dh_prev + i, V::fma(to_h, keep, at.load(dh_prev + i)));
      });
    }
  }

  static void layer_norm(const LayerNorm<float>& l) {
    const float share = 1.0F / static_cast<float>(l.columns);
    for (Index row = 0; row < l.rows; ++row) {
      const float* x = l.x.data + row * l.x.ld;
      float* y = l.y.data + row * l.y.ld;
      Sums sums;
      for_lanes<V>(l.columns, [&](Index i, auto at, int part) { sums[part] = sums[part] + at.load(x + i); });
      const float mean = sums.total() * share;
      const Vector middle = F::all(mean);
      // The rest of a row is loaded as zeros, and 0 - mean is not 0. So the distances are read from y, where they were
      // stored masked.
      for_vectors<V>(l.columns, [=](Index i, auto at) { at.store(y + i, at.load(x + i) - middle); });
      const Vector variance = F::all(dot(l.columns, y, y) * share + l.epsilon);
      const Vector scale = F::all(1.0F) / V::square_root(variance);
      for_vectors<V>(l.columns, [=](Index i, auto at) {
        at.store(y + i, V::fma(at.load(y + i) * scale, at.load(l.gain + i), at.load(l.bias + i)));
      });
      float lanes[kLanes];
      V::store(lanes, scale);
      l.mean[row] = mean;
      l.scale[row] = lanes[0];
    }
  }

  static void layer_norm_input(const LayerNormInput<float>& l) {
    const float share = 1.0F / static_cast<float>(l.columns);
    for (Index row = 0; row < l.rows; ++row) {
      const float* x = l.x.data + row * l.x.ld;
      const float* dy = l.dy.data + row * l.dy.ld;
      float* dx = l.dx.data + row * l.dx.ld;
      const Vector middle = F::all(l.mean[row]), scale = F::all(l.scale[row]);
      Sums sums, products;
      for_lanes<V>(l.columns, [&](Index i, auto at, int part) {
        const Vector g = at.load(l.gain + i) * at.load(dy + i);  // 0 beyond the row
        sums[part] = sums[part] + g;
        products[part] = V::fma(g, (at.load(x + i) - middle) * scale, products[part]);
      });
      const Vector mean = F::all(sums.total() * share), along = F::all(products.total() * share);
      for_vectors<V>(l.columns, [=](Index i, auto at) {
        const Vector g = at.load(l.gain + i) * at.load(dy + i);
        const Vector normal = (at.load(x + i) - middle) * scale;
        const Vector d = scale * (g - mean - normal * along);
        at.store(dx + i, l.accumulate ? at.load(dx + i) + d : d);
      });
    }
  }

  static void layer_norm_weights(const LayerNormWeights<float>& l) {
    for_vectors<V>(l.columns, [&](Index i, auto at) {
      Vector d_gain = at.load(l.d_gain + i), d_bias = at.load(l.d_bias + i);
      for (Index row = 0; row < l.rows; ++row) {
        const Vector dy = at.load(l.dy.data + row * l.dy.ld + i);
        const Vector x = at.load(l.x.data + row * l.x.ld + i);
        d_gain = V::fma(dy, (x - F::all(l.mean[row])) * F::all(l.scale[row]), d_gain);
        d_bias = d_bias + dy;
      }
      at.store(l.d_gain + i, d_gain);
      at.store(l.d_bias + i, d_bias);
    });
  }

  // Computes blocks of Philox side by side, one block in each lane of 64 bits. The results are 4 vectors of words, which are
  // then put in order.
  static void dropout(const Dropout<float>& d) {
    using Lanes = typename V::Words;
    using Int = typename V::Int;
    constexpr int kBlocks = kLanes / 2;
    constexpr std::uint64_t kWord = 0xFFFFFFFFU;
    const Int below_zero = Int{} + static_cast<std::int32_t>(d.threshold ^ 0x80000000U);
    const Vector factor = F::all(d.factor);
    for (Index begin = 0; begin < d.n; begin += 4 * kBlocks) {
      Lanes x0, x1;
      for (int j = 0; j < kBlocks; ++j) x0[j] = d.block + static_cast<std::uint64_t>(begin / 4 + j);
      x1 = x0 >> 32;
      x0 &= kWord;
      Lanes x2 = Lanes{} + (d.stream & kWord), x3 = Lanes{} + (d.stream >> 32);
      auto k0 = static_cast<std::uint32_t>(d.key), k1 = static_cast<std::uint32_t>(d.key >> 32);
      for (int round = 0; round < 10; ++round) {
        const Lanes product0 = V::product_of_words(x0, 0xD2511F53U),
                    product1 = V::product_of_words(x2, 0xCD9E8D57U);
        x0 = (product1 >> 32) ^ x1 ^ std::uint64_t{k0};
        x1 = product1 & kWord;
        x2 = (product0 >> 32) ^ x3 ^ std::uint64_t{k1};
        x3 = product0 & kWord;
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
      }
      const Lanes first = x0 | (x1 << 32), second = x2 | (x3 << 32);
      alignas(64) std::uint64_t words[2 * kBlocks];
      for (int j = 0; j < kBlocks; ++j) {
        words[2 * j] = first[j];
        words[2 * j + 1] = second[j];
      }
      const Index count = d.n - begin < 4 * kBlocks ? d.n - begin : 4 * kBlocks;
      for_vectors<V>(count, [&](Index i, auto at) {
        const Int draws =
            (Int)V::load(reinterpret_cast<const float*>(words) + i) ^ static_cast<std::int32_t>(0x80000000U);
        const Vector kept = F::select(draws < below_zero, V::zero(), at.load(d.x + begin + i) * factor);
        at.store(d.y + begin + i, d.accumulate ? at.load(d.y + begin + i) + kept : kept);
      });
    }
  }

  static void additive_energies(const AdditiveEnergies<float>& x) {
    for (Index t = 0; t < x.queries; ++t) {
      const float* q = x.q.data + t * x.q.ld;
      for (Index s = 0; s < x.keys; ++s) {
        const float* k = x.k.data + s * x.k.ld;
        Sums sums;
        for_lanes<V>(x.width, [&](Index a, auto at, int part) {
          sums[part] = V::fma(at.load(x.v + a), F::tanh(at.load(q + a) + at.load(k + a)), sums[part]);
        });
        x.e.data[t * x.e.ld + s] = sums.total();
      }
    }
  }

  // Loops over columns a first, so that the sums over s (dq) and over t and s (dv) stay in registers.
  static void additive_energies_backward(const AdditiveGradient<float>& x) {
    const Vector one = F::all(1.0F);
    for_vectors<V>(x.width, [&](Index a, auto at) {
      const Vector v = at.load(x.v + a);
      Vector dv = at.load(x.dv + a);
      for (Index t = 0; t < x.queries; ++t) {
        const Vector q = at.load(x.q.data + t * x.q.ld + a);
        float* const dq = x.dq.data + t * x.dq.ld + a;
        Vector sum = at.load(dq);
        for (Index s = 0; s < x.keys; ++s) {
          const Vector de = F::all(x.de.data[t * x.de.ld + s]);
          const Vector y = F::tanh(q + at.load(x.k.data + s * x.k.ld + a));
          const Vector d = de * v * (one - y * y);
          float* const dk = x.dk.data + s * x.dk.ld + a;
          dv = V::fma(de, y, dv);
          sum = sum + d;
          at.store(dk, at.load(dk) + d);
        }
        at.store(dq, sum);
      }
      at.store(x.dv + a, dv);
    });
  }

  static void adam(const AdamUpdate<float>& u) {
    const Vector scale = F::all(u.gradient_scale), keep1 = F::all(u.beta1), keep2 = F::all(u.beta2);
    const Vector take1 = F::all(1.0F - u.beta1), take2 = F::all(1.0F - u.beta2);
    const Vector epsilon = F::all(u.epsilon), step = F::all(u.step), root = F::all(u.root);
    for_vectors<V>(u.n, [=](Index i, auto at) {
      const Vector g = scale * at.load(u.gradient + i);
      const Vector m = V::fma(keep1, at.load(u.m + i), take1 * g);
      const Vector v = V::fma(keep2, at.load(u.v + i), take2 * g * g);
      at.store(u.m + i, m);
      at.store(u.v + i, v);
      const Vector change = step * m / (V::square_root(v) * root + epsilon);
      at.store(u.parameter + i, at.load(u.parameter + i) - change);
      if (u.clear) at.store(u.gradient + i, V::zero());
    });
  }

  static constexpr MathKernels table() {
    return {exp,
            tanh,
            sigmoid,
            axpy,
            dot,
            sum_of_squares,
            softmax,
            softmax_backward,
            lstm_forward,
            lstm_backward,
            gru_forward,
            gru_backward,
            layer_norm,
            layer_norm_input,
            layer_norm_weights,
            dropout,
            additive_energies,
            additive_energies_backward,
            adam};
  }
};

}  // namespace
}  // namespace regard::simd
