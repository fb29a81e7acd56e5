// The tables of every instruction set that this processor has, called directly. That products of all sizes are right
// is in gemm_test.cpp.
#include "framework/tensor/simd/product/kernels.h"

#include <random>
#include <vector>

#include "tests/support/catch.h"

namespace regard::simd {
namespace {

std::vector<InstructionSet> sets() {
  std::vector<InstructionSet> all;
  for (int i = 0; i <= static_cast<int>(best_instruction_set()); ++i)
    all.push_back(static_cast<InstructionSet>(i));
  return all;
}

template <class T>
std::vector<T> numbers(Index count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<T> all;
  for (Index i = 0; i < count; ++i) all.push_back(static_cast<T>(static_cast<int>(random() % 2001) - 1000) / 997);
  return all;
}

// A [rows, k] times B [k, columns], B packed as one panel, from `start` (null: 0) on, for k in begin … end - 1.
template <class T>
void product(const FloatKernels<T>& kernels, Index rows, Index k, const std::vector<T>& a, const std::vector<T>& b,
             Index begin, Index end, const T* start, Index start_row, std::vector<T>& c) {
  const Index columns = kernels.product.panel_columns;
  kernels.product.panel({.rows = rows,
                         .columns = columns,
                         .k = end - begin,
                         .a = a.data() + begin,
                         .a_row = k,
                         .a_k = 1,
                         .b = b.data() + begin * columns,
                         .b_k = columns,
                         .b_next = 0,
                         .start = start,
                         .start_row = start_row,
                         .c = c.data(),
                         .ldc = columns});
}

template <class T>
void check_float_kernels(const FloatKernels<T>& kernels) {
  const Index columns = kernels.product.panel_columns;
  const Index rows = kernels.product.max_rows;
  CHECK(kernels.product.panel_rows >= rows);
  CHECK(kernels.product.k_unit == 1);
  const Index k = 7;
  const std::vector<T> a = numbers<T>(rows * k, 1), b = numbers<T>(k * columns, 2), bias = numbers<T>(columns, 3);

  // Both ways to pack give the panel itself, and zeros beyond the columns that are there.
  std::vector<T> transposed(b.size()), packed(b.size(), 5), packed_transposed(b.size(), 5);
  for (Index p = 0; p < k; ++p) {
    for (Index j = 0; j < columns; ++j) {
      transposed[static_cast<std::size_t>(j * k + p)] = b[static_cast<std::size_t>(p * columns + j)];
    }
  }
  const auto pack = [&](Index there) {
    kernels.pack_b({.k = k,
                    .columns = there,
                    .b = b.data(),
                    .ldb = columns,
                    .step = columns,
                    .out = packed.data(),
                    .next = k * columns});
    kernels.pack_b_transposed({.k = k,
                               .columns = there,
                               .b = transposed.data(),
                               .ldb = k,
                               .step = columns,
                               .out = packed_transposed.data(),
                               .next = k * columns});
  };
  pack(columns);
  CHECK(packed == b);
  CHECK(packed_transposed == b);
  pack(columns - 1);
  std::vector<T> cut = b;
  for (Index p = 0; p < k; ++p) cut[static_cast<std::size_t>((p + 1) * columns - 1)] = 0;
  CHECK(packed == cut);
  CHECK(packed_transposed == cut);

  // The order is that of k: bytes do not depend on where k is split, nor on the number of other rows.
  const auto size = static_cast<std::size_t>(rows * columns);
  std::vector<T> whole(size), split(size), first_row(static_cast<std::size_t>(columns));
  product(kernels, rows, k, a, b, 0, k, bias.data(), 0, whole);
  product(kernels, rows, k, a, b, 0, 3, bias.data(), 0, split);
  product<T>(kernels, rows, k, a, b, 3, k, split.data(), columns, split);
  CHECK(split == whole);
  product(kernels, 1, k, a, b, 0, k, bias.data(), 0, first_row);
  CHECK(first_row == std::vector<T>(whole.begin(), whole.begin() + columns));
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < columns; ++j) {
      double sum = static_cast<double>(bias[static_cast<std::size_t>(j)]);
      for (Index p = 0; p < k; ++p) {
        sum += static_cast<double>(a[static_cast<std::size_t>(i * k + p)]) *
               static_cast<double>(b[static_cast<std::size_t>(p * columns + j)]);
      }
      CHECK(static_cast<double>(whole[static_cast<std::size_t>(i * columns + j)]) == Approx(sum).margin(1e-5));
    }
  }

  // Dot products of rows, added to what is there.
  T dot = 100;
  kernels.dots({.rows = 1,
                .columns = 1,
                .k = k,
                .a = a.data(),
                .lda = k,
                .b = transposed.data(),
                .ldb = k,
                .accumulate = true,
                .c = &dot,
                .ldc = 1});
  CHECK(static_cast<double>(dot) ==
        Approx(100 + static_cast<double>(whole[0]) - static_cast<double>(bias[0])).epsilon(1e-6));
}

}  // namespace

TEST_CASE("product kernels: those of every set keep the order of k and pack what they multiply") {
  for (const InstructionSet set : sets()) {
    INFO(name_of(set));
    check_float_kernels(*f32_kernels(set));
    check_float_kernels(*f64_kernels(set));
  }
}

TEST_CASE("product kernels: a set has those of the highest set that it includes") {
  for (const InstructionSet set : sets()) {
    INFO(name_of(set));
    const bool wide = set >= InstructionSet::avx512;
    const InstructionSet floats = wide ? InstructionSet::avx512 : set;
    CHECK(f32_kernels(set) == f32_kernels(floats));
    CHECK(f64_kernels(set) == f64_kernels(floats));
    CHECK(f32_kernels(set)->product.panel_columns == 2 * f64_kernels(set)->product.panel_columns);
    if (set == InstructionSet::baseline) continue;
    CHECK(f32_kernels(set) != f32_kernels(InstructionSet::baseline));
    CHECK(f64_kernels(set) != f64_kernels(InstructionSet::baseline));
    CHECK((f32_kernels(set) == f32_kernels(InstructionSet::avx2)) == !wide);
  }
}

TEST_CASE("product kernels: bfloat16 begins with avx2 and the sets for it have their own") {
  CHECK(bfloat16_kernels(InstructionSet::baseline) == nullptr);
  for (const InstructionSet set : sets()) {
    if (set == InstructionSet::baseline) continue;
    INFO(name_of(set));
    const Bfloat16Kernels* const kernels = bfloat16_kernels(set);
    REQUIRE(kernels != nullptr);
    const bool converts = set <= InstructionSet::avx512;
    CHECK((kernels == bfloat16_kernels(InstructionSet::avx2)) == converts);
    CHECK((kernels == bfloat16_kernels(InstructionSet::amx)) == (set == InstructionSet::amx));

    // Pairs of k as one word, the earlier element below; the last pair and those up to `pairs` are filled with 0.
    const Index pairs = 2 * kernels->product.k_unit;
    const std::vector<float> row{1, 2, 3 + 0x1p-9F};
    std::vector<std::uint32_t> high(static_cast<std::size_t>(pairs), 7), low(high);
    kernels->begin();
    kernels->pack_a({.k = 3,
                     .columns = 1,
                     .from = row.data(),
                     .from_k = 1,
                     .from_column = 3,
                     .pairs = pairs,
                     .high = high.data(),
                     .low = low.data()});
    kernels->end();
    std::vector<std::uint32_t> expected(static_cast<std::size_t>(pairs), 0), rest(expected);
    expected[0] = 0x40003F80U;  // 2 and 1
    expected[1] = 0x4040U;      // 3
    rest[1] = 0x3B00U;          // 2^-9
    CHECK(high == expected);
    CHECK(low == rest);
  }
}

}  // namespace regard::simd
