// The losses of attention, and what a variant watches.
#include "framework/models/attention_losses.h"

#include <algorithm>
#include <cmath>

#include "tests/models/variants.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/noted.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

// Two sentence pairs whose targets have 3 and 2 positions.
data::Batch two_pairs() {
  data::Batch batch;
  batch.B = 2;
  batch.S = 2;
  batch.T = 3;
  batch.source_lengths = {2, 1};
  batch.target_lengths = {3, 2};
  batch.target_tokens = 5;
  return batch;
}

Var term(Var weights, const models::AttentionWeights& factors) {
  const attention::Notes none;
  return models::loss_terms(weights, two_pairs(), factors, {}, {}, {}, none)[0].sum;
}

struct Case {
  data::Dataset data = reverse_data(5, 2, 5);
  data::Batch batch = whole_batch(data);
  Key key{3, "dropout"};

  // Losses of a model in training; f(losses) while the tape lives.
  template <class F>
  void losses(const models::Seq2Seq& model, const models::Objective& objective, const data::Batch& of, F f) const {
    Tape tape(DType::f64, Tape::Mode::evaluate);
    f(model.losses({tape, true, key, of.sentences}, of, objective));
  }
};

models::ModelOptions noted(bool whole, double weight = 0.25) {
  models::ModelOptions options = toy_model("noted");
  options.attention.options.put("whole", {whole});
  options.attention.options.put("spread", {weight});
  return options;
}

const models::Objective kAll{.attention = {.entropy = 0.5, .coverage = 2}};

}  // namespace

TEST_CASE("attention losses: entropy worked out by hand, and target padding that is not read") {
  Tape tape(DType::f64);
  const double nan = std::nan("");
  const Var weights = tape.input({2, 3, 2}, {0.5, 0.5, 1, 0, 0.25, 0.75, 1, 0, 1, 0, nan, nan});
  const double expected = std::log(2.0) - 0.25 * std::log(0.25) - 0.75 * std::log(0.75);
  CHECK(term(weights, {.entropy = 3}).value().at(0) == Approx(expected).margin(1e-6));
}

TEST_CASE("attention losses: coverage worked out by hand, and target padding that is not read") {
  Tape tape(DType::f64);
  const double nan = std::nan("");
  const Var weights = tape.input({2, 3, 2}, {0.5, 0.5, 1, 0, 0.25, 0.75, 1, 0, 1, 0, nan, nan});
  // Sentence 1: nothing; min(1, 0.5); min(0.25, 1.5) + min(0.75, 0.5). Sentence 2: min(1, 1).
  CHECK(term(weights, {.coverage = 3}).value().at(0) == Approx(0.5 + 0.25 + 0.5 + 1).epsilon(1e-12));
}

TEST_CASE("attention losses: gradcheck", "[gradcheck]") {
  const GradcheckOptions positive{.low = 0.1, .high = 0.9};
  CHECK(gradcheck(
            "entropy", {{2, 3, 2}}, [](const Vars& in) { return term(in[0], {.entropy = 1}); }, positive) == "");
  CHECK(gradcheck(
            "coverage", {{2, 3, 2}}, [](const Vars& in) { return term(in[0], {.coverage = 1}); }, positive) == "");
}

TEST_CASE(
    "attention losses: each is in the total with its weight and is the same of a batch and of its sentences") {
  const Case c;
  for (const bool whole : {true, false}) {
    for (const bool feeding : {true, false}) {
      models::ModelOptions options = noted(whole);
      options.decoder.input_feeding = feeding;
      const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
      std::vector<double> together(3), alone(3);
      c.losses(model, kAll, c.batch, [&](const models::Losses& losses) {
        REQUIRE(losses.terms.size() == 3);
        CHECK(losses.terms[0].name == "attention_entropy");
        CHECK(losses.terms[1].name == "attention_coverage");
        CHECK(losses.terms[2].name == "spread");
        double total = losses.words.value().at(0);
        for (std::size_t i = 0; i < 3; ++i) {
          together[i] = losses.terms[i].sum.value().at(0);
          CHECK(together[i] > 0);
          total += losses.terms[i].weight * together[i];
        }
        CHECK(losses.terms[2].weight == 0.25);
        CHECK(losses.total.value().at(0) == Approx(total).epsilon(1e-12));
      });
      for (Index i = 0; i < c.data.size(); ++i) {
        c.losses(model, kAll, batch_of(c.data, {i}), [&](const models::Losses& losses) {
          for (std::size_t k = 0; k < 3; ++k) alone[k] += losses.terms[k].sum.value().at(0);
        });
      }
      for (std::size_t k = 0; k < 3; ++k) CHECK(together[k] == Approx(alone[k]).epsilon(1e-10));
    }
  }
}

TEST_CASE("attention losses: a weight of 0 records the loss and leaves the total as it is") {
  const Case c;
  const models::Seq2Seq model(noted(true, 0), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  c.losses(model, {}, c.batch, [](const models::Losses& losses) {
    REQUIRE(losses.terms.size() == 1);
    CHECK(losses.terms[0].sum.value().at(0) > 0);
    CHECK(losses.total.value().at(0) == losses.words.value().at(0));
  });
}

TEST_CASE("attention losses: a validation has none of the variant's own") {
  const Case c;
  const models::Seq2Seq model(noted(true), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const models::Losses losses = model.losses({tape}, c.batch, {});
  CHECK(losses.terms.empty());
  CHECK(losses.watched.empty());
  CHECK(losses.total.value().at(0) == losses.words.value().at(0));
}

TEST_CASE("attention losses: gradients of the whole model by its own loss and random numbers", "[gradcheck]") {
  const Case c;
  for (const bool whole : {true, false}) {
    models::Seq2Seq model(noted(whole), kToyVocabulary, kToyVocabulary, 5, DType::f64);
    const auto total = [&] {
      double value = 0;
      c.losses(model, kAll, c.batch, [&](const models::Losses& losses) { value = losses.total.value().at(0); });
      return value;
    };
    Tape tape(DType::f64);
    model.params().begin_update();
    tape.backward(model.loss({tape, true, c.key, c.batch.sentences}, c.batch, kAll));
    model.params().finish_backward(tape);
    for (const char* name : {"decoder/attention/W_a", "encoder/embedding/W", "decoder/layer0/W_h"}) {
      const nn::Param* param = model.params().find(name);
      REQUIRE(param != nullptr);
      const Index at = param->value().size() / 2 + 1;
      constexpr double kStep = 1e-5;
      const double kept = param->value().at(at);
      param->value().set(at, kept + kStep);
      const double above = total();
      param->value().set(at, kept - kStep);
      const double below = total();
      param->value().set(at, kept);
      CHECK((above - below) / (2 * kStep) == Approx(param->grad().at(at)).epsilon(1e-6).margin(1e-8));
    }
  }
}

TEST_CASE("attention losses: a watched number is the mean over the real target positions") {
  const Case c;
  std::vector<double> found[2];
  for (const bool whole : {true, false}) {
    const models::Seq2Seq model(noted(whole), kToyVocabulary, kToyVocabulary, 5, DType::f64);
    c.losses(model, {}, c.batch, [&](const models::Losses& losses) {
      REQUIRE(losses.watched.size() == 2);
      CHECK(losses.watched[0].name == "largest");
      CHECK(losses.watched[1].name == "size");
      const nn::Param* W = model.params().find("decoder/attention/W_a");
      double size = 0;
      for (Index i = 0; i < W->value().size(); ++i) size += W->value().at(i) * W->value().at(i);
      CHECK(losses.watched[1].mean == Approx(size).epsilon(1e-12));
      for (const models::Watched& watched : losses.watched) found[whole ? 1 : 0].push_back(watched.mean);
    });
    double sum = 0;
    for (Index i = 0; i < c.data.size(); ++i) {
      const data::Batch one = batch_of(c.data, {i});
      c.losses(model, {}, one, [&](const models::Losses& losses) {
        sum += losses.watched[0].mean * static_cast<double>(one.target_tokens);
      });
    }
    CHECK(found[whole ? 1 : 0][0] == Approx(sum / static_cast<double>(c.batch.target_tokens)).epsilon(1e-10));
  }
  CHECK(found[0][0] == Approx(found[1][0]).epsilon(1e-12));
}

TEST_CASE("attention losses: the option of a loss is its weight") {
  const auto& options = attention::variants().at("noted").options;
  const auto row = std::find_if(options.begin(), options.end(), [](const auto& r) { return r.name == "spread"; });
  REQUIRE(row != options.end());
  CHECK(row->meaning == "weight of the loss 'spread': keeps the weights apart. 0: it is only recorded");
  CHECK(config::defaults(options).number("spread") == 0.25);
}

TEST_CASE("attention losses: sampled words keep them whole") {
  const Case c;
  const models::Seq2Seq model(noted(true), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  models::Objective objective = kAll;
  objective.gold_words = 0.5;
  c.losses(model, objective, c.batch, [](const models::Losses& losses) {
    CHECK(losses.terms.size() == 3);
    for (const models::LossTerm& each : losses.terms) CHECK(std::isfinite(each.sum.value().at(0)));
  });
}

}  // namespace regard::testing
