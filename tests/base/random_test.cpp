#include "framework/base/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <type_traits>
#include <vector>

#include "framework/base/parallel.h"
#include "tests/support/catch.h"

namespace regard {
namespace {

using Block = std::array<std::uint32_t, 4>;
static_assert(std::is_trivially_copyable_v<Key> && std::is_trivially_destructible_v<Key> && sizeof(Key) == 16);
static_assert(Key(1, "a").bits(0) != Key(2, "a").bits(0));  // usable in constant expressions

double normal_probability(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

TEST_CASE("philox: the known answers of Random123 for 4x32-10") {
  CHECK(philox4x32_10({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("key: its numbers follow the documented mapping") {
  const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
  const auto join = [](std::uint32_t a, std::uint32_t b) { return a | std::uint64_t{b} << 32; };
  const std::uint64_t seed = 0x123456789ABCDEF0;
  const std::uint64_t text_key = seed ^ 0xC2B2AE3D27D4EB4F;
  const std::uint64_t fnv_a = 0xAF63DC4C8601EC8C;  // FNV-1a 64 of "a"
  const Block first = philox4x32_10({low(fnv_a), high(fnv_a), 0, 0}, {low(text_key), high(text_key)});
  const std::uint64_t key = join(first[0], first[1]);
  const std::uint64_t stream = join(first[2], first[3]);
  const std::uint64_t number_key = key ^ 0x9E3779B97F4A7C15;
  const Block second = philox4x32_10({7, 0, low(stream), high(stream)}, {low(number_key), high(number_key)});
  const Block third = philox4x32_10({5, 0, second[2], second[3]}, {second[0], second[1]});
  CHECK(Key(seed, "a").with(7).bits(5) == third);
  const Block extra = philox4x32_10({5, 0x80000000, second[2], second[3]}, {second[0], second[1]});
  CHECK(Key(seed, "a").with(7).uniform(21) ==
        static_cast<double>(join(extra[1], third[1]) >> 11) / 9007199254740992.0);
  CHECK(Key(seed, "a").with(7).uniform_float(21) == static_cast<float>(third[1] >> 8) / 16777216.0f);
}

TEST_CASE("key: golden values that must never change") {
  // From a second implementation of the documented mapping in Python, with statistics.NormalDist for the normal
  // distribution.
  const Key key = Key(1, "dropout").with("encoder/layer0").with(42);
  CHECK(key.bits(0) == Block{0x7abb2dc3, 0xad09f6b6, 0x7f7ca901, 0xe7827377});
  CHECK(key.uniform(3) == 0.9043342749541917);
  CHECK(key.normal(3) == 1.3066504621196142);
  CHECK(key.below(1000, 3) == 281);
}

TEST_CASE("key: each part and the order of parts matters") {
  const std::vector<Key> keys{Key(1, "a"),
                              Key(2, "a"),
                              Key(1, "b"),
                              Key(1, ""),
                              Key(1, "a").with(0),
                              Key(1, "a").with(1),
                              Key(1, "a").with(-1),
                              Key(1, "a").with("1"),
                              Key(1, "a").with(1).with(2),
                              Key(1, "a").with(2).with(1),
                              Key(1, "a").with("x").with("y"),
                              Key(1, "a").with("xy")};
  std::set<Block> blocks;
  for (const Key& key : keys) blocks.insert(key.bits(0));
  CHECK(blocks.size() == keys.size());
  CHECK(Key(1, "a").with(3) == Key(1, "a").with(std::uint8_t{3}));
}

TEST_CASE("uniform: the float is the first 24 bits of the double and both are from 0 to below 1") {
  const Key key(7, "test");
  double sum = 0;
  double squares = 0;
  const Index count = 20000;
  for (Index i = 0; i < count; ++i) {
    const double u = key.uniform(i);
    if (!(u >= 0 && u < 1)) FAIL("out of range: " << u);
    if (key.uniform_float(i) != std::floor(u * 16777216) / 16777216) FAIL("float and double differ at " << i);
    sum += u;
    squares += u * u;
  }
  CHECK(sum / count == Approx(0.5).margin(5 * std::sqrt(1 / 12.0 / count)));
  CHECK(squares / count == Approx(1 / 3.0).margin(5 * std::sqrt(4 / 45.0 / count)));
}

TEST_CASE("normal quantile: it is the inverse of the distribution") {
  for (double x = -8; x <= 5; x += 0.01) {
    const double p = normal_probability(x);
    const double tolerance = x < 0 ? 4e-15 * (1 + std::abs(x)) : 4e-15 + 1e-16 * std::exp(x * x / 2) * 3;
    if (std::abs(normal_quantile(p) - x) > tolerance) FAIL("x " << x << " gives " << normal_quantile(p));
  }
  CHECK(normal_quantile(0.5) == 0);
  CHECK(normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-15));
  CHECK(normal_quantile(1e-20) == Approx(-9.262340089798408).epsilon(1e-15));
  CHECK(normal_quantile(0.25) == -normal_quantile(0.75));
}

TEST_CASE("normal: many numbers have the right moments") {
  const Key key(3, "test");
  const Index count = 50000;
  std::vector<double> x(static_cast<std::size_t>(count));
  key.fill_normal(x, 0.0, 1.0);
  double sum = 0;
  double squares = 0;
  double fourth = 0;
  for (const double v : x) {
    sum += v;
    squares += v * v;
    fourth += v * v * v * v;
  }
  CHECK(sum / count == Approx(0).margin(5 / std::sqrt(count)));
  CHECK(squares / count == Approx(1).margin(5 * std::sqrt(2.0 / count)));
  CHECK(fourth / count == Approx(3).margin(5 * std::sqrt(96.0 / count)));
}

TEST_CASE("fill: it gives the same numbers as one at a time for every offset and length") {
  const Key key = Key(11, "fill").with(5);
  for (const Index first : {0, 1, 3, 4, 63, 1000003}) {
    for (const std::size_t size : {0U, 1U, 5U, 64U, 257U, 700U}) {
      std::vector<std::uint32_t> words(size);
      std::vector<float> floats(size);
      std::vector<double> doubles(size);
      std::vector<float> normals(size);
      std::vector<double> double_normals(size);
      key.fill_words(words, first);
      key.fill_uniform(std::span<float>(floats), 0, 1, first);
      key.fill_uniform(std::span<double>(doubles), -2, 2, first);
      key.fill_normal(std::span<float>(normals), 1, 0.5, first);
      key.fill_normal(std::span<double>(double_normals), 0, 1, first);
      bool same = true;
      for (std::size_t k = 0; k < size; ++k) {
        const Index i = first + static_cast<Index>(k);
        same = same && words[k] == key.word(i) && floats[k] == key.uniform_float(i) &&
               doubles[k] == -2 + 4 * key.uniform(i) &&
               normals[k] == static_cast<float>(1 + 0.5 * key.normal(i)) && double_normals[k] == key.normal(i);
      }
      INFO("first " << first << " size " << size);
      CHECK(same);
    }
  }
}

TEST_CASE("fill: pieces filled by any number of threads give the same whole") {
  const Key key(5, "threads");
  std::vector<float> whole(10000);
  key.fill_uniform(std::span<float>(whole));
  const int before = threads();
  for (const int count : {1, 2, 3, 7}) {
    set_threads(count);
    std::vector<float> pieces(whole.size());
    parallel_for(static_cast<Index>(pieces.size()), 1, [&](Index begin, Index end) {
      key.fill_uniform(
          std::span<float>(pieces).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
          0, 1, begin);
    });
    CHECK(pieces == whole);
  }
  set_threads(before);
}

TEST_CASE("below: numbers are in range and have no bias") {
  const Key key(9, "below");
  std::array<Index, 6> counts{};
  for (Index i = 0; i < 60000; ++i) ++counts[static_cast<std::size_t>(key.below(6, i))];
  double chi = 0;
  for (const Index c : counts) chi += static_cast<double>((c - 10000) * (c - 10000)) / 10000;
  CHECK(chi < 20.5);  // chi square with 5 degrees of freedom: P = 0.001
  for (Index i = 0; i < 100; ++i) CHECK(key.below(1, i) == 0);
}

TEST_CASE("below: limits that reject half of the draws are exact too") {
  // For the largest limits of an Index 2^64 mod n is large; every third of [0, n) must be equally likely.
  const Index n = Index{3} << 61;
  const Key key(10, "below");
  std::array<Index, 3> counts{};
  for (Index i = 0; i < 30000; ++i) {
    const Index x = key.below(n, i);
    REQUIRE((x >= 0 && x < n));
    ++counts[static_cast<std::size_t>(x >> 61)];
  }
  for (const Index c : counts) CHECK(std::abs(static_cast<double>(c - 10000)) < 5 * std::sqrt(30000 * 2 / 9.0));
  // 2^64 mod 3 * 2^61 = 2^62: a draw x with x * n mod 2^64 below that (one in four) is rejected for the next.
  Index refused = 0;
  for (Index i = 0; i < 4000; ++i) {
    const auto b = key.bits(i);
    const std::array<std::uint64_t, 2> draws{b[0] | std::uint64_t{b[1]} << 32, b[2] | std::uint64_t{b[3]} << 32};
    const auto taken = [&](std::uint64_t x) {
      return x * static_cast<std::uint64_t>(n) >= (std::uint64_t{1} << 62);
    };
    const auto scaled = [&](std::uint64_t x) { return static_cast<Index>((x >> 1) / 2 * 3 / 2); };  // within 2
    refused += taken(draws[0]) ? 0 : 1;
    if (!taken(draws[0]) && !taken(draws[1])) continue;
    const std::uint64_t first = taken(draws[0]) ? draws[0] : draws[1];
    if (std::abs(key.below(n, i) - scaled(first)) > 2) FAIL("number " << i << " took another draw");
  }
  CHECK(std::abs(static_cast<double>(refused - 1000)) < 5 * std::sqrt(4000 * 3 / 16.0));
}

TEST_CASE("shuffle: only the key decides the permutation and all are equally likely") {
  std::array<Index, 6> counts{};
  for (Index trial = 0; trial < 6000; ++trial) {
    std::array<int, 3> items{0, 1, 2};
    Key(4, "shuffle").with(trial).shuffle(std::span<int>(items));
    const int code = items[0] * 2 + (items[1] > items[2] ? 1 : 0);
    ++counts[static_cast<std::size_t>(code)];
  }
  for (const Index c : counts) CHECK(std::abs(static_cast<double>(c - 1000)) < 5 * std::sqrt(6000 * 5 / 36.0));
  std::vector<int> many(1000);
  std::iota(many.begin(), many.end(), 0);
  const std::vector<int> sorted = many;
  Key(4, "x").shuffle(std::span<int>(many));
  CHECK(many != sorted);
  std::vector<int> again = sorted;
  Key(4, "x").shuffle(std::span<int>(again));
  CHECK(again == many);
  std::sort(many.begin(), many.end());
  CHECK(many == sorted);
  Key(4, "x").shuffle(std::span<int>());
}

}  // namespace regard
