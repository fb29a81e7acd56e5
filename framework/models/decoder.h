#pragma once
// The decoder, in one of two orders.
//   luong      the cell makes h_t from the word before; attention looks at the source with h_t
//              (Luong et al. 2015, section 3)
//   bahdanau   attention looks with h_{t-1}; its context enters the cell that makes h_t
//              (Bahdanau et al. 2015, section 3.1)
// The readout (readout.h) goes to the output layer; with input feeding it also enters the next step's cell (Luong
// et al. 2015, section 3.3). With several layers context and feed enter the first one's
// cell; h_t is what the top one hands on, h_{t-1} the state in its cell. Without attention the context is the
// encoder's final state at every step (which in Bahdanau's order enters the cell too, as in Cho et al. 2014), or
// there is none.
//
// One function, advance(), serves training (all T steps of a target at once, where nothing feeds back), greedy
// search and beams (one step of B * K hypotheses). A test holds T at once against T calls.
#include <optional>
#include <span>
#include <vector>

#include "framework/attention/attention.h"
#include "framework/models/encoder.h"
#include "framework/models/first_state.h"
#include "framework/models/readout.h"

namespace regard::models {

// What the decoder needs of a batch of sources; made once per batch. B sentences.
struct Memory {
  attention::Source source;
  Var prepared;  // of the attention; empty without
  Var final;     // [B, width], for final_state: every_step; else empty
};

// What goes from step to step: N = B * K hypotheses, sentence by sentence.
struct DecoderState {
  LayerVars h, c;              // a layer: [N, H]; c of an LSTM only
  Var feed;                    // [N, readout] the previous readout, with input feeding; else empty
  attention::State attention;  // rows of N
  Index t = 0;                 // the position that comes next
};

struct Step {
  DecoderState state;
  Var readout;  // [N, T, readout]
  Var weights;  // [N, T, S]; empty without attention
};

class Decoder {
 public:
  // `attention` null: the vanilla decoder.
  Decoder(const nn::Embedding& embedding, const ModelOptions& options, attention::AttentionPtr attention,
          const nn::Params& params);

  [[nodiscard]] Memory prepare_memory(const nn::Pass& pass, const Encoded& encoded,
                                      std::span<const Index> lengths) const;
  // The state before the first step: N = B rows.
  [[nodiscard]] DecoderState start(const nn::Pass& pass, const Encoded& encoded, const Memory& memory) const;

  // Takes the words `previous` [N * T] (row by row) and goes T steps on. T > 1 only with N = B. `lengths` [N] says
  // how many of the T steps are real (empty: all); the readout of others is not defined.
  [[nodiscard]] Step advance(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                             std::span<const Index> previous, Index T, std::span<const Index> lengths = {}) const;

  [[nodiscard]] bool has_attention() const noexcept { return attention_ != nullptr; }
  [[nodiscard]] Index readout_width() const noexcept { return readout_.width(); }

 private:
  struct Layer {
    Recurrent cell;
    LayerInput input;
    Dropout drop_state;
  };
  // What was seen of the source at some steps.
  struct Seen {
    Var context;  // [N, T, key]; empty where there is none
    Var weights;  // [N, T, S]; empty without attention
  };

  [[nodiscard]] bool whole_sequence() const;
  [[nodiscard]] Step all_at_once(const nn::Pass& pass, const Memory& memory, const DecoderState& state, Var y,
                                 std::span<const Index> lengths) const;
  [[nodiscard]] Step one_by_one(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                                Var y) const;
  // Looks with h [N, T, H], which stands at position `first` and after it; the attention's state goes on.
  [[nodiscard]] Seen look(const nn::Pass& pass, const Memory& memory, attention::State& state, Var h,
                          Index first) const;
  // The context that is the same at all steps: [N, T, key], or empty.
  [[nodiscard]] Var fixed_context(const nn::Pass& pass, const Memory& memory, Index N, Index T, Index first) const;
  // One step of all layers from what enters the first one; what the top one hands on [N, H].
  [[nodiscard]] Var climb(const nn::Pass& pass, CellInput input, const LayerVars& masks,
                          DecoderState& state) const;
  // A layer: the mask on the states that its recurrent product reads; empty ones unless training.
  [[nodiscard]] LayerVars state_masks(const nn::Pass& pass, Index N) const;
  [[nodiscard]] Var read(const nn::Pass& pass, Var context, Var h, Var y, Index first) const;

  DecoderOptions options_;
  Index hidden_;
  nn::Embedding embedding_;
  std::vector<Layer> layers_;
  attention::AttentionPtr attention_;
  Readout readout_;
  std::optional<nn::Linear> W_feed_;     // [gates, readout]: what the feed adds to the first layer's gates
  std::optional<nn::Linear> W_context_;  // [gates, key]: what the context adds, in Bahdanau's order
  FirstState first_state_;
  Dropout drop_words_, drop_embedding_, drop_context_, drop_readout_;
};

// Rows of the state by index, as a beam moves its hypotheses: state'[i] = state[rows[i]].
[[nodiscard]] DecoderState gather(const DecoderState& state, std::span<const Index> rows, Tape& to);

}  // namespace regard::models
