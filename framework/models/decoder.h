#pragma once
// The decoder, in one of two orders.
//   luong the cell makes h_t from the previous word; attention looks at the source with h_t
//              (Luong et al. 2015, section 3)
//   bahdanau   attention looks with h_{t-1}; its context enters the cell that makes h_t
//              (Bahdanau et al. 2015, section 3.1)
// The readout (readout.h) goes to the output layer; with input feeding it also enters the next step's cell (Luong
// et al. 2015, section 3.3). With several layers, context and feed enter the cell of the first layer; h_t is the
// output of the top layer, h_{t-1} the state of its cell. Without attention there is no context, or the context is
// the encoder's final state at every step (in Bahdanau's order it also enters the cell, as in Cho et al. 2014).
//
// One function, advance(), serves training (all T steps of a target at once, where nothing feeds back), greedy
// search and beams (one step of B * K hypotheses). A test compares T steps at once with T calls.
#include <optional>
#include <span>
#include <vector>

#include "framework/attention/attention.h"
#include "framework/models/encoder.h"
#include "framework/models/first_state.h"
#include "framework/models/intervention.h"
#include "framework/models/readout.h"

namespace regard::models {

// The inputs of the decoder from a batch of B sources, made once per batch.
struct Memory {
  attention::Source source;
  Var prepared;                       // of the attention; empty without
  Var final;                          // [B, width], for final_state: every_step; else empty
  attention::Notes* notes = nullptr;  // where the attention's losses and watched numbers go; null: nowhere
  bool maps = false;                  // steps return the attention's maps
  const Intervention* intervention = nullptr;  // which weights replace the attention's; null: none
};

// The state from step to step, for N = B * K hypotheses, sentence by sentence.
struct DecoderState {
  LayerVars h, c;              // a layer: [N, H]; c of an LSTM only
  Var feed;                    // [N, readout] the previous readout, with input feeding; else empty
  attention::State attention;  // rows of N
  Index t = 0;                 // the next position
};

struct Step {
  DecoderState state;
  Var readout;                     // [N, T, readout]
  Var weights;                     // [N, T, S]; empty without attention
  std::span<const Var> maps = {};  // [N, T, S] each, on the tape; empty where nobody asked or there is one map
  Var generate = {};               // [N, T, 1] and [N, T, S] of an attention that copies (attention::Attended)
  Var copies = {};
};

class Decoder {
 public:
  // Makes a decoder; without `attention` (null) it is the vanilla decoder. `sizes` are those that it was made for.
  Decoder(const nn::Embedding& embedding, const ModelOptions& options, attention::AttentionPtr attention,
          attention::Sizes sizes, const nn::Params& params);

  [[nodiscard]] Memory prepare_memory(const nn::Pass& pass, const Encoded& encoded,
                                      std::span<const Index> lengths) const;
  // Returns the state before the first step, with N = B rows. Removes the vectors of the source's words from `memory`:
  // only prepare() and start() of the attention may read them.
  [[nodiscard]] DecoderState start(const nn::Pass& pass, const Encoded& encoded, Memory& memory) const;

  // Computes T steps from the previous words `previous` [N * T] (row by row). T > 1 requires N = B. `lengths` [N]
  // says how many of the T steps are real (empty: all); the readout of other steps is undefined.
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
  // The context and weights of some steps.
  struct Attended {
    Var context;  // [N, T, key]; empty where there is none
    Var weights;  // [N, T, S]; empty without attention
    std::span<const Var> maps = {};
    Var generate = {};  // [N, T, 1]
    Var copies = {};    // [N, T, S]
  };
  // The words before each step under way.
  struct Words {
    std::span<const Index> ids;  // [N, T]
    Var vectors;                 // [N, T, embedding]
  };

  [[nodiscard]] bool whole_sequence() const;
  [[nodiscard]] Step all_at_once(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                                 const Words& words, std::span<const Index> lengths) const;
  [[nodiscard]] Step one_by_one(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                                const Words& words) const;
  // Computes attention with h [N, T, H] at the positions from `first` on, of which the first is step `step` of the
  // words, and advances the attention's state.
  [[nodiscard]] Attended attend(const nn::Pass& pass, const Memory& memory, attention::State& state, Var h,
                                Index first, const Words& words, Index step) const;
  // Returns the context that is the same at all steps, [N, T, key], or an empty Var.
  [[nodiscard]] Var fixed_context(const nn::Pass& pass, const Memory& memory, Index N, Index T, Index first) const;
  // Computes one step of all layers from the input of the first one. Returns the output of the top layer [N, H].
  [[nodiscard]] Var run_layers(const nn::Pass& pass, CellInput input, const LayerVars& masks,
                               DecoderState& state) const;
  // Returns, for each layer, the mask on the states that its recurrent product reads; empty Vars if not training.
  [[nodiscard]] LayerVars state_masks(const nn::Pass& pass, Index N) const;
  [[nodiscard]] Var read(const nn::Pass& pass, Var context, Var h, Var y, Index first) const;

  DecoderOptions options_;
  Index hidden_;
  Index context_;  // width of a step's context; 0 without one
  nn::Embedding embedding_;
  std::vector<Layer> layers_;
  attention::AttentionPtr attention_;
  Readout readout_;
  std::optional<nn::Linear> W_feed_;     // [gates, readout]: adds the feed to the first layer's gates
  std::optional<nn::Linear> W_context_;  // [gates, key]: adds the context, in Bahdanau's order
  FirstState first_state_;
  Dropout drop_words_, drop_embedding_, drop_context_, drop_readout_;
};

// Rows of the state by index, as a beam moves its hypotheses: state'[i] = state[rows[i]].
[[nodiscard]] DecoderState gather(const DecoderState& state, std::span<const Index> rows, Tape& to);

}  // namespace regard::models
