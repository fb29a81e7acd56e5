#pragma once
// Random numbers as functions of keys. A Key is made from the purpose of its numbers (seed, purpose, path, update,
// sentence, …). Number i of a key depends only on the key and i: nothing is stored, and nothing depends on order,
// threads, platform or other numbers. Two systems with the same key get the same numbers, and a resumed run needs no
// state of a generator.
//
//   const Key key = Key(seed, "dropout").with("encoder/layer0").with(update);
//   key.with(sentence).with(step).fill_uniform(mask);          // or key.uniform_float(i) one at a time
//
// The mapping, which will never change (all arithmetic modulo 2^64; philox(key, counter) is Philox 4x32 with 10
// rounds, Salmon et al. 2011, words least significant first):
//   Key             a pair (key, stream) of 64-bit words
//   Key(seed, p)    Key{seed, 0}.with(p)
//   with(n)         philox(key ^ 0x9E3779B97F4A7C15, n | stream << 64): words 0 and 1 are the new key,
//                   2 and 3 the new stream
//   with("text")    the same with key ^ 0xC2B2AE3D27D4EB4F and n = FNV-1a 64 of the bytes
//   bits(i)         philox(key, i | stream << 64), four words; 0 <= i < 2^62
//   word(i)         bits(i / 4)[i % 4];  extra(i): the same lane of bits(i / 4 + 2^63)
//   uniform_float   (word(i) >> 8) * 2^-24                          in [0, 1)
//   uniform         ((word(i) << 32 | extra(i)) >> 11) * 2^-53      in [0, 1); uniform_float is its first 24 bits
//   normal          quantile(((word(i) << 32 | extra(i)) >> 12) * 2^-52 + 2^-53), see normal_quantile below
//   below(n, i)     x = words 0 and 1 of bits(i) as 64 bits; x * n / 2^64, unless (x * n mod 2^64) < (2^64 mod n):
//                   then words 2 and 3, then with(i).bits(0), …(1), … in the same way, so without bias
//                   (Lemire 2019)
//   shuffle         for i = n-1 … 1: swap element i with element below(i + 1, i)
#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "framework/base/base.h"

namespace regard {

// Returns one block of Philox 4x32-10. constexpr, ~10 ns.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                                                   std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {
        static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
        static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

// Returns x with P(normal < x) = p for 0 < p < 1 (Wichura 1988, algorithm AS 241, PPND16; relative error about 1e-16).
// Uses only + - * / and sqrt without contraction, so that every IEEE 754 platform gives the same bytes.
[[nodiscard]] double normal_quantile(double p) noexcept;

class Key final {
 public:
  using Block = std::array<std::uint32_t, 4>;

  constexpr Key() noexcept = default;
  constexpr Key(std::uint64_t seed, std::string_view purpose) noexcept {
    *this = Key(seed, std::uint64_t{0}).with(purpose);
  }

  // Returns the key of a part: a path, an update, a micro-batch, a position. with(a).with(b) and with(b).with(a) are
  // different.
  [[nodiscard]] constexpr Key with(std::integral auto number) const noexcept {
    return child(0x9E3779B97F4A7C15, static_cast<std::uint64_t>(number));
  }
  [[nodiscard]] constexpr Key with(std::string_view text) const noexcept {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return child(0xC2B2AE3D27D4EB4F, hash);
  }

  [[nodiscard]] constexpr Block bits(Index i) const noexcept { return block(static_cast<std::uint64_t>(i)); }
  [[nodiscard]] constexpr std::uint32_t word(Index i) const noexcept { return bits(i / 4)[lane(i)]; }

  [[nodiscard]] constexpr float uniform_float(Index i) const noexcept { return to_float(word(i)); }
  [[nodiscard]] constexpr double uniform(Index i) const noexcept { return to_double(word64(i)); }
  [[nodiscard]] double normal(Index i) const noexcept { return to_normal(word64(i)); }
  // Returns a number in [0, n), n > 0.
  [[nodiscard]] constexpr Index below(Index n, Index i) const noexcept;

  template <class T>
  constexpr void shuffle(std::span<T> items) const noexcept {
    for (Index i = static_cast<Index>(items.size()) - 1; i > 0; --i) {
      std::swap(items[static_cast<std::size_t>(i)], items[static_cast<std::size_t>(below(i + 1, i))]);
    }
  }

  // Fill `out`: element k becomes number first + k of this key, so a large fill can be split at any place.
  // Uniform: low + (high - low) * u, below high except for rounding. Normal: mean + deviation * n.
  void fill_words(std::span<std::uint32_t> out, Index first = 0) const noexcept;
  void fill_uniform(std::span<float> out, float low = 0, float high = 1, Index first = 0) const noexcept;
  void fill_uniform(std::span<double> out, double low = 0, double high = 1, Index first = 0) const noexcept;
  void fill_normal(std::span<float> out, double mean = 0, double deviation = 1, Index first = 0) const noexcept;
  void fill_normal(std::span<double> out, double mean = 0, double deviation = 1, Index first = 0) const noexcept;

  // Returns the pair (key, stream), for code that computes many words at a time.
  [[nodiscard]] constexpr std::array<std::uint64_t, 2> pair() const noexcept { return {key_, stream_}; }

  friend constexpr bool operator==(const Key&, const Key&) noexcept = default;

 private:
  static constexpr std::uint64_t kExtra = std::uint64_t{1} << 63;

  constexpr Key(std::uint64_t key, std::uint64_t stream) noexcept : key_(key), stream_(stream) {}

  static constexpr std::size_t lane(Index i) noexcept { return static_cast<std::size_t>(i % 4); }
  static constexpr float to_float(std::uint32_t word) noexcept { return static_cast<float>(word >> 8) * 0x1p-24f; }
  static constexpr double to_double(std::uint64_t pair) noexcept {
    return static_cast<double>(pair >> 11) * 0x1p-53;
  }
  static double to_normal(std::uint64_t pair) noexcept {
    return normal_quantile(static_cast<double>(pair >> 12) * 0x1p-52 + 0x1p-53);
  }
  static constexpr std::uint32_t low(std::uint64_t x) noexcept { return static_cast<std::uint32_t>(x); }
  static constexpr std::uint32_t high(std::uint64_t x) noexcept { return static_cast<std::uint32_t>(x >> 32); }
  static constexpr std::uint64_t join(std::uint32_t low_half, std::uint32_t high_half) noexcept {
    return low_half | std::uint64_t{high_half} << 32;
  }

  [[nodiscard]] constexpr Block block(std::uint64_t counter) const noexcept {
    return philox4x32_10({low(counter), high(counter), low(stream_), high(stream_)}, {low(key_), high(key_)});
  }
  [[nodiscard]] constexpr Key child(std::uint64_t domain, std::uint64_t number) const noexcept {
    const Block b = Key(key_ ^ domain, stream_).block(number);
    return {join(b[0], b[1]), join(b[2], b[3])};
  }
  [[nodiscard]] constexpr std::uint64_t word64(Index i) const noexcept {
    return join(block(static_cast<std::uint64_t>(i / 4) | kExtra)[lane(i)], word(i));
  }

  void fill(std::span<std::uint32_t> out, Index first, std::uint64_t offset) const noexcept;
  template <class T, class Convert>
  void fill_from_pairs(std::span<T> out, Index first, Convert convert) const noexcept;

  std::uint64_t key_ = 0;
  std::uint64_t stream_ = 0;
};

namespace detail {

__extension__ using Wide = unsigned __int128;

// Writes x * n / 2^64 to `result`. Returns false if this x must be rejected, because some results would be more likely
// than others.
constexpr bool scale_below(std::uint64_t x, std::uint64_t n, Index& result) noexcept {
  const Wide product = static_cast<Wide>(x) * n;
  result = static_cast<Index>(product >> 64);
  return static_cast<std::uint64_t>(product) >= (0 - n) % n;
}

}  // namespace detail

constexpr Index Key::below(Index n, Index i) const noexcept {
  const auto limit = static_cast<std::uint64_t>(n);
  Index result = 0;
  Block b = bits(i);
  if (detail::scale_below(join(b[0], b[1]), limit, result)) return result;
  if (detail::scale_below(join(b[2], b[3]), limit, result)) return result;
  const Key more = with(i);
  for (Index attempt = 0;; ++attempt) {
    b = more.bits(attempt);
    if (detail::scale_below(join(b[0], b[1]), limit, result)) return result;
    if (detail::scale_below(join(b[2], b[3]), limit, result)) return result;
  }
}

}  // namespace regard
