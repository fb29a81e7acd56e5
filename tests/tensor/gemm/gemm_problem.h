#pragma once
// A product whose operands end at guard pages, and whose result is compared with f64 within the bound of rounding.
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "framework/tensor/gemm/gemm.h"
#include "tests/tensor/gemm/gemm_paths.h"
#include "tests/tensor/guarded_matrix.h"

namespace regard::testing {

enum class Kind { plain, packed, batched };

struct Case {
  Kind kind;
  Transpose ta, tb;
  GemmShape shape;
  Index padding;
  bool accumulate;
  bool bias;
};

inline std::string describe(const GemmPath& path, const Case& c, bool f64) {
  return fmt::format("{} {} {}: {} {}{} m {} n {} k {} padding {} accumulate {} bias {} {}", name_of(path.backend),
                     name_of(path.set), name_of(path.precision), static_cast<int>(c.kind),
                     c.ta == Transpose::yes ? 't' : 'n', c.tb == Transpose::yes ? 't' : 'n', c.shape.m, c.shape.n,
                     c.shape.k, c.padding, c.accumulate, c.bias, f64 ? "f64" : "f32");
}

struct Release {
  void operator()(void* p) const { std::free(p); }
};
using Memory = std::unique_ptr<void, Release>;
inline Memory aligned_memory(Index bytes) {
  return Memory(std::aligned_alloc(64, static_cast<std::size_t>((bytes + 64) / 64 * 64)));
}

// Returns the allowed relative error of a term a b in a precision (Higham 2002, section 3.1: the sum of k terms
// and a start adds k + 1 roundings).
inline double term_loss(Precision precision) {
  switch (precision) {
    case Precision::bfloat16:
      return 0x1p-7 + 0x1p-16;  // two operands rounded to 8 bits, 2^-8 each
    case Precision::bfloat16x3:
      return 3.1 *
             0x1p-16;  // the product of both low parts is left out, and the rests of both operands are rounded
    default:
      return 0;
  }
}

template <class T>
struct Problem {
  Case what;
  GuardedMatrix<T> a, b, start, c, bias;

  Problem(const Case& of, std::mt19937_64& random)
      : what(of),
        a(of.ta == Transpose::yes ? of.shape.k : of.shape.m, of.ta == Transpose::yes ? of.shape.m : of.shape.k,
          of.padding),
        b(of.tb == Transpose::yes ? of.shape.n : of.shape.k, of.tb == Transpose::yes ? of.shape.k : of.shape.n,
          of.padding),
        start(of.shape.m, of.shape.n, 0),
        c(of.shape.m, of.shape.n, of.padding),
        bias(1, of.shape.n, 0) {
    a.fill(random);
    b.fill(random);
    start.fill(random);
    bias.fill(random);
  }

  void run(Precision precision) const {
    constexpr DType kType = sizeof(T) == 4 ? DType::f32 : DType::f64;
    const Arithmetic arithmetic(kType, precision);
    const auto [m, n, k] = what.shape;
    c.copy(start);
    if (what.kind == Kind::packed) {
      const Memory memory = aligned_memory(PackedMatrix::bytes(arithmetic, k, n));
      const PackedMatrix packed(arithmetic, what.tb, k, n, b.data(), b.ld(), memory.get());
      gemm_packed(m, a.data(), a.ld(), packed, what.accumulate, what.bias ? bias.data() : nullptr, c.data(),
                  c.ld());
    } else if (what.kind == Kind::batched) {
      const Batch batch{1, 0, 0, 0};
      gemm_batched(kType, what.ta, what.tb, what.shape, batch, a.data(), a.ld(), b.data(), b.ld(), what.accumulate,
                   c.data(), c.ld());
    } else {
      gemm(arithmetic, what.ta, what.tb, what.shape, a.data(), a.ld(), b.data(), b.ld(), what.accumulate, c.data(),
           c.ld());
    }
  }

  [[nodiscard]] double a_at(Index i, Index p) const { return what.ta == Transpose::yes ? a(p, i) : a(i, p); }
  [[nodiscard]] double b_at(Index p, Index j) const { return what.tb == Transpose::yes ? b(j, p) : b(p, j); }

  [[nodiscard]] double begin(Index i, Index j) const {
    if (what.bias) return static_cast<double>(bias(0, j));
    return what.accumulate ? static_cast<double>(start(i, j)) : 0;
  }

  // Returns the largest error as a share of the allowed one; above 1 is wrong.
  [[nodiscard]] double worst(Precision precision) const {
    const double eps = static_cast<double>(std::numeric_limits<T>::epsilon()) / 2;
    const auto [m, n, k] = what.shape;
    // The three products of a split add three terms for each term.
    const double terms = static_cast<double>(precision == Precision::bfloat16x3 ? 3 * k : k) + 1;
    std::vector<double> wide(static_cast<std::size_t>(k * n)), exact(static_cast<std::size_t>(n)), size(exact);
    for (Index p = 0; p < k; ++p) {
      for (Index j = 0; j < n; ++j) wide[static_cast<std::size_t>(p * n + j)] = b_at(p, j);
    }
    double worst = 0;
    for (Index i = 0; i < m; ++i) {
      for (Index j = 0; j < n; ++j) {
        exact[static_cast<std::size_t>(j)] = begin(i, j);
        size[static_cast<std::size_t>(j)] = 0;
      }
      for (Index p = 0; p < k; ++p) {
        const double factor = a_at(i, p);
        const double* row = wide.data() + p * n;
        for (std::size_t j = 0; j < exact.size(); ++j) {
          exact[j] += factor * row[j];
          size[j] += std::abs(factor * row[j]);
        }
      }
      for (Index j = 0; j < n; ++j) {
        const auto at = static_cast<std::size_t>(j);
        const double allowed = (1.01 * terms * eps + term_loss(precision)) * size[at] +
                               (terms + 1) * eps * std::abs(begin(i, j)) + 1e-37;
        const double share = std::abs(static_cast<double>(c(i, j)) - exact[at]) / allowed;
        if (!(share <= worst)) worst = std::isfinite(share) ? share : 1e9;
      }
    }
    return worst;
  }
};

inline std::vector<Case> random_cases(std::mt19937_64& random, int count, Index largest) {
  const auto below = [&](Index n) { return static_cast<Index>(random() % static_cast<std::uint64_t>(n)); };
  std::vector<Case> cases;
  for (int i = 0; i < count; ++i) {
    Case c{};
    c.kind = static_cast<Kind>(i % 3);
    c.ta = c.kind != Kind::packed && below(2) != 0 ? Transpose::yes : Transpose::no;
    c.tb = below(2) != 0 ? Transpose::yes : Transpose::no;
    c.shape = {1 + below(largest), 1 + below(largest), 1 + below(largest)};
    if (below(4) == 0) c.shape.m = 1 + below(9);
    if (below(8) == 0) c.shape.k = below(3);
    c.padding = below(2) * below(20);
    c.bias = c.kind == Kind::packed && below(2) != 0;
    c.accumulate = !c.bias && below(2) != 0;
    cases.push_back(c);
  }
  return cases;
}

// Shapes with several blocks of k and several tiles of rows and columns, with odd tails everywhere.
inline std::vector<Case> large_cases() {
  std::vector<Case> cases;
  for (const Kind kind : {Kind::plain, Kind::packed, Kind::batched}) {
    cases.push_back({kind, Transpose::no, Transpose::no, {261, 333, 517}, 3, false, kind == Kind::packed});
    cases.push_back({kind, Transpose::no, Transpose::yes, {61, 287, 1031}, 0, true, false});
    cases.push_back({kind, Transpose::no, Transpose::no, {7, 1029, 523}, 1, false, false});
  }
  cases.push_back({Kind::plain, Transpose::yes, Transpose::no, {531, 149, 540}, 5, true, false});
  cases.push_back({Kind::plain, Transpose::yes, Transpose::yes, {64, 259, 1026}, 0, false, false});
  // The largest number of rows and the longest block of a bfloat16 tile: its packed part of A fills its memory.
  cases.push_back({Kind::plain, Transpose::yes, Transpose::no, {511, 261, 512}, 3, false, false});
  // More columns and a longer block than are packed together of B; several groups of rows for each tile.
  cases.push_back({Kind::plain, Transpose::yes, Transpose::no, {607, 533, 256}, 1, true, false});
  return cases;
}

}  // namespace regard::testing
