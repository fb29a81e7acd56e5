#include "framework/training/divergence.h"

#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"
#include "tests/support/toy.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Twelve pairs, of lines 10 to 21 of their corpus, and a batch of some of them.
struct Place {
  data::Dataset train = reverse_data(12, 1, 2);
  data::Batch batch;
  nn::ParamStore params{DType::f64, 1};

  explicit Place(const std::vector<Index>& sentences) : batch(batch_of(train, sentences)) {
    std::vector<Index> lines;
    for (Index i = 0; i < 12; ++i) lines.push_back(i + 9);
    train.lines = lines;
    params.add("a/W", {2}, nn::ones);
    params.add("b/W", {1, 2}, nn::ones);
    for (const nn::Param& param : params.all()) set_all(param.grad(), {0, 0});
  }
  [[nodiscard]] Moment moment(Index last_checkpoint = 0) const { return {7, train, batch, last_checkpoint}; }
};

template <class F>
std::string said(F f) {
  return thrown<NonFiniteError>(f);
}

const std::string kFine = "nothing was thrown";
const std::string kRest = "; the batch has lines 12, 10; there is no checkpoint yet";

}  // namespace

TEST_CASE("divergence: a loss that is not finite comes from a parameter or else from an op") {
  const Place place({2, 0});
  Tape tape(DType::f64);
  static_cast<void>(log(tape.input({2}, {1, 0})));
  const auto checked = [&](double loss) {
    return said([&] { require_finite_loss(loss, place.params, tape, place.moment()); });
  };
  CHECK(checked(1e300) == kFine);
  CHECK(checked(kInfinite) == "step 7: loss is inf; first non-finite value came from 'log' [2]" + kRest);
  CHECK(checked(-kNan) == "step 7: loss is nan; first non-finite value came from 'log' [2]" + kRest);
  place.params.find("b/W")->value().set(1, kNan);
  CHECK(checked(kNan) == "step 7: loss is nan; first non-finite value came from parameter 'b/W' [1, 2]" + kRest);
}

TEST_CASE("divergence: gradients that are not finite name the first parameter") {
  const Place place({2, 0});
  const auto checked = [&](double norm) {
    return said([&] { require_finite_gradients(norm, place.params, place.moment()); });
  };
  CHECK(checked(3) == kFine);
  place.params.find("b/W")->grad().set(0, kInfinite);
  CHECK(checked(kInfinite) ==
        "step 7: the norm of the gradients is inf; the first non-finite gradient is of 'b/W' [1, 2]" + kRest);
  place.params.find("a/W")->grad().set(1, kNan);
  CHECK(checked(kNan) ==
        "step 7: the norm of the gradients is nan; the first non-finite gradient is of 'a/W' [2]" + kRest);
}

TEST_CASE("divergence: eight lines of the batch are shown and the last checkpoint") {
  const auto checked = [](const std::vector<Index>& sentences, Index last) {
    const Place place(sentences);
    return said([&] { require_no_explosion(100, 2, 10, place.moment(last)); });
  };
  const std::string begin = "step 7: the loss has exploded to 100 nats a word (uniform guessing: 2.303); ";
  CHECK(checked({0, 1, 2, 3, 4, 5, 6, 7}, 1800) ==
        begin + "the batch has lines 10, 11, 12, 13, 14, 15, 16, 17; the last checkpoint is of step 1800");
  CHECK(checked({11, 10, 9, 8, 7, 6, 5, 4, 3, 2}, 5) ==
        begin + "the batch has lines 21, 20, 19, 18, 17, 16, 15, 14 and 2 more; the last checkpoint is of step 5");
}

TEST_CASE("divergence: an explosion is a loss of more than so many times guessing") {
  const Place place({2, 0});
  const auto checked = [&](double loss, double limit) {
    return said([&] { require_no_explosion(loss, limit, 10, place.moment()); });
  };
  const double guessing = std::log(10.0);
  CHECK(checked(2 * guessing, 2) == kFine);
  CHECK(checked(2.001 * guessing, 2) != kFine);
  CHECK(checked(1e9, 0) == kFine);
}

TEST_CASE("divergence: the loss of a validation is finite") {
  CHECK(said([] { require_finite_validation(12, 3); }) == kFine);
  CHECK(said([] { require_finite_validation(kNan, 3); }) == "step 3: the validation loss is nan");
  CHECK(said([] { require_finite_validation(kInfinite, 900); }) == "step 900: the validation loss is inf");
}

}  // namespace regard::training
