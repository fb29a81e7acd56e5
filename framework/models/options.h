#pragma once
// What the `model:` section of a plan says. Defaults stand here and nowhere else; the rows that read, explain and
// check them are in options.cpp.
#include <optional>
#include <string>
#include <string_view>

#include "framework/base/base.h"
#include "framework/config/rows.h"
#include "framework/tensor/gemm.h"

namespace regard::models {

// How the encoder's final states become the decoder's first ones.
enum class Bridge : std::uint8_t { copy, linear, zero };
// What a decoder without attention sees of the source: the state it starts from (Sutskever et al. 2014), or that
// and the same vector as the context of every step (Cho et al. 2014).
enum class FinalState : std::uint8_t { init, every_step };
enum class Cell : std::uint8_t { lstm };
enum class Order : std::uint8_t { luong };
// How products take their operands (framework/tensor/gemm.h); float64 makes the whole model double.
enum class Precision : std::uint8_t { float32, bfloat16x3, bfloat16, float64 };
enum class Initializer : std::uint8_t { uniform, glorot };

struct EncoderOptions {
  Index layers = 1;
  Index hidden = 0;  // 0: the model's
  bool bidirectional = true;
};

struct DecoderOptions {
  Order order = Order::luong;
  Index layers = 1;
  bool input_feeding = false;
  Bridge bridge = Bridge::copy;
  FinalState final_state = FinalState::init;
};

struct DropoutOptions {
  double embedding = 0;
  double layers = 0;
  double readout = 0;
};

struct ModelOptions {
  Cell cell = Cell::lstm;
  Precision precision = Precision::float32;
  Index embedding = 256;
  Index hidden = 512;
  Initializer initializer = Initializer::uniform;
  EncoderOptions encoder;
  DecoderOptions decoder;
  DropoutOptions dropout;
  config::Tagged attention;  // the variant and its options; "none" is the vanilla decoder
};

[[nodiscard]] const config::Rows<ModelOptions>& model_rows();

// What a precision is on this processor: float32 stands in where there is nothing to gain, and then the second
// says why in one line.
[[nodiscard]] Arithmetic arithmetic_of(Precision precision);
[[nodiscard]] std::optional<std::string_view> why_not(Precision precision);

}  // namespace regard::models
