// Variants that use what the built-in ones do not: the position of a query, and state from step to step, also
// state that no step changes.
#include <cmath>

#include "tests/attention/broken_variants.h"
#include "tests/decoding/walk.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

// Attends mostly to source position query.t.
class Diagonal final : public attention::Score {
 public:
  Var score(const attention::Query& query, Var keys, const attention::Source&) const override {
    Tape& tape = keys.tape();
    const Index T = query.h.shape()[1];
    const Index S = keys.shape()[1];
    const Tensor distance = tape.tensor({1, T, S});
    for (Index i = 0; i < T * S; ++i) {
      distance.set(i, -2 * std::abs(static_cast<double>(query.t[static_cast<std::size_t>(i / S)] - i % S)));
    }
    return add(batched_matmul_nt(query.h, keys), tape.input(distance));
  }
};

[[maybe_unused]] const bool diagonal = attention::register_variant({
    .name = "diagonal",
    .summary = "for a test",
    .equation = "(none)",
    .content_based = false,
    .make = [](attention::Sizes, const config::Options&, nn::Params&) -> attention::ScorePtr {
      return std::make_unique<Diagonal>();
    },
});
[[maybe_unused]] const bool covers = attention::register_variant(covering());

[[maybe_unused]] const bool carries = attention::register_variant(carrying());
[[maybe_unused]] const bool points = attention::register_variant(pointing());

std::vector<NamedModel> models_with_state() {
  std::vector<NamedModel> all;
  for (const char* attention : {"diagonal", "covering", "carrying", "pointing"}) {
    for (const bool feeding : {false, true}) {
      all.push_back({std::string(attention) + (feeding ? " feeding" : ""), toy_model(attention)});
      all.back().options.decoder.input_feeding = feeding;
    }
  }
  return all;
}

}  // namespace

TEST_CASE("search: positions and state of an attention move with the hypotheses") {
  const auto data = reverse_data(9, 1, 8);
  for (const auto& [name, options] : models_with_state()) {
    models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 7, DType::f64);
    sharpen(model, 8, 1);
    for (const Index beam : {1, 4}) {
      INFO(name << ", beam " << beam);
      const auto together = decoding::translate(model, data, {.beam = beam, .max_length_factor = 1});
      const auto alone =
          decoding::translate(model, data, {.beam = beam, .max_length_factor = 1, .batch_sentences = 1});
      for (Index i = 0; i < data.size(); ++i) {
        const auto& translation = together[static_cast<std::size_t>(i)];
        CHECK(translation.words == alone[static_cast<std::size_t>(i)].words);
        CHECK(translation.log_probability == Approx(stepwise_log_p(model, data, i, translation)).epsilon(1e-9));
      }
    }
  }
}

TEST_CASE("search: the state that an attention returns is passed to its next step") {
  // Without state `covering` is `dot`, and neither has parameters.
  const auto data = reverse_data(1, 4, 4);
  const models::Seq2Seq dot(toy_model("dot"), kToyVocabulary, kToyVocabulary, 7, DType::f64);
  const models::Seq2Seq coverage(toy_model("covering"), kToyVocabulary, kToyVocabulary, 7, DType::f64);
  Walk without(dot, data, 0);
  Walk with(coverage, data, 0);
  auto a = without.start();
  auto b = with.start();
  CHECK(a.weights == b.weights);
  const std::vector<double> covered = b.weights;
  a = without.after(a.state, 5);
  b = with.after(b.state, 5);
  // softmax(e - covered) is softmax(e) times exp(-covered), normalised again.
  double total = 0;
  for (std::size_t s = 0; s < covered.size(); ++s) total += a.weights[s] * std::exp(-covered[s]);
  for (std::size_t s = 0; s < covered.size(); ++s) {
    CHECK(b.weights[s] == Approx(a.weights[s] * std::exp(-covered[s]) / total).epsilon(1e-9));
  }
}

TEST_CASE("forced_loss: positions and state of an attention equal those of single steps") {
  const auto data = reverse_data(5, 1, 6);
  for (const auto& [name, options] : models_with_state()) {
    INFO(name);
    models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 7, DType::f64);
    sharpen(model, 3);
    CHECK(decoding::forced_loss(model, data, 64).total == Approx(stepwise_loss(model, data)).epsilon(1e-9));
  }
}

}  // namespace regard::testing
