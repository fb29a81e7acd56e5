#pragma once
// The decoder in Luong's order (Luong et al. 2015, section 3): the cell makes h_t from the previous word,
// attention looks at the source with h_t, and readout = tanh(W_c [c_t; h_t]) goes to the output layer; with input
// feeding it also enters the next step's cell (section 3.3). Without attention the readout is h_t, or tanh(W_c [c;
// h_t]) with the encoder's final state as c at every step.
//
// One function, advance(), serves training (all T steps of a target at once, where nothing feeds back), greedy
// search and beams (one step of B * K hypotheses). A test holds T at once against T calls.
#include <optional>
#include <span>
#include <vector>

#include "framework/attention/attention.h"
#include "framework/models/encoder.h"
#include "framework/models/options.h"
#include "framework/nn/layers.h"

namespace regard::models {

// What the decoder needs of a batch of sources; made once per batch. B sentences.
struct Memory {
  attention::Source source;
  Var prepared;  // of the attention; empty without
  Var final;     // [B, width], for final_state: every_step; else empty
};

// What goes from step to step: N = B * K hypotheses, sentence by sentence.
struct DecoderState {
  LayerVars h, c;              // a layer: [N, H]
  Var feed;                    // [N, H] the previous readout, with input feeding; else empty
  attention::State attention;  // rows of N
  Index t = 0;                 // the position that comes next
};

struct Step {
  DecoderState state;
  Var readout;  // [N, T, H]
  Var weights;  // [N, T, S]; empty without attention
};

class Decoder {
 public:
  // `attention` null: the vanilla decoder. `key` is the width of the encoder's output.
  Decoder(Index vocabulary, Index embedding, Index hidden, Index key, const EncoderOptions& encoder,
          const DecoderOptions& options, const DropoutOptions& dropout, attention::AttentionPtr attention,
          nn::Params params);

  [[nodiscard]] Memory remember(const nn::Pass& pass, const Encoded& encoded,
                                std::span<const Index> lengths) const;
  // The state before the first step: N = B rows.
  [[nodiscard]] DecoderState start(const nn::Pass& pass, const Encoded& encoded, const Memory& memory) const;

  // Takes the words `previous` [N * T] (row by row) and goes T steps on. T > 1 only with N = B. `lengths` [N] says
  // how many of the T steps are real (empty: all); the readout of others is not defined.
  [[nodiscard]] Step advance(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                             std::span<const Index> previous, Index T, std::span<const Index> lengths = {}) const;

  [[nodiscard]] bool has_attention() const noexcept { return attention_ != nullptr; }

 private:
  [[nodiscard]] bool whole_sequence() const;
  [[nodiscard]] Step all_at_once(const nn::Pass& pass, const Memory& memory, const DecoderState& state, Var x,
                                 std::span<const Index> lengths) const;
  [[nodiscard]] Step one_step(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                              Var gates) const;
  [[nodiscard]] Step look(const nn::Pass& pass, const Memory& memory, DecoderState state, Var h,
                          Index first) const;

  nn::Embedding embedding_;
  std::vector<nn::Lstm> layers_;
  attention::AttentionPtr attention_;
  std::optional<nn::Linear> W_feed_;  // [4H, H]: the feed's part of the first layer's W_x
  std::optional<nn::Linear> W_c_;     // [H, key + H]
  std::vector<nn::Linear> bridge_;    // h and c of each layer, for bridge: linear
  DecoderOptions options_;
  DropoutOptions dropout_;
  Index hidden_;
};

// Rows of the state by index, as a beam moves its hypotheses: state'[i] = state[rows[i]].
[[nodiscard]] DecoderState gather(const DecoderState& state, std::span<const Index> rows);

}  // namespace regard::models
