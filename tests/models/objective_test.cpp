// What a loss can hold beside the cross-entropy of the target's words.
#include <cmath>

#include "tests/models/variants.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

struct Case {
  data::Dataset data = reverse_data(4, 2, 4);
  data::Batch batch = whole_batch(data);
  Key key{3, "dropout"};

  [[nodiscard]] double loss(const models::Seq2Seq& model, const models::Objective& objective,
                            const data::Batch& of) const {
    Tape tape(DType::f64, Tape::Mode::evaluate);
    return model.loss({tape, true, key, of.sentences}, of, objective).value().at(0);
  }
  [[nodiscard]] double loss(const models::Seq2Seq& model, const models::Objective& objective) const {
    return loss(model, objective, batch);
  }
};

// Word t of the target with word n - 1 - t of the source, as reversing aligns them; the second pair has no links,
// and the first word of each target two.
std::vector<data::Alignment> links_of(const data::Dataset& data) {
  std::vector<data::Alignment> all;
  for (Index pair = 0; pair < data.size(); ++pair) {
    data::Alignment links;
    const auto n = static_cast<std::int32_t>(data.source.length(pair));
    for (std::int32_t t = 0; t < n; ++t) links.push_back({n - 1 - t, t});
    links.push_back({0, 0});
    if (pair == 1) links.clear();
    all.push_back(links);
  }
  return all;
}

models::Objective guided(const std::vector<data::Alignment>& links, const data::Dataset& data) {
  return {.attention = {.guided_alignment = 0.5}, .alignments = links, .lines = data.lines};
}

}  // namespace

TEST_CASE("objective: guided alignment adds the cross-entropy of the weights to the links") {
  const Case c;
  const auto links = links_of(c.data);
  const models::Seq2Seq model(toy_model("general"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const Tensor weights = model.looks({tape}, c.batch).weights.value();
  double expected = 0;
  for (Index b = 0; b < c.batch.B; ++b) {
    const auto& own = links[static_cast<std::size_t>(b)];
    for (const data::Link& link : own) {
      const double share = link.target == 0 ? 0.5 : 1;
      expected -= share * std::log(weights.at((b * c.batch.T + link.target) * c.batch.S + link.source) + 1e-8);
    }
  }
  const double more = c.loss(model, guided(links, c.data)) - c.loss(model, {});
  CHECK(more == Approx(0.5 * expected).epsilon(1e-12));
  const std::vector<data::Alignment> none(4);
  CHECK(c.loss(model, guided(none, c.data)) == c.loss(model, {}));
}

TEST_CASE("objective: guided alignment finds a pair's links by its line and moves the attention's parameters") {
  Case c;
  c.data.lines = {6, 2, 4, 0};
  const auto links = links_of(c.data);
  std::vector<data::Alignment> by_line(7);
  for (std::size_t pair = 0; pair < 4; ++pair) by_line[static_cast<std::size_t>(c.data.lines[pair])] = links[pair];
  models::Seq2Seq model(toy_model("concat"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  const double before = c.loss(model, guided(by_line, c.data));
  Tape tape(DType::f64);
  model.params().begin_update();
  tape.backward(model.loss({tape, true, c.key, c.batch.sentences}, c.batch, guided(by_line, c.data)));
  model.params().finish_backward(tape);
  const nn::Param* W = model.params().find("decoder/attention/W_k");
  constexpr double kStep = 1e-6;
  const double kept = W->value().at(3);
  W->value().set(3, kept + kStep);
  const double after = c.loss(model, guided(by_line, c.data));
  CHECK((after - before) / kStep == Approx(W->grad().at(3)).epsilon(1e-4));
}

TEST_CASE("objective: a link outside of its pair is our mistake and guiding needs attention") {
  const Case c;
  const models::Seq2Seq model(toy_model("dot"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  const std::vector<data::Alignment> wrong(4, data::Alignment{{.source = 0, .target = 90}});
  CHECK_THROWS_AS(c.loss(model, guided(wrong, c.data)), InternalError);
  const models::Seq2Seq vanilla(toy_model("none"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  CHECK_THROWS_AS(c.loss(vanilla, guided(links_of(c.data), c.data)), InternalError);
}

TEST_CASE("objective: sampled words are the model's best ones where the coin says so") {
  const Case c;
  for (const auto& [name, options] : all_models()) {
    INFO(name);
    const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    // With all words its own the model reads what greedy search would, in its own order.
    Tape tape(DType::f64, Tape::Mode::evaluate);
    const nn::Pass pass{tape, true, c.key, c.batch.sentences};
    const auto encoded = model.encoder()(pass, c.batch.source, c.batch.S, c.batch.source_lengths);
    auto memory = model.decoder().prepare_memory(pass, encoded, c.batch.source_lengths);
    auto state = model.decoder().start(pass, encoded, memory);
    std::vector<Index> words(4, data::kBos);
    data::Batch own = c.batch;
    for (Index t = 0; t < own.T; ++t) {
      for (std::size_t b = 0; b < 4; ++b)
        own.target_in[b * static_cast<std::size_t>(own.T) + static_cast<std::size_t>(t)] = words[b];
      const auto step = model.decoder().advance(pass, memory, state, words, 1);
      state = step.state;
      const Tensor logits = model.output().logits(step.readout).value();
      for (Index b = 0; b < 4; ++b) {
        Index best = 0;
        for (Index word = 1; word < kToyVocabulary; ++word) {
          if (logits.at(b * kToyVocabulary + word) > logits.at(b * kToyVocabulary + best)) best = word;
        }
        words[static_cast<std::size_t>(b)] = best;
      }
    }
    CHECK(c.loss(model, {.gold_words = 0}) == Approx(c.loss(model, {}, own)).epsilon(1e-12));
    CHECK(c.loss(model, {.gold_words = 0}) != Approx(c.loss(model, {})).epsilon(1e-9));
  }
}

TEST_CASE("objective: which words are sampled does not depend on the batch") {
  const Case c;
  const models::Seq2Seq model(toy_model("general"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  double sum = 0;
  for (Index i = 0; i < c.data.size(); ++i) sum += c.loss(model, {.gold_words = 0.5}, batch_of(c.data, {i}));
  CHECK(c.loss(model, {.gold_words = 0.5}) == Approx(sum).epsilon(1e-12));
  CHECK(c.loss(model, {.gold_words = 0.5}) != c.loss(model, {}));
  CHECK(c.loss(model, {.gold_words = 0.5}) != c.loss(model, {.gold_words = 0}));
}

}  // namespace regard::testing
