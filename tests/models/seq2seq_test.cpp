#include <cmath>

#include "framework/tensor/cpu.h"
#include "tests/models/variants.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

double loss_of(const models::Seq2Seq& model, const data::Batch& batch, const Key& dropout, bool training,
               double smoothing) {
  Tape tape(DType::f64, Tape::Mode::evaluate);
  return model.loss({tape, training, dropout, batch.sentences}, batch, smoothing).value().at(0);
}

// "" or the first parameter element whose gradient differs from central differences.
std::string gradcheck(models::Seq2Seq& model, const data::Batch& batch, bool training, double smoothing) {
  const Key dropout(3, "dropout");
  {
    Tape tape(DType::f64);
    model.params().begin_update();
    tape.backward(model.loss({tape, training, dropout, batch.sentences}, batch, smoothing));
    model.params().finish_backward(tape);
  }
  constexpr double kStep = 1e-5;
  for (const nn::Param& param : model.params().all()) {
    for (Index i = 0; i < param.value().size(); ++i) {
      const double kept = param.value().at(i);
      param.value().set(i, kept + kStep);
      const double above = loss_of(model, batch, dropout, training, smoothing);
      param.value().set(i, kept - kStep);
      const double below = loss_of(model, batch, dropout, training, smoothing);
      param.value().set(i, kept);
      const double numeric = (above - below) / (2 * kStep);
      const double analytic = param.grad().at(i);
      const double error = std::abs(analytic - numeric) / std::max({1.0, std::abs(analytic), std::abs(numeric)});
      if (!(error <= 1e-6)) {
        return fmt::format("{}[{}]: analytic {:.6g}, numeric {:.6g}", param.name(), i, analytic, numeric);
      }
    }
  }
  return {};
}

}  // namespace

TEST_CASE("seq2seq: gradients of the whole loss", "[gradcheck]") {
  const auto data = reverse_data(3, 1, 3);
  const auto batch = whole_batch(data);
  for (auto [name, options] : all_models()) {
    INFO(name);
    if (options.tied_embeddings == models::Tied::none) options.embedding = 3;
    models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    CHECK(gradcheck(model, batch, false, 0) == "");
  }
}

TEST_CASE("seq2seq: gradients with dropout and smoothing and every bridge", "[gradcheck]") {
  const auto data = reverse_data(3, 1, 3);
  const auto batch = whole_batch(data);
  for (const char* attention : {"none", "general"}) {
    for (const auto bridge :
         {models::Bridge::copy, models::Bridge::linear, models::Bridge::mean, models::Bridge::zero}) {
      for (const bool bidirectional : {false, true}) {
        INFO(attention << " " << static_cast<int>(bridge) << " " << bidirectional);
        auto options = toy_model(attention);
        options.encoder.bidirectional = bidirectional;
        options.encoder.layers = options.decoder.layers = 2;
        options.decoder.bridge = bridge;
        options.dropout = all_dropouts(bidirectional);
        options.cell = bidirectional ? models::Cell::lstm : models::Cell::gru;
        models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
        CHECK(gradcheck(model, batch, true, 0.1) == "");
      }
    }
  }
}

TEST_CASE("seq2seq: a batch of N has the loss of N batches of one") {
  const auto data = reverse_data(5, 1, 7);
  const auto batch = whole_batch(data);
  for (auto [name, options] : all_models()) {
    for (const bool training : {false, true}) {
      INFO(name << (training ? ", training" : ""));
      if (training) options.dropout = all_dropouts();
      const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
      const Key dropout(3, "dropout");
      double sum = 0;
      for (Index i = 0; i < data.size(); ++i) sum += loss_of(model, batch_of(data, {i}), dropout, training, 0);
      const double together = loss_of(model, batch, dropout, training, 0);
      CHECK(std::abs(together - sum) <= 1e-9 * std::abs(sum));
    }
  }
}

TEST_CASE("seq2seq: the order of a batch's sentences makes no difference") {
  const auto data = reverse_data(4, 1, 6);
  const models::Seq2Seq model(toy_model("concat"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  const double one = loss_of(model, batch_of(data, {0, 1, 2, 3}), {}, false, 0);
  const double other = loss_of(model, batch_of(data, {2, 0, 3, 1}), {}, false, 0);
  CHECK(std::abs(one - other) <= 1e-12 * std::abs(one));
}

TEST_CASE("seq2seq: an untrained model of zeros gives each word the same probability") {
  const auto data = reverse_data(3, 2, 4);
  const auto batch = whole_batch(data);
  models::Seq2Seq model(toy_model("general"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  for (const nn::Param& param : model.params().all()) nn::zeros({}, param.value());
  const double expected = static_cast<double>(batch.target_tokens) * std::log(static_cast<double>(kToyVocabulary));
  CHECK(loss_of(model, batch, {}, false, 0) == Approx(expected).epsilon(1e-12));
}

TEST_CASE("seq2seq: teacher-forced weights sum to one and leave padding alone") {
  const auto data = reverse_data(3, 1, 6);
  const auto batch = whole_batch(data);
  for (const char* attention : {"dot", "general", "concat"}) {
    const models::Seq2Seq model(toy_model(attention), kToyVocabulary, kToyVocabulary, 5, DType::f64);
    Tape tape(DType::f64, Tape::Mode::evaluate);
    const Tensor weights = model.looks({tape}, batch).weights.value();
    REQUIRE(weights.shape() == Shape{batch.B, batch.T, batch.S});
    for (Index b = 0; b < batch.B; ++b) {
      for (Index t = 0; t < batch.target_lengths[static_cast<std::size_t>(b)]; ++t) {
        double sum = 0;
        for (Index s = 0; s < batch.S; ++s) {
          const double w = weights.at((b * batch.T + t) * batch.S + s);
          if (s >= batch.source_lengths[static_cast<std::size_t>(b)]) CHECK(w == 0);
          sum += w;
        }
        CHECK(sum == Approx(1).epsilon(1e-12));
      }
    }
  }
  const models::Seq2Seq vanilla(toy_model("none"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  CHECK(vanilla.looks({tape}, batch).weights.empty());
}

TEST_CASE("seq2seq: tied embeddings are one matrix and count once") {
  auto options = toy_model("general");
  options.tied_embeddings = models::Tied::target;
  const models::Seq2Seq target(options, kToyVocabulary, kToyVocabulary, 5);
  CHECK(target.params().find("output/W") == nullptr);
  CHECK(target.params().find("decoder/embedding/W") != nullptr);
  options.tied_embeddings = models::Tied::all;
  const models::Seq2Seq all(options, kToyVocabulary, kToyVocabulary, 5);
  CHECK(all.params().find("decoder/embedding/W") == nullptr);
  CHECK(target.params().count() - all.params().count() == kToyVocabulary * options.embedding);
  CHECK_THROWS_WITH(
      models::Seq2Seq(options, kToyVocabulary + 1, kToyVocabulary, 5),
      "model.tied_embeddings: 'all' needs one vocabulary for both sides, but the source has 13 words "
      "and the target 12; 'target' ties the target's alone");
}

TEST_CASE("seq2seq: dot with unequal widths is refused with the way out") {
  auto options = toy_model("dot");
  options.encoder.hidden = 6;
  options.decoder.bridge = models::Bridge::linear;
  CHECK_THROWS_WITH(models::Seq2Seq(options, kToyVocabulary, kToyVocabulary, 5),
                    "attention 'dot' needs decoder size 4 equal to encoder output 6; 'general' bridges them");
}

TEST_CASE("seq2seq: a precision is the processor's or float32 and float64 is double throughout") {
  using models::arithmetic_of;
  const InstructionSet before = instruction_set();
  CHECK(arithmetic_of(models::Precision::float32).precision == Precision::float32);
  CHECK(arithmetic_of(models::Precision::float64).dtype == DType::f64);
  CHECK_FALSE(models::why_not(models::Precision::float64).has_value());
  for (const auto& [wanted, native] : {std::pair{models::Precision::bfloat16, Precision::bfloat16},
                                       std::pair{models::Precision::bfloat16x3, Precision::bfloat16x3}}) {
    for (int set = 0; set <= static_cast<int>(best_instruction_set()); ++set) {
      force_instruction_set(static_cast<InstructionSet>(set));
      CHECK((arithmetic_of(wanted).precision == native) == !fallback_reason(native).has_value());
      CHECK(models::why_not(wanted) == fallback_reason(native));
    }
    force_instruction_set(before);
  }
  models::ModelOptions options;
  options.embedding = options.hidden = 4;
  options.attention.name = "dot";
  options.precision = models::Precision::float64;
  const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5);
  CHECK(model.type() == DType::f64);
  CHECK(name_of(model.arithmetic()) == "float64");
}

}  // namespace regard::testing
