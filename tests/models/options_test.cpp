#include "framework/models/options.h"

#include <array>

#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"
#include "tests/tensor/gemm/gemm_paths.h"

namespace regard::models {
namespace {

ModelOptions parsed(const std::string& keys) {
  const config::Node root = config::parse_yaml("model: {" + keys + "}\n", "x.yaml");
  return config::parse(config::Section(root, "").section("model"), model_rows());
}

std::string refused(const std::string& keys) {
  return testing::thrown<ConfigError>([&] { static_cast<void>(parsed(keys)); });
}

}  // namespace

TEST_CASE("model options: defaults are one LSTM layer a side and the named attention with its own") {
  const ModelOptions options = parsed("attention: concat");
  CHECK(options.cell == Cell::lstm);
  CHECK(options.precision == Precision::float32);
  CHECK(options.embedding == 256);
  CHECK(options.hidden == 512);
  CHECK(options.encoder.layers == 1);
  CHECK(options.encoder.bidirectional);
  CHECK(options.decoder.bridge == Bridge::copy);
  CHECK(options.decoder.order == Order::luong);
  CHECK(options.attention.name == "concat");
  CHECK(options.attention.options.text("keys") == "full");
}

TEST_CASE("model options: every key is read and written back") {
  const ModelOptions options = parsed(
      "cell: gru, precision: bfloat16x3, embedding: 3, hidden: 4, initializer: glorot, residual: true, layer_norm: "
      "true, tied_embeddings: all, encoder: {layers: 2, hidden: 6, bidirectional: false, reverse_source: true, "
      "embeddings: s.txt}, decoder: {order: bahdanau, layers: 3, input_feeding: true, readout: maxout, readout_size: "
      "5, bridge: mean, final_state: every_step, embeddings: t.txt}, dropout: {embedding: 0.1, layers: 0.2, states: "
      "0.3, encoder: 0.4, context: 0.5, readout: 0.6, source_words: 0.7, target_words: 0.8, variational: true}, "
      "attention: none");
  CHECK(options.cell == Cell::gru);
  CHECK(options.precision == Precision::bfloat16x3);
  CHECK(options.embedding == 3);
  CHECK(options.hidden == 4);
  CHECK(options.initializer == Initializer::glorot);
  CHECK(options.residual);
  CHECK(options.layer_norm);
  CHECK(options.tied_embeddings == Tied::all);
  CHECK(options.encoder.layers == 2);
  CHECK(options.encoder.hidden == 6);
  CHECK_FALSE(options.encoder.bidirectional);
  CHECK(options.encoder.reverse_source);
  CHECK(options.encoder.embeddings.given == "s.txt");
  CHECK(options.decoder.order == Order::bahdanau);
  CHECK(options.decoder.layers == 3);
  CHECK(options.decoder.input_feeding);
  CHECK(options.decoder.readout == ReadoutKind::maxout);
  CHECK(options.decoder.readout_size == 5);
  CHECK(options.decoder.bridge == Bridge::mean);
  CHECK(options.decoder.final_state == FinalState::every_step);
  CHECK(options.decoder.embeddings.given == "t.txt");
  const DropoutOptions& drop = options.dropout;
  CHECK(std::array{drop.embedding, drop.layers, drop.states, drop.encoder, drop.context, drop.readout,
                   drop.source_words, drop.target_words} == std::array{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8});
  CHECK(drop.variational);
  CHECK(options.attention.name == "none");
  const config::Node node = config::to_node(model_rows(), options);
  CHECK(config::same(node, config::to_node(model_rows(), config::parse(config::Section(node, ""), model_rows()))));
}

TEST_CASE("model options: what is out of range or unknown is refused at its place") {
  CHECK(refused("hidden: 0") == "x.yaml:1:17: model.hidden: expected a whole number from 1 to 65536, got \"0\"");
  CHECK(refused("encoder: {layers: 9}") ==
        "x.yaml:1:27: model.encoder.layers: expected a whole number from 1 to 8, got \"9\"");
  CHECK(refused("dropout: {states: 1}") ==
        "x.yaml:1:27: model.dropout.states: expected a number >= 0 and < 1, got \"1\"");
  CHECK(refused("cell: rnn") ==
        "x.yaml:1:15: model.cell: unknown cell 'rnn'. Known: lstm (with a forget gate (Gers et "
        "al. 2000)), gru (Cho et al. 2014, the reset gate after the product, as in PyTorch)");
  CHECK(refused("attention: genral")
            .starts_with("x.yaml:1:20: model.attention: unknown attention 'genral'; did you "
                         "mean 'general'? Known: none (the vanilla decoder: "));
}

TEST_CASE("model options: a precision that gains nothing here is float32 and says why") {
  CHECK(name_of(arithmetic_of(Precision::float32)) == "float32");
  CHECK_FALSE(why_not(Precision::float32).has_value());
  CHECK(arithmetic_of(Precision::float64).dtype == DType::f64);
  CHECK_FALSE(why_not(Precision::float64).has_value());
  for (int i = 0; i <= static_cast<int>(best_instruction_set()); ++i) {
    const auto set = static_cast<InstructionSet>(i);
    const testing::ForcedPath forced({Backend::own, set, regard::Precision::float32});
    INFO(name_of(set));
    for (const auto& [precision, of_products] :
         {std::pair(Precision::bfloat16, regard::Precision::bfloat16),
          std::pair(Precision::bfloat16x3, regard::Precision::bfloat16x3)}) {
      CHECK(why_not(precision) == fallback_reason(of_products));
      const Arithmetic arithmetic = arithmetic_of(precision);
      CHECK(arithmetic.dtype == DType::f32);
      CHECK(arithmetic.precision == (why_not(precision) ? regard::Precision::float32 : of_products));
    }
  }
}

}  // namespace regard::models
