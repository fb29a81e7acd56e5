#pragma once
// float32 to pairs of bfloat16 (AVX-512 BF16): two neighbours in k as one 32-bit word, the lower k in the lower
// half. See PackPairs in product/kernels.h. Included, like product/loops.inl, by the sources compiled for one
// instruction set.
#include "framework/tensor/simd/product/kernels.h"
#include "framework/tensor/simd/vectors/avx512.inl"

namespace regard::simd {
namespace {

// The nearest bfloat16 of each number, and the difference to it.
struct Split {
  __m256i high, low;
};

inline __m256i nearest(__m512 x) { return (__m256i)_mm512_cvtneps_pbh(x); }

template <bool kLow>
Split split(__m512 x) {
  Split s{};
  s.high = nearest(x);
  if constexpr (kLow) {
    const __m512 rounded = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(s.high), 16));
    s.low = nearest(_mm512_sub_ps(x, rounded));
  } else {
    s.low = s.high;
  }
  return s;
}

// Returns the lanes of `even` and `odd` as pairs.
inline __m512i zip(__m256i even, __m256i odd) {
  return _mm512_or_si512(_mm512_cvtepu16_epi32(even), _mm512_slli_epi32(_mm512_cvtepu16_epi32(odd), 16));
}
// Returns 32 neighbours as 16 pairs.
inline __m512i join(__m256i first, __m256i second) {
  return _mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1);
}

inline Index at_most(Index x, Index limit) { return x < 0 ? 0 : (x < limit ? x : limit); }

// Packs the pairs [pair, pair + count) of one column, with k contiguous.
template <bool kLow>
void along_k(const PackPairs& p, Index column, Index pair, Index count, std::uint32_t* high, std::uint32_t* low) {
  const float* from = p.from + column * p.from_column;
  Index at = 0;
  for (; at + 16 <= count && 2 * (pair + at) + 32 <= p.k; at += 16) {
    const __m512 x = _mm512_loadu_ps(from + 2 * (pair + at)), y = _mm512_loadu_ps(from + 2 * (pair + at) + 16);
    if constexpr (kLow) {
      const Split s = split<true>(x), t = split<true>(y);
      _mm512_storeu_si512(high + at, join(s.high, t.high));
      _mm512_storeu_si512(low + at, join(s.low, t.low));
    } else {
      _mm512_storeu_si512(high + at, (__m512i)_mm512_cvtne2ps_pbh(y, x));
    }
  }
  for (; at < count; at += 16) {
    const Index k = 2 * (pair + at);
    const Split x = split<kLow>(F32x16::load(from + k, at_most(p.k - k, 16)));
    const Split y = split<kLow>(F32x16::load(from + k + 16, at_most(p.k - k - 16, 16)));
    const __mmask16 mask = F32x16::first(at_most(count - at, 16));
    _mm512_mask_storeu_epi32(high + at, mask, join(x.high, y.high));
    if constexpr (kLow) _mm512_mask_storeu_epi32(low + at, mask, join(x.low, y.low));
  }
}

// Packs one pair of k of 16 contiguous columns.
template <bool kLow>
void across_k(const PackPairs& p, Index column, Index pair, __m512i* high, __m512i* low) {
  const Index k = 2 * pair;
  const Index columns = at_most(p.columns - column, 16);
  const float* from = p.from + k * p.from_k + column;
  const Split x = split<kLow>(F32x16::load(from, k < p.k ? columns : 0));
  const Split y = split<kLow>(F32x16::load(from + p.from_k, k + 1 < p.k ? columns : 0));
  *high = zip(x.high, y.high);
  if constexpr (kLow) *low = zip(x.low, y.low);
}

inline void transpose(const std::uint32_t* from, std::uint32_t* out, Index out_ld) {
  F32x16::transpose(reinterpret_cast<const float*>(from), 16, reinterpret_cast<float*>(out), out_ld);
}

template <bool kLow>
void pack_a(const PackPairs& p) {
  if (p.from_k == 1) {
    for (Index row = 0; row < p.columns; ++row) {
      along_k<kLow>(p, row, 0, p.pairs, p.high + row * p.pairs, kLow ? p.low + row * p.pairs : nullptr);
    }
    return;
  }
  alignas(64) std::uint32_t high[256], low[256], rows[256];
  for (Index row = 0; row < p.columns; row += 16) {
    for (Index pair = 0; pair < p.pairs; pair += 16) {
      for (Index i = 0; i < 16; ++i) {
        across_k<kLow>(p, row, pair + i, reinterpret_cast<__m512i*>(high + 16 * i),
                       reinterpret_cast<__m512i*>(low + 16 * i));
      }
      const __mmask16 mask = F32x16::first(at_most(p.pairs - pair, 16));
      for (int half = 0; half < (kLow ? 2 : 1); ++half) {
        transpose(half == 0 ? high : low, rows, 16);
        std::uint32_t* out = (half == 0 ? p.high : p.low) + row * p.pairs + pair;
        for (Index i = 0; i < at_most(p.columns - row, 16); ++i) {
          _mm512_mask_storeu_epi32(out + i * p.pairs, mask, _mm512_load_si512(rows + 16 * i));
        }
      }
    }
  }
}

template <bool kLow>
void pack_b(const PackPairs& p) {
  constexpr Index kPanel = 32;
  if (p.from_column == 1) {
    for (Index pair = 0; pair < p.pairs; ++pair) {
      for (Index column = 0; column < kPanel; column += 16) {
        __m512i high, low;
        across_k<kLow>(p, column, pair, &high, &low);
        _mm512_storeu_si512(p.high + pair * kPanel + column, high);
        if constexpr (kLow) _mm512_storeu_si512(p.low + pair * kPanel + column, low);
      }
    }
    return;
  }
  alignas(64) std::uint32_t high[256], low[256], rows[256];
  for (Index column = 0; column < kPanel; column += 16) {
    for (Index pair = 0; pair < p.pairs; pair += 16) {
      const Index pairs = at_most(p.pairs - pair, 16);
      for (Index i = 0; i < 16; ++i) {
        if (column + i < p.columns) {
          along_k<kLow>(p, column + i, pair, 16, high + 16 * i, low + 16 * i);
        } else {
          _mm512_store_si512(high + 16 * i, _mm512_setzero_si512());
          _mm512_store_si512(low + 16 * i, _mm512_setzero_si512());
        }
      }
      for (int half = 0; half < (kLow ? 2 : 1); ++half) {
        transpose(half == 0 ? high : low, rows, 16);
        std::uint32_t* out = (half == 0 ? p.high : p.low) + pair * kPanel + column;
        for (Index i = 0; i < pairs; ++i) {
          _mm512_storeu_si512(out + i * kPanel, _mm512_load_si512(rows + 16 * i));
        }
      }
    }
  }
}

// Packs contiguous rows, as across_k does.
template <bool kLow>
void pack_a_across(const PackPairs& p) {
  for (Index pair = 0; pair < p.pairs; ++pair) {
    __m512i high, low;
    across_k<kLow>(p, 0, pair, &high, &low);
    _mm512_storeu_si512(p.high + pair * 16, high);
    if constexpr (kLow) _mm512_storeu_si512(p.low + pair * 16, low);
  }
}

inline void pack_pairs_a_across(const PackPairs& p) {
  p.low != nullptr ? pack_a_across<true>(p) : pack_a_across<false>(p);
}
inline void pack_pairs_a(const PackPairs& p) { p.low != nullptr ? pack_a<true>(p) : pack_a<false>(p); }
inline void pack_pairs_b(const PackPairs& p) { p.low != nullptr ? pack_b<true>(p) : pack_b<false>(p); }

}  // namespace
}  // namespace regard::simd
