#pragma once
// The random numbers of sacreBLEU's significance tests, so that p-values agree. They are those of NumPy's
// default_rng(seed): PCG64 (O'Neill 2014; XSL-RR output of a 128-bit congruential generator) seeded with SeedSequence,
// and NumPy's method to draw bounded integers (Lemire 2019). Its booleans are the bits of next32(), lowest first. This
// implementation will not change, although NumPy may change its streams. Nothing else in regard uses it.
#include <cstdint>
#include <optional>
#include <string>

namespace regard::evaluation {

// A seed; no value: entropy of the operating system.
using Seed = std::optional<std::uint64_t>;
constexpr std::uint64_t default_seed = 12345;    // sacreBLEU's
[[nodiscard]] std::string seed_text(Seed seed);  // "12345" or "none", as in a signature

// Not thread-safe.
class NumpyRandom {
 public:
  explicit NumpyRandom(Seed seed);

  [[nodiscard]] std::uint64_t next64() noexcept;
  [[nodiscard]] std::uint32_t next32() noexcept;  // first the low half of a 64-bit draw, then its high half

  // Returns a uniform integer in [0, bound), bound from 1 to 2^32. A bound of 1 draws nothing.
  [[nodiscard]] std::uint32_t below(std::uint64_t bound) noexcept;

  // Return the 128-bit numbers as decimal text, for tests against published values.
  [[nodiscard]] std::string state() const;
  [[nodiscard]] std::string increment() const;

 private:
  __extension__ using Wide = unsigned __int128;
  static std::string decimals(Wide value);

  Wide state_ = 0;
  Wide increment_ = 0;
  std::uint32_t buffered_ = 0;
  bool has_buffered_ = false;
};

}  // namespace regard::evaluation
