// The distribution over words where attention copies.
#include "framework/models/copying.h"

#include <cmath>

#include "framework/autodiff/ops.h"
#include "tests/models/variants.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard::testing {

TEST_CASE("copying: a word's probability is the sum of both ways to it") {
  Tape tape(DType::f64);
  const Var logits = tape.input({2, 3}, {std::log(2), std::log(3), std::log(5), 0, 0, 0});
  const Var generate = tape.input({2, 1}, {0.4, 0.25});
  const Var copies = tape.input({2, 3}, {0.1, 0.2, 0.3, 0.75, 0, 0});
  const std::vector<Index> ids{1, 3, 1, 4, -1, -1};  // V = 3
  const std::vector<Index> sentences{0, 1};
  const models::CopyWords words{ids, 2};
  const Tensor log_p =
      models::mixture_log_probabilities(logits.value(), generate.value(), copies.value(), words, sentences, tape);
  REQUIRE(log_p.shape() == Shape{2, 5});
  const std::vector<double> p{0.08, 0.12 + 0.4, 0.2, 0.2, 0, 0.25 / 3, 0.25 / 3, 0.25 / 3, 0, 0.75};
  for (Index i = 0; i < 10; ++i) {
    const double expected = p[static_cast<std::size_t>(i)];
    CHECK(std::exp(log_p.at(i)) == Approx(expected).margin(1e-12));
    if (expected == 0) CHECK(log_p.at(i) == Approx(std::log(1e-30)));
  }
  const std::vector<Index> targets{1, 4};
  const Var copied = models::copied_of(copies, words, sentences, targets);
  CHECK(differs(copied, {0.4, 0.75}) == "");
  const Var loss = models::mixture_loss(logits, generate, copied, targets);
  CHECK(loss.value().at(0) == Approx(-std::log(0.52) - std::log(0.75)).epsilon(1e-12));
}

TEST_CASE("copying: gradcheck", "[gradcheck]") {
  const std::vector<Index> targets{1, 4, 0, 2};
  CHECK(gradcheck("mixture_loss", {{4, 3}, {4, 1}, {4, 1}},
                  [&](const Vars& in) { return models::mixture_loss(in[0], in[1], in[2], targets); },
                  {.low = 0.1, .high = 0.9}) == "");
}

TEST_CASE("copying: a word that is not copied has the cross-entropy of the vocabulary") {
  Tape tape(DType::f64);
  const std::vector<Index> targets{2};
  const Var logits = tape.input({1, 3}, {0, 200, -700});
  const Var loss = models::mixture_loss(logits, tape.input({1, 1}, {1}), tape.input({1, 1}, {1e-8}), targets);
  CHECK(loss.value().at(0) == Approx(-std::log(1e-8)).epsilon(1e-6));
  const Var never = models::mixture_loss(logits, tape.input({1, 1}, {1}), tape.input({1, 1}, {0}), targets);
  CHECK(never.value().at(0) == Approx(-std::log(1e-30)));
}

TEST_CASE("copying: gradients of a whole model that copies", "[gradcheck]") {
  const auto data = reverse_data(4, 2, 4);
  const data::Batch batch = whole_batch(data);
  for (const bool feeding : {false, true}) {
    models::ModelOptions options = toy_model("pointer");
    options.decoder.input_feeding = feeding;
    models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    const auto loss = [&] {
      Tape tape(DType::f64, Tape::Mode::evaluate);
      return model.loss({tape}, batch).value().at(0);
    };
    Tape tape(DType::f64);
    model.params().begin_update();
    tape.backward(model.loss({tape}, batch));
    model.params().finish_backward(tape);
    for (const nn::Param& param : model.params().all()) {
      INFO(param.name());
      const Index at = param.value().size() / 2;
      constexpr double kStep = 1e-5;
      const double kept = param.value().at(at);
      param.value().set(at, kept + kStep);
      const double above = loss();
      param.value().set(at, kept - kStep);
      const double below = loss();
      param.value().set(at, kept);
      CHECK((above - below) / (2 * kStep) == Approx(param.grad().at(at)).epsilon(1e-6).margin(1e-8));
    }
  }
}

TEST_CASE("copying: a text without copies and label smoothing are our mistakes") {
  auto data = reverse_data(2, 2, 4);
  const models::Seq2Seq model(toy_model("pointer"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  CHECK(internal_error([&] { static_cast<void>(model.loss({tape}, whole_batch(data), 0.1)); }) ==
        "copying has no label smoothing and no sampled words");
  data.copies = nullptr;
  CHECK(internal_error([&] { static_cast<void>(model.loss({tape}, whole_batch(data))); }) ==
        "an attention that copies needs a text with copies");
}

}  // namespace regard::testing
