#pragma once
// exp, tanh and sigmoid of a vector of floats. V as in product/loops.inl, and Int: as many 32-bit integers.
// Coefficients: Chebyshev fits over the range in question, computed with 40 digits.
#include "framework/base/base.h"

namespace regard::simd {
namespace {

template <class V>
struct Functions {
  using Vector = typename V::Vector;
  using Int = typename V::Int;

  static Vector all(float x) { return V::broadcast(&x); }
  static Vector select(Int condition, Vector yes, Vector no) {
    return (Vector)(((Int)yes & condition) | ((Int)no & ~condition));
  }
  static Vector absolute(Vector x) { return (Vector)((Int)x & 0x7FFFFFFF); }
  static Vector with_sign_of(Vector magnitude, Vector x) { return (Vector)((Int)magnitude | ((Int)x & kSign)); }

  // e^x = 2^n e^r. n is the integer nearest to x / ln 2, so |r| <= ln 2 / 2. 2^n is multiplied in two factors, so that
  // results beyond the normal range are rounded once.
  static Vector exp(Vector x) {
    const Vector low = all(-105.0F), high = all(89.0F);
    x = select(x < low, low, x);  // comparisons with NaN are false, so it stays
    x = select(x > high, high, x);
    const Vector magic = all(12582912.0F);  // 1.5 2^23: adding it rounds to an integer
    const Vector shifted = V::fma(x, all(1.44269504088896341F), magic);
    const Vector n = shifted - magic;
    const Vector r = V::fma(n, all(-1.42860682e-6F), V::fma(n, all(-0.693145751953125F), x));
    Vector q = V::fma(all(1.39262508315e-3F), r, all(8.36323288368e-3F));
    q = V::fma(q, r, all(4.1666554213e-2F));
    q = V::fma(q, r, all(0.166665766661F));
    q = V::fma(q, r, all(0.5F));
    const Vector p = V::fma(r * r, q, r) + all(1.0F);
    const Int exponent = (Int)shifted - (Int)magic;
    const Int half = exponent >> 1;
    return p * power_of_two(half) * power_of_two(exponent - half);
  }

  // |x| < 0.625: x + x^3 P(x^2); else 1 - 2 / (e^(2|x|) + 1).
  static Vector tanh(Vector x) {
    const Vector size = absolute(x);
    const Vector y = x * x;
    Vector p = V::fma(all(2.29274481618e-3F), y, all(-8.34394551584e-3F));
    p = V::fma(p, y, all(2.1768918651e-2F));
    p = V::fma(p, y, all(-5.39592595772e-2F));
    p = V::fma(p, y, all(0.133333035569F));
    p = V::fma(p, y, all(-0.333333331721F));
    const Vector small = V::fma(y * p, x, x);
    const Vector large = all(1.0F) - all(2.0F) / (exp(size + size) + all(1.0F));
    return with_sign_of(select(size < all(0.625F), small, large), x);
  }

  // Computes 1 / (1 + e) or e / (1 + e) with e = e^-|x|: accurate at both ends.
  static Vector sigmoid(Vector x) {
    const Vector e = exp((Vector)((Int)x | kSign));
    return select(x < all(0.0F), e, all(1.0F)) / (all(1.0F) + e);
  }

 private:
  static constexpr int kSign = static_cast<int>(0x80000000U);
  static Vector power_of_two(Int n) { return (Vector)((n + 127) << 23); }
};

}  // namespace
}  // namespace regard::simd
