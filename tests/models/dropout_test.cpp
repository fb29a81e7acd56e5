#include "framework/models/dropout.h"

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using Kind = models::Dropout::Kind;

// Applies dropout with a rate of one half to ones [2, 3, 40]; the first step has number `first`.
std::vector<double> dropped(Kind kind, Index first = 0, const char* place = "here", bool training = true) {
  Tape tape(DType::f64);
  const std::vector<Index> sentences = {7, 9};
  const Tensor ones = tape.tensor({2, 3, 40});
  nn::ones({}, ones);
  const models::Dropout dropout(0.5, kind, place);
  return values(dropout({tape, training, Key(1, "dropout"), sentences}, tape.input(ones), first));
}

double at(const std::vector<double>& x, Index b, Index t, Index i) {
  return x[static_cast<std::size_t>((b * 3 + t) * 40 + i)];
}

}  // namespace

TEST_CASE("dropout: by step each step has its own mask") {
  const auto x = dropped(Kind::steps);
  Index differences = 0;
  for (Index i = 0; i < 40; ++i) differences += at(x, 0, 0, i) != at(x, 0, 1, i) ? 1 : 0;
  CHECK(differences > 8);
}

TEST_CASE("dropout: by sentence all steps have one mask and sentences differ") {
  const auto x = dropped(Kind::sequence);
  Index differences = 0;
  Index kept = 0;
  for (Index i = 0; i < 40; ++i) {
    CHECK(at(x, 0, 0, i) == at(x, 0, 1, i));
    CHECK(at(x, 0, 0, i) == at(x, 0, 2, i));
    CHECK((at(x, 0, 0, i) == 0 || at(x, 0, 0, i) == 2));
    differences += at(x, 0, 0, i) != at(x, 1, 0, i) ? 1 : 0;
    kept += at(x, 0, 0, i) != 0 ? 1 : 0;
  }
  CHECK(differences > 8);
  CHECK((kept > 8 && kept < 32));
  CHECK(dropped(Kind::sequence, 5) == x);
}

TEST_CASE("dropout: word dropout drops whole steps and depends on the number of the step") {
  const auto all = [](const std::vector<double>& x, Index b, Index t) {
    for (Index i = 1; i < 40; ++i) CHECK(at(x, b, t, i) == at(x, b, t, 0));
    return at(x, b, t, 0);
  };
  const auto x = dropped(Kind::words);
  const auto later = dropped(Kind::words, 1);
  Index gone = 0;
  for (Index b = 0; b < 2; ++b) {
    for (Index t = 0; t < 3; ++t) {
      gone += all(x, b, t) == 0 ? 1 : 0;
      if (t > 0) CHECK(all(x, b, t) == all(later, b, t - 1));
    }
  }
  CHECK((gone > 0 && gone < 6));
}

TEST_CASE("dropout: each place has its own mask and nothing is dropped outside of training") {
  for (const Kind kind : {Kind::steps, Kind::sequence}) {
    CHECK(dropped(kind) != dropped(kind, 0, "there"));
    CHECK(dropped(kind, 0, "here", false) == std::vector<double>(240, 1.0));
  }
}

TEST_CASE("dropout: a mask of states is constant in a sentence and empty without dropout") {
  Tape tape(DType::f64);
  const std::vector<Index> sentences = {7, 9};
  const nn::Pass pass{tape, true, Key(1, "dropout"), sentences};
  const Var mask = models::Dropout(0.5, Kind::sequence, "here").mask(pass, 2, 40);
  CHECK(mask.shape() == Shape{2, 40});
  const auto x = dropped(Kind::sequence);
  for (Index i = 0; i < 40; ++i) CHECK(values(mask)[static_cast<std::size_t>(i)] == at(x, 0, 0, i));
  CHECK(models::Dropout(0, Kind::sequence, "here").mask(pass, 2, 40).empty());
  CHECK(models::Dropout(0.5, Kind::sequence, "here").mask({tape}, 2, 40).empty());
}

}  // namespace regard::testing
