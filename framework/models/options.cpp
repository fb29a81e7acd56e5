#include "framework/models/options.h"

#include "framework/attention/registry.h"

namespace regard::models {
namespace {

using config::below;
using config::between;
using config::option;

const config::OptionTable<EncoderOptions>& encoder_rows() {
  static const config::OptionTable<EncoderOptions> rows = {
      option("layers", &EncoderOptions::layers, between(1, 8), "layers",
             "recurrent layers; each costs its products again"),
      option("hidden", &EncoderOptions::hidden, between(0, 65536), "units",
             "width of the encoder's output; 0 takes model.hidden. Each of two directions has half of it"),
      option("bidirectional", &EncoderOptions::bidirectional,
             "read each sentence in both directions, so that every state has seen the words on both sides"),
      option(
          "reverse_source", &EncoderOptions::reverse_source,
          "read each sentence's words from the last to the first (Sutskever et al. 2014): with one direction the "
          "first words are then the freshest. Attention weights stand in the source's own order all the same"),
      option("embeddings", &EncoderOptions::embeddings,
             "file of word vectors to start from: a word and model.embedding numbers a line, separated by blanks "
             "(word2vec and GloVe as text); words that it lacks start at random"),
  };
  return rows;
}

const config::OptionTable<DecoderOptions>& decoder_rows() {
  static const config::OptionTable<DecoderOptions> rows = {
      config::choice("order", &DecoderOptions::order,
                     {{"luong", Order::luong, "score with h_t, the state just made (Luong et al. 2015)"},
                      {"bahdanau", Order::bahdanau,
                       "score with h_{t-1}; the context enters the cell (Bahdanau et al. 2015). Steps follow one "
                       "another, which costs time in training"}},
                     "when the decoder looks at the source"),
      option("layers", &DecoderOptions::layers, between(1, 8), "layers", "recurrent layers"),
      option("input_feeding", &DecoderOptions::input_feeding,
             "the previous readout enters the cell (Luong et al. 2015, section "
             "3.3); steps then follow one another, which costs time in training"),
      config::choice(
          "readout", &DecoderOptions::readout,
          {{"attentional", ReadoutKind::attentional,
            "tanh(W_c [c_t; h_t]); without a context h_t itself (Luong et al. 2015, eq. 5)"},
           {"tanh", ReadoutKind::tanh,
            "tanh(W [c_t; h_t; y_{t-1}] + b): also the word before (Pascanu et al. 2014)"},
           {"maxout", ReadoutKind::maxout,
            "the larger of each pair of W [c_t; h_t; y_{t-1}] + b (Bahdanau et al. 2015, appendix A.2.2)"}},
          "what the output layer reads"),
      option("readout_size", &DecoderOptions::readout_size, between(0, 65536), "units",
             "width of what the output layer reads; 0 takes model.hidden. A smaller one makes the output layer "
             "cheaper; tied embeddings need that of the embedding"),
      config::choice(
          "bridge", &DecoderOptions::bridge,
          {{"copy", Bridge::copy, "the final states as they are; equal widths and layers"},
           {"linear", Bridge::linear, "tanh(W h + b) of the top layer's, for each layer; any widths"},
           {"mean", Bridge::mean,
            "tanh(W m + b) of the mean m of all states, for each layer; any widths (Sennrich et al. 2017)"},
           {"zero", Bridge::zero, "zeros: the decoder starts without knowing the source"}},
          "how the encoder's states become the decoder's first ones"),
      config::choice(
          "final_state", &DecoderOptions::final_state,
          {{"init", FinalState::init, "they start the decoder, and that is all (Sutskever et al. 2014)"},
           {"every_step", FinalState::every_step, "also the context of every step (Cho et al. 2014)"}},
          "what a decoder without attention sees of the source; attention looks at all states instead"),
      option("embeddings", &DecoderOptions::embeddings, "the same for the target's words"),
  };
  return rows;
}

const config::OptionTable<DropoutOptions>& dropout_rows() {
  static const config::OptionTable<DropoutOptions> rows = {
      option("embedding", &DropoutOptions::embedding, below(0, 1), "probability", "of units of the embeddings"),
      option("layers", &DropoutOptions::layers, below(0, 1), "probability", "of units between layers"),
      option("states", &DropoutOptions::states, below(0, 1), "probability",
             "of units of the states that recurrent products read, one mask for all steps of a sentence (Gal and "
             "Ghahramani 2016)"),
      option("encoder", &DropoutOptions::encoder, below(0, 1), "probability",
             "of units of the encoder's top states, which attention looks at"),
      option("context", &DropoutOptions::context, below(0, 1), "probability",
             "of units of the context that the decoder has seen"),
      option("readout", &DropoutOptions::readout, below(0, 1), "probability",
             "of units of what the output layer reads (Luong's attentional vector)"),
      option("source_words", &DropoutOptions::source_words, below(0, 1), "probability",
             "of whole words of the source: all units of an embedding (Sennrich et al. 2016)"),
      option("target_words", &DropoutOptions::target_words, below(0, 1), "probability",
             "of whole words that the decoder has written"),
      option("variational", &DropoutOptions::variational,
             "one mask for all steps of a sentence in place of one a step (Gal and Ghahramani 2016); whole words "
             "always have one each"),
  };
  return rows;
}

}  // namespace

const config::OptionTable<ModelOptions>& model_rows() {
  static const config::OptionTable<ModelOptions> rows = {
      config::choice("cell", &ModelOptions::cell,
                     {{"lstm", Cell::lstm, "with a forget gate (Gers et al. 2000)"},
                      {"gru", Cell::gru, "Cho et al. 2014, the reset gate after the product, as in PyTorch"}},
                     "the recurrent cell of encoder and decoder"),
      config::choice(
          "precision", &ModelOptions::precision,
          {{"float32", Precision::float32, "as they are"},
           {"bfloat16x3", Precision::bfloat16x3,
            "as two bfloat16 each, nearly float32's accuracy; faster where the processor has AMX"},
           {"bfloat16", Precision::bfloat16,
            "rounded to 8 bits, sums in float32; faster with AVX-512 BF16 and much faster with AMX"},
           {"float64", Precision::float64, "and everything else in double as well; slow, for reference"}},
          "how matrix products take their operands, in training and decoding; parameters, sums and the rest stay "
          "float32. A processor that gains nothing by it takes float32, and the run's log says so"),
      option("embedding", &ModelOptions::embedding, between(1, 65536), "units", "width of the word embeddings"),
      option("hidden", &ModelOptions::hidden, between(1, 65536), "units",
             "width of the decoder, and of the encoder's output"),
      config::choice(
          "initializer", &ModelOptions::initializer,
          {{"uniform", Initializer::uniform, "U(-0.08, 0.08) (Sutskever et al. 2014)"},
           {"glorot", Initializer::glorot,
            "U(-l, l), l = sqrt(6 / (in + out)) (Glorot and Bengio 2010); of word vectors l = sqrt(3 / width)"}},
          "first values of all matrices; biases start at 0, forget gates at 1"),
      option("residual", &ModelOptions::residual,
             "from the second layer on, a layer adds what it reads to what "
             "it hands on (Wu et al. 2016); deep stacks learn faster"),
      option("layer_norm", &ModelOptions::layer_norm,
             "what a layer reads is normalised over its units (Ba et al. 2016)"),
      config::choice(
          "tied_embeddings", &ModelOptions::tied_embeddings,
          {{"none", Tied::none, "each of the three matrices is its own"},
           {"target", Tied::target, "the target's embedding is the output layer's matrix"},
           {"all", Tied::all, "and the source's embedding too; one vocabulary for both sides"}},
          "which matrices over words are one and the same (Press and Wolf 2017): fewer parameters, often "
          "better on little data"),
      config::section("encoder", &ModelOptions::encoder, encoder_rows(), "reads the source"),
      config::section("decoder", &ModelOptions::decoder, decoder_rows(), "writes the target"),
      config::section("dropout", &ModelOptions::dropout, dropout_rows(),
                      "Srivastava et al. 2014; in training only"),
      config::tagged(
          "attention", &ModelOptions::attention, "attention",
          config::choices_from(attention::variants(),
                               {{"none", "the vanilla decoder: it sees the encoder's final state only"}}),
          "how the decoder looks at the source"),
  };
  return rows;
}

Index encoder_width(const ModelOptions& options) {
  return options.encoder.hidden == 0 ? options.hidden : options.encoder.hidden;
}

Index readout_width(const ModelOptions& options) {
  return options.decoder.readout_size == 0 ? options.hidden : options.decoder.readout_size;
}

const attention::Variant* attention_of(const ModelOptions& options) {
  return options.attention.name == "none" ? nullptr : &attention::variants().at(options.attention.name);
}

bool copies_words(const ModelOptions& options) {
  const attention::Variant* const variant = attention_of(options);
  return variant != nullptr && variant->extends_vocabulary;
}

std::string attention_refusal(const ModelOptions& options) {
  const attention::Variant* const variant = attention_of(options);
  if (variant == nullptr) return {};
  return variant->refusal({.query = options.hidden, .key = encoder_width(options), .embedding = options.embedding},
                          options.attention.options);
}

std::optional<std::string_view> why_not(Precision precision) {
  switch (precision) {
    case Precision::bfloat16x3:
      return fallback_reason(regard::Precision::bfloat16x3);
    case Precision::bfloat16:
      return fallback_reason(regard::Precision::bfloat16);
    default:
      return std::nullopt;
  }
}

Arithmetic arithmetic_of(Precision precision) {
  if (precision == Precision::float64) return DType::f64;
  if (precision == Precision::float32 || why_not(precision)) return DType::f32;
  return {DType::f32,
          precision == Precision::bfloat16 ? regard::Precision::bfloat16 : regard::Precision::bfloat16x3};
}

}  // namespace regard::models
