#pragma once
// One Var for each layer, stored inline, so that a copy of a decoder's state needs no heap memory.
#include <array>

#include "framework/autodiff/tape.h"

namespace regard::models {

inline constexpr std::size_t kMaxLayers = 8;  // of an encoder or a decoder

class LayerVars final {
 public:
  void push_back(Var var) {
    check(size_ < kMaxLayers, "an encoder or decoder has at most 8 layers");
    vars_[size_++] = var;
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Var& operator[](std::size_t layer) { return vars_[layer]; }
  [[nodiscard]] const Var& operator[](std::size_t layer) const { return vars_[layer]; }
  [[nodiscard]] const Var& back() const { return vars_[size_ - 1]; }
  [[nodiscard]] Var* begin() noexcept { return vars_.data(); }
  [[nodiscard]] Var* end() noexcept { return vars_.data() + size_; }
  [[nodiscard]] const Var* begin() const noexcept { return vars_.data(); }
  [[nodiscard]] const Var* end() const noexcept { return vars_.data() + size_; }

 private:
  std::array<Var, kMaxLayers> vars_;
  std::size_t size_ = 0;
};

}  // namespace regard::models
