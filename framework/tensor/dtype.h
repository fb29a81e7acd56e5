#pragma once
// The element type of a tensor, known at run time: f32 for training, f64 for gradient checks and reference values.
#include "framework/base/base.h"

namespace regard {

enum class DType : std::uint8_t { f32, f64 };

// Returns the bytes of one element.
[[nodiscard]] constexpr Index size_of(DType type) noexcept { return type == DType::f32 ? 4 : 8; }

template <class T>
inline constexpr DType dtype_of = DType::f32;
template <>
inline constexpr DType dtype_of<double> = DType::f64;

// Calls body(T{}) with the C++ type T of `type`. This is the only place where the run-time type becomes a compile-time
// type.
template <class Body>
decltype(auto) dispatch(DType type, Body&& body) {
  return type == DType::f32 ? body(float{}) : body(double{});
}

}  // namespace regard
