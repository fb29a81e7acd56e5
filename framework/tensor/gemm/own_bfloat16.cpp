// Products of bfloat16 operands by our own kernels. A tile converts its rows of A into pairs of bfloat16; B is in
// panels of pairs, packed before or now. bfloat16x3 keeps two of each (high and low) and runs a block of k three
// times, adding into C: low high, high low, high high.
#include <algorithm>

#include "framework/base/parallel.h"
#include "framework/tensor/gemm/blocks.h"
#include "framework/tensor/simd/product/kernels.h"

namespace regard::gemm_detail {
namespace {

using Pair = std::uint32_t;

// A tile converts all its rows of A at once, and a few unpacked panels of B together.
constexpr Blocking kPlainPairs = {256, 512, 128};

Index pairs_of(const simd::Bfloat16Kernels& kernels, Index k) {
  return round_up(ceil_div(k, 2), kernels.product.k_unit);
}
bool is_split(Precision precision) { return precision == Precision::bfloat16x3; }

void pack_b(const simd::Bfloat16Kernels& kernels, Transpose tb, Range k, Index pairs, Range columns,
            const float* b, Index ldb, Pair* high, Pair* low) {
  const bool transposed = tb == Transpose::yes;
  simd::PackPairs p{};
  p.k = k.size();
  p.columns = columns.size();
  p.from = transposed ? b + columns.begin * ldb + k.begin : b + k.begin * ldb + columns.begin;
  p.from_k = transposed ? 1 : ldb;
  p.from_column = transposed ? ldb : 1;
  p.pairs = pairs;
  p.high = high;
  p.low = low;
  kernels.pack_b(p);
}

struct Bfloat16Product {
  const Call& call;
  const simd::Bfloat16Kernels& kernels;
  Blocking blocking{};
  Index pairs = 0;  // of k, with padding
  const float* a = static_cast<const float*>(call.a);
  float* c = static_cast<float*>(call.c);

  struct Operand {
    const Pair* high;
    const Pair* low;
  };

  void tile(Range rows, Range columns) const {
    kernels.begin();
    const Index unit = kernels.product.k_unit;
    const Index blocks = std::max<Index>(1, ceil_div(pairs, blocking.k));
    for (Index block = 0; block < blocks; ++block) tile_block(rows, columns, part(pairs, unit, block, blocks));
    kernels.end();
  }

  // `k` in pairs.
  void tile_block(Range rows, Range columns, Range k) const {
    const auto& product = kernels.product;
    const RowPanels panels(rows.size(), product.max_rows);
    const Operand packed_a = pack_a(rows, k, panels);
    const Index wide = product.panel_columns;
    const Index step = rows.size() <= product.wide_rows ? 2 * wide : wide;
    const Index together = std::min(blocking.columns, columns.size());
    for (Index first = columns.begin; first < columns.end; first += together) {
      const Range some = {first, std::min(first + together, columns.end)};
      simd::Panel<float, Pair> p{};
      p.k = k.size();
      p.a_row = packs_across() ? 1 : k.size();
      p.a_k = packs_across() ? product.panel_rows : 1;
      p.b_k = wide;
      p.ldc = call.ldc;
      const Operand packed_b = operand_b(p, some, k);
      for (Index j = some.begin; j < some.end; j += step) {
        p.columns = std::min(step, some.end - j);
        const Index b_at = (j - some.begin) / wide * p.b_next;
        for (Index i = 0; i < panels.count; ++i) {
          p.rows = panels[i].size();
          p.c = c + (rows.begin + panels[i].begin) * call.ldc + j;
          p.start = call.bias == nullptr ? nullptr : static_cast<const float*>(call.bias) + j;
          p.start_row = 0;
          if (k.begin > 0 || call.accumulate) add_to_c(p);
          run_panel(p, packed_a, i * product.panel_rows * k.size(), packed_b, b_at);
        }
      }
    }
  }

  void run_panel(simd::Panel<float, Pair>& p, const Operand& packed_a, Index a_at, const Operand& packed_b,
                 Index b_at) const {
    if (is_split(call.arithmetic.precision)) {
      run(p, packed_a.low + a_at, packed_b.high + b_at);
      add_to_c(p);
      run(p, packed_a.high + a_at, packed_b.low + b_at);
    }
    run(p, packed_a.high + a_at, packed_b.high + b_at);
  }

  static void add_to_c(simd::Panel<float, Pair>& p) {
    p.start = p.c;
    p.start_row = p.ldc;
  }
  void run(simd::Panel<float, Pair>& p, const Pair* a_pairs, const Pair* b_pairs) const {
    p.a = a_pairs;
    p.b = b_pairs;
    kernels.product.panel(p);
  }

  [[nodiscard]] bool packs_across() const { return call.ta == Transpose::yes && kernels.pack_a_across != nullptr; }

  // Packs a tile's rows, one panel after the other. Each row is contiguous; of A' each pair of k is.
  [[nodiscard]] Operand pack_a(Range rows, Range k, const RowPanels& panels) const {
    const bool transposed = call.ta == Transpose::yes;
    const Index panel_size = kernels.product.panel_rows * k.size();
    Pair* const high = Scratch::mine().a<Pair>();
    Pair* const low = is_split(call.arithmetic.precision) ? high + panels.count * panel_size : nullptr;
    for (Index i = 0; i < panels.count; ++i) {
      const Index row = rows.begin + panels[i].begin;
      simd::PackPairs p{};
      p.k = std::min(call.shape.k, 2 * k.end) - std::min(call.shape.k, 2 * k.begin);
      p.columns = panels[i].size();
      p.from = transposed ? a + 2 * k.begin * call.lda + row : a + row * call.lda + 2 * k.begin;
      p.from_k = transposed ? call.lda : 1;
      p.from_column = transposed ? 1 : call.lda;
      p.pairs = k.size();
      p.high = high + i * panel_size;
      p.low = low == nullptr ? nullptr : low + i * panel_size;
      (packs_across() ? kernels.pack_a_across : kernels.pack_a)(p);
    }
    return {high, low};
  }

  // Returns the panels of B from some.begin on.
  [[nodiscard]] Operand operand_b(simd::Panel<float, Pair>& p, Range some, Range k) const {
    const Index wide = kernels.product.panel_columns;
    if (call.packed) {
      const Pair* high = static_cast<const Pair*>(call.b) + some.begin * pairs + k.begin * wide;
      p.b_next = pairs * wide;
      return {high, high + round_up(call.shape.n, wide) * pairs};
    }
    Pair* const high = Scratch::mine().b<Pair>();
    Pair* const low =
        is_split(call.arithmetic.precision) ? high + round_up(some.size(), wide) * k.size() : nullptr;
    p.b_next = k.size() * wide;
    const Range from_k = {std::min(call.shape.k, 2 * k.begin), std::min(call.shape.k, 2 * k.end)};
    for (Index j = some.begin, at = 0; j < some.end; j += wide, at += p.b_next) {
      pack_b(kernels, call.tb, from_k, k.size(), {j, std::min(j + wide, some.end)},
             static_cast<const float*>(call.b), call.ldb, high + at, low == nullptr ? nullptr : low + at);
    }
    return {high, low};
  }
};

}  // namespace

void own_gemm_bfloat16(const Call& call, const simd::Bfloat16Kernels& kernels) {
  const Blocking& blocking = call.packed ? kPackedB : kPlainPairs;
  run_tiles(Bfloat16Product{call, kernels, blocking, pairs_of(kernels, call.shape.k)}, call.shape, blocking.rows,
            kernels.product.panel_columns, true);
}

Index own_packed_bytes_bfloat16(const simd::Bfloat16Kernels& kernels, Precision precision, Index k, Index n) {
  return round_up(n, kernels.product.panel_columns) * pairs_of(kernels, k) * (is_split(precision) ? 8 : 4);
}

void own_pack_bfloat16(const simd::Bfloat16Kernels& kernels, Precision precision, Transpose tb, Index k, Index n,
                       const void* b, Index ldb, void* memory) {
  const Index wide = kernels.product.panel_columns;
  const Index pairs = pairs_of(kernels, k);
  Pair* const high = static_cast<Pair*>(memory);
  Pair* const low = is_split(precision) ? high + round_up(n, wide) * pairs : nullptr;
  parallel_for(ceil_div(n, wide), std::max<Index>(1, kPackWork / (wide * std::max<Index>(1, k))),
               [&](Index begin, Index end) {
                 for (Index j = begin * wide; j < std::min(n, end * wide); j += wide) {
                   pack_b(kernels, tb, {0, k}, pairs, {j, std::min(j + wide, n)}, static_cast<const float*>(b),
                          ldb, high + j * pairs, low == nullptr ? nullptr : low + j * pairs);
                 }
               });
}

}  // namespace regard::gemm_detail
