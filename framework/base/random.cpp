#include "framework/base/random.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace regard {
namespace {

// Coefficients of Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", PPND16, lowest
// power first. The quantile is x * numerator(r) / denominator(r), with a different r in each of three regions.
using Polynomial = std::array<double, 8>;
constexpr Polynomial kCentreNumerator = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                         1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                         3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr Polynomial kCentreDenominator = {1.0,
                                           4.2313330701600911252e1,
                                           6.8718700749205790830e2,
                                           5.3941960214247511077e3,
                                           2.1213794301586595867e4,
                                           3.9307895800092710610e4,
                                           2.8729085735721942674e4,
                                           5.2264952788528545610e3};
constexpr Polynomial kTailNumerator = {
    1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr Polynomial kTailDenominator = {1.0,
                                         2.05319162663775882187e0,
                                         1.67638483018380384940e0,
                                         6.89767334985100004550e-1,
                                         1.48103976427480074590e-1,
                                         1.51986665636164571966e-2,
                                         5.47593808499534494600e-4,
                                         1.05075007164441684324e-9};
constexpr Polynomial kFarNumerator = {
    6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr Polynomial kFarDenominator = {1.0,
                                        5.99832206555887937690e-1,
                                        1.36929880922735805310e-1,
                                        1.48753612908506148525e-2,
                                        7.86869131145613259100e-4,
                                        1.84631831751005468180e-5,
                                        1.42151175831644588870e-7,
                                        2.04426310338993978564e-15};

double at(const Polynomial& coefficients, double r) noexcept {
  double sum = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) sum = sum * r + coefficients[i];
  return sum;
}

// Returns the logarithm of x in (0, 1). Uses only basic operations, because libraries differ in the last bit:
//   x = m 2^e with m in [sqrt(1/2), sqrt(2)),   log x = e log 2 + 2 atanh((m - 1) / (m + 1)), the series up to s^27.
double portable_log(double x) noexcept {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0.70710678118654752440) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double sum = 0;
  for (int k = 27; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
  return exponent * 0.69314718055994530942 + 2 * s * sum;
}

constexpr std::size_t kTogether = 8;  // blocks computed together, so that their rounds overlap or are vectorised
using Words = std::array<std::uint32_t, 4 * kTogether>;

// Returns the words of the blocks first, first + 1, …, one after the other.
Words blocks(std::uint64_t key, std::uint64_t stream, std::uint64_t first) noexcept {
  using Row = std::array<std::uint32_t, kTogether>;
  Row x0;
  Row x1;
  Row x2;
  Row x3;
  for (std::size_t j = 0; j < kTogether; ++j) {
    x0[j] = static_cast<std::uint32_t>(first + j);
    x1[j] = static_cast<std::uint32_t>((first + j) >> 32);
    x2[j] = static_cast<std::uint32_t>(stream);
    x3[j] = static_cast<std::uint32_t>(stream >> 32);
  }
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    for (std::size_t j = 0; j < kTogether; ++j) {
      const std::uint64_t product0 = std::uint64_t{0xD2511F53} * x0[j];
      const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * x2[j];
      x0[j] = static_cast<std::uint32_t>(product1 >> 32) ^ x1[j] ^ k0;
      x1[j] = static_cast<std::uint32_t>(product1);
      x2[j] = static_cast<std::uint32_t>(product0 >> 32) ^ x3[j] ^ k1;
      x3[j] = static_cast<std::uint32_t>(product0);
    }
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  Words words;
  for (std::size_t j = 0; j < kTogether; ++j) {
    words[4 * j] = x0[j];
    words[4 * j + 1] = x1[j];
    words[4 * j + 2] = x2[j];
    words[4 * j + 3] = x3[j];
  }
  return words;
}

constexpr std::size_t kPiece = 256;  // numbers converted at a time, on the stack

template <class T, class Body>
void in_pieces(std::span<T> out, Index first, Body body) noexcept {
  for (std::size_t done = 0; done < out.size(); done += kPiece) {
    body(out.subspan(done, std::min(kPiece, out.size() - done)), first + static_cast<Index>(done));
  }
}

}  // namespace

double normal_quantile(double p) noexcept {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * at(kCentreNumerator, r) / at(kCentreDenominator, r);
  }
  const double r = std::sqrt(-portable_log(q < 0 ? p : 1 - p));
  const double x = r <= 5 ? at(kTailNumerator, r - 1.6) / at(kTailDenominator, r - 1.6)
                          : at(kFarNumerator, r - 5) / at(kFarDenominator, r - 5);
  return q < 0 ? -x : x;
}

void Key::fill(std::span<std::uint32_t> out, Index first, std::uint64_t offset) const noexcept {
  auto i = static_cast<std::uint64_t>(first);
  while (!out.empty()) {
    const Words words = blocks(key_, stream_, i / 4 + offset);
    const std::size_t skipped = i % 4;
    const std::size_t taken = std::min(words.size() - skipped, out.size());
    std::memcpy(out.data(), words.data() + skipped, taken * sizeof(std::uint32_t));
    out = out.subspan(taken);
    i += taken;
  }
}

template <class T, class Convert>
void Key::fill_from_pairs(std::span<T> out, Index first, Convert convert) const noexcept {
  in_pieces(out, first, [&](std::span<T> piece, Index begin) {
    std::array<std::uint32_t, kPiece> words{};
    std::array<std::uint32_t, kPiece> extras{};
    fill(std::span(words).first(piece.size()), begin, 0);
    fill(std::span(extras).first(piece.size()), begin, kExtra);
    for (std::size_t k = 0; k < piece.size(); ++k) piece[k] = convert(join(extras[k], words[k]));
  });
}

void Key::fill_words(std::span<std::uint32_t> out, Index first) const noexcept { fill(out, first, 0); }

void Key::fill_uniform(std::span<float> out, float low, float high, Index first) const noexcept {
  in_pieces(out, first, [&](std::span<float> piece, Index begin) {
    std::array<std::uint32_t, kPiece> words{};
    fill(std::span(words).first(piece.size()), begin, 0);
    for (std::size_t k = 0; k < piece.size(); ++k) piece[k] = low + (high - low) * to_float(words[k]);
  });
}

void Key::fill_uniform(std::span<double> out, double low, double high, Index first) const noexcept {
  fill_from_pairs(out, first, [&](std::uint64_t pair) { return low + (high - low) * to_double(pair); });
}

void Key::fill_normal(std::span<float> out, double mean, double deviation, Index first) const noexcept {
  fill_from_pairs(out, first,
                  [&](std::uint64_t pair) { return static_cast<float>(mean + deviation * to_normal(pair)); });
}

void Key::fill_normal(std::span<double> out, double mean, double deviation, Index first) const noexcept {
  fill_from_pairs(out, first, [&](std::uint64_t pair) { return mean + deviation * to_normal(pair); });
}

}  // namespace regard
