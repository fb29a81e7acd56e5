#pragma once
// A number of a plan that may also be written as `auto`: the program then chooses it.
#include <optional>

namespace regard::config {

inline constexpr const char* kAuto = "auto";

template <class T>
class OrAuto {
 public:
  OrAuto() = default;                    // auto
  OrAuto(T number) : number_(number) {}  // NOLINT: an option is assigned a number
  [[nodiscard]] bool is_auto() const noexcept { return !number_.has_value(); }
  [[nodiscard]] T value_or(T chosen) const noexcept { return number_.value_or(chosen); }
  friend bool operator==(const OrAuto&, const OrAuto&) = default;

 private:
  std::optional<T> number_;
};

}  // namespace regard::config
