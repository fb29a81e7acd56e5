#pragma once
// What the `model:` section of a plan says. Defaults stand here and nowhere else; the rows that read, explain and
// check them are in options.cpp.
#include <string>

#include "framework/base/base.h"
#include "framework/config/rows.h"

namespace regard::models {

// How the encoder's final states become the decoder's first ones.
enum class Bridge : std::uint8_t { copy, linear, zero };
// What a decoder without attention sees of the source: the state it starts from (Sutskever et al. 2014), or that
// and the same vector as the context of every step (Cho et al. 2014).
enum class FinalState : std::uint8_t { init, every_step };
enum class Cell : std::uint8_t { lstm };
enum class Order : std::uint8_t { luong };
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
  Index embedding = 256;
  Index hidden = 512;
  Initializer initializer = Initializer::uniform;
  EncoderOptions encoder;
  DecoderOptions decoder;
  DropoutOptions dropout;
  config::Tagged attention;  // the variant and its options; "none" is the vanilla decoder
};

[[nodiscard]] const config::Rows<ModelOptions>& model_rows();

}  // namespace regard::models
