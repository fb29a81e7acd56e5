#pragma once
// The options of the `model:` section of a plan. Defaults are here and nowhere else; the rows that read, explain
// and check them are in options.cpp.
#include <optional>
#include <string>
#include <string_view>

#include "framework/base/base.h"
#include "framework/config/option_table.h"
#include "framework/tensor/gemm/gemm.h"

namespace regard::attention {
struct Variant;
}

namespace regard::models {

// How the decoder's first states are made from the encoder's states.
enum class Bridge : std::uint8_t { copy, linear, mean, zero };
// What a decoder without attention reads from the source: its first state (Sutskever et al. 2014), or also the
// same vector as the context of every step (Cho et al. 2014).
enum class FinalState : std::uint8_t { init, every_step };
enum class Cell : std::uint8_t { lstm, gru };
// The precision of products (framework/tensor/gemm/gemm.h); float64 makes the whole model double.
enum class Precision : std::uint8_t { float32, bfloat16x3, bfloat16, float64 };
// Which matrices are shared (Press and Wolf 2017): none, the target's embedding and the output layer, or these and
// the source's embedding.
enum class Tied : std::uint8_t { none, target, all };
// When the decoder computes attention: with its new state (Luong et al. 2015), or with the previous state, so that
// the context enters the cell (Bahdanau et al. 2015).
enum class Order : std::uint8_t { luong, bahdanau };
// The input of the output layer (readout.h).
enum class ReadoutKind : std::uint8_t { attentional, tanh, maxout };
enum class Initializer : std::uint8_t { uniform, glorot };

struct EncoderOptions {
  Index layers = 1;
  Index hidden = 0;  // 0: the model's
  bool bidirectional = true;
  bool reverse_source = false;
  config::Path embeddings = {};  // a text file of vectors; empty: none
};

struct DecoderOptions {
  Order order = Order::luong;
  Index layers = 1;
  bool input_feeding = false;
  ReadoutKind readout = ReadoutKind::attentional;
  Index readout_size = 0;  // 0: the model's hidden
  Bridge bridge = Bridge::copy;
  FinalState final_state = FinalState::init;
  config::Path embeddings = {};  // as the encoder's
};

struct DropoutOptions {
  double embedding = 0;
  double layers = 0;
  double states = 0;
  double encoder = 0;
  double context = 0;
  double readout = 0;
  double source_words = 0;
  double target_words = 0;
  bool variational = false;
};

struct ModelOptions {
  Cell cell = Cell::lstm;
  Precision precision = Precision::float32;
  Index embedding = 256;
  Index hidden = 512;
  Initializer initializer = Initializer::uniform;
  bool residual = false;
  bool layer_norm = false;
  Tied tied_embeddings = Tied::none;
  EncoderOptions encoder;
  DecoderOptions decoder;
  DropoutOptions dropout;
  config::Tagged attention;  // the variant and its options; "none" is the vanilla decoder
};

[[nodiscard]] const config::OptionTable<ModelOptions>& model_rows();

// Return widths that follow from others if they are not set: of the encoder's output, and of the readout.
[[nodiscard]] Index encoder_width(const ModelOptions& options);
[[nodiscard]] Index readout_width(const ModelOptions& options);

// Returns the attention variant; nullptr for the vanilla decoder.
[[nodiscard]] const attention::Variant* attention_of(const ModelOptions& options);
// Returns whether the attention copies words of the source (Variant::extends_vocabulary).
[[nodiscard]] bool copies_words(const ModelOptions& options);
// Returns "" if the attention can have the model's sizes, or there is none; else the reason, as Variant::refusal.
[[nodiscard]] std::string attention_refusal(const ModelOptions& options);

// Returns the arithmetic used on this CPU: float32 if reduced precision is not faster. The second function then
// returns the reason in one line.
[[nodiscard]] Arithmetic arithmetic_of(Precision precision);
[[nodiscard]] std::optional<std::string_view> why_not(Precision precision);

}  // namespace regard::models
