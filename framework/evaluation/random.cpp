#include "framework/evaluation/random.h"

#include <algorithm>
#include <array>
#include <random>
#include <vector>

namespace regard::evaluation {
namespace {

// NumPy's SeedSequence (O'Neill's seed_seq_fe with a pool of 4 words): every word of entropy affects every word of the
// state.
class SeedSequence {
 public:
  explicit SeedSequence(const std::vector<std::uint32_t>& entropy) {
    for (std::size_t i = 0; i < pool_.size(); ++i) pool_[i] = hashed(i < entropy.size() ? entropy[i] : 0);
    for (std::size_t from = 0; from < pool_.size(); ++from) {
      for (std::size_t to = 0; to < pool_.size(); ++to) {
        if (from != to) pool_[to] = mixed(pool_[to], hashed(pool_[from]));
      }
    }
    for (std::size_t from = pool_.size(); from < entropy.size(); ++from) {
      for (std::uint32_t& to : pool_) to = mixed(to, hashed(entropy[from]));
    }
  }

  [[nodiscard]] std::array<std::uint64_t, 4> state() const {
    std::array<std::uint64_t, 4> out{};
    std::uint32_t constant = 0x8b51f9ddU;
    for (std::size_t i = 0; i < 8; ++i) {
      std::uint32_t value = pool_[i % pool_.size()] ^ constant;
      constant *= 0x58f38dedU;
      value *= constant;
      value ^= value >> 16;
      out[i / 2] |= static_cast<std::uint64_t>(value) << (32 * (i % 2));
    }
    return out;
  }

 private:
  std::uint32_t hashed(std::uint32_t value) noexcept {
    value ^= constant_;
    constant_ *= 0x931e8875U;
    value *= constant_;
    return value ^ (value >> 16);
  }
  static std::uint32_t mixed(std::uint32_t a, std::uint32_t b) noexcept {
    const std::uint32_t value = 0xca01f9ddU * a - 0x4973f715U * b;
    return value ^ (value >> 16);
  }

  std::uint32_t constant_ = 0x43b0d7e5U;
  std::array<std::uint32_t, 4> pool_{};
};

std::vector<std::uint32_t> entropy_of(Seed seed) {
  std::vector<std::uint32_t> words;
  if (!seed) {
    std::random_device device;
    for (int i = 0; i < 4; ++i) words.push_back(device());
    return words;
  }
  words.push_back(static_cast<std::uint32_t>(*seed));
  if (*seed >> 32 != 0) words.push_back(static_cast<std::uint32_t>(*seed >> 32));
  return words;
}

}  // namespace

std::string seed_text(Seed seed) { return seed ? std::to_string(*seed) : "none"; }

NumpyRandom::NumpyRandom(Seed seed) {
  const std::array<std::uint64_t, 4> words = SeedSequence(entropy_of(seed)).state();
  const Wide stream = (static_cast<Wide>(words[2]) << 64) | words[3];
  increment_ = (stream << 1) | 1;
  (void)next64();
  state_ += (static_cast<Wide>(words[0]) << 64) | words[1];
  (void)next64();
}

std::uint64_t NumpyRandom::next64() noexcept {
  constexpr Wide multiplier = (static_cast<Wide>(0x2360ED051FC65DA4ULL) << 64) | 0x4385DF649FCCF645ULL;
  state_ = state_ * multiplier + increment_;
  const std::uint64_t folded = static_cast<std::uint64_t>(state_ >> 64) ^ static_cast<std::uint64_t>(state_);
  const auto turn = static_cast<unsigned>(state_ >> 122);
  return (folded >> turn) | (folded << ((64U - turn) & 63U));
}

std::uint32_t NumpyRandom::next32() noexcept {
  if (has_buffered_) {
    has_buffered_ = false;
    return buffered_;
  }
  const std::uint64_t both = next64();
  has_buffered_ = true;
  buffered_ = static_cast<std::uint32_t>(both >> 32);
  return static_cast<std::uint32_t>(both);
}

std::uint32_t NumpyRandom::below(std::uint64_t bound) noexcept {
  if (bound == 1) return 0;
  constexpr std::uint64_t range = 1ULL << 32;
  if (bound == range) return next32();
  std::uint64_t product = next32() * bound;
  if (static_cast<std::uint32_t>(product) < bound) {  // else the draw is unbiased
    const std::uint64_t unfair = (range - bound) % bound;
    while (static_cast<std::uint32_t>(product) < unfair) product = next32() * bound;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

std::string NumpyRandom::decimals(Wide value) {
  std::string out;
  do {
    out.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::reverse(out.begin(), out.end());
  return out;
}

std::string NumpyRandom::state() const { return decimals(state_); }
std::string NumpyRandom::increment() const { return decimals(increment_); }

}  // namespace regard::evaluation
