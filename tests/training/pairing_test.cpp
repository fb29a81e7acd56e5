// The comparison of systems of one plan is paired: their common parameters start equal, they see the same batches
// in the same order, and dropout drops the same units.
#include "framework/training/trainer.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"

namespace regard::training {
namespace {

using namespace regard::testing;

}  // namespace

TEST_CASE("pairing: parameters that two systems share start with equal bytes") {
  const models::Seq2Seq vanilla(toy_model("none", 16), kToyVocabulary, kToyVocabulary, 3);
  for (const char* attention : {"dot", "general", "concat"}) {
    const models::Seq2Seq other(toy_model(attention, 16), kToyVocabulary, kToyVocabulary, 3);
    Index shared = 0;
    for (const nn::Param& param : vanilla.params().all()) {
      const nn::Param* same = other.params().find(param.name());
      REQUIRE(same != nullptr);
      CHECK((bytes_of(param.value()) == bytes_of(same->value())));
      ++shared;
    }
    CHECK(shared == static_cast<Index>(vanilla.params().all().size()));
    CHECK(other.params().count() > vanilla.params().count());
  }
}

TEST_CASE("pairing: another seed gives other initial values") {
  const models::Seq2Seq one(toy_model("none", 16), kToyVocabulary, kToyVocabulary, 3);
  const models::Seq2Seq two(toy_model("none", 16), kToyVocabulary, kToyVocabulary, 4);
  const nn::Param* W = two.params().find("output/W");
  REQUIRE(W != nullptr);
  CHECK((bytes_of(W->value()) != bytes_of(one.params().find("output/W")->value())));
}

TEST_CASE("pairing: two systems drop the same units of the same words") {
  // Both apply the same dropout to their embeddings: with equal parameters and without attention, the encoder's
  // states have equal bits.
  const auto data = reverse_data(4, 2, 6);
  const auto batch = whole_batch(data);
  const auto states = [&](const char* attention) {
    auto options = toy_model(attention, 16);
    options.encoder.layers = options.decoder.layers = 2;
    options.dropout = {.embedding = 0.4, .layers = 0.4, .readout = 0.4};
    const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 3);
    Tape tape;
    const nn::Pass pass{tape, true, Key(3, "dropout").with(17), batch.sentences};
    return bytes_of(model.encoder()(pass, batch.source, batch.S, batch.source_lengths).h_s.value());
  };
  const std::string vanilla = states("none");
  CHECK((states("general") == vanilla));
  CHECK((states("concat") == vanilla));
}

}  // namespace regard::training
