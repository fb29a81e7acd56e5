// The beam of one sentence without a model: the test gives the words and their probabilities.
#include "framework/decoding/beam.h"

#include <limits>

#include "framework/data/vocabulary.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using decoding::Beam;
using decoding::Candidate;
using decoding::SearchOptions;
using Words = std::vector<Index>;

constexpr Index kEnd = data::kEos;

void go(Beam& beam, const std::vector<Candidate>& best) {
  beam.advance(best, static_cast<Index>(best.size()) / beam.live(), nullptr, 0);
}

}  // namespace

TEST_CASE("beam: hypotheses continue in order of probability and know their predecessors") {
  Beam beam(4, {.beam = 2});
  CHECK(beam.live() == 1);
  CHECK(beam.last_word(0) == data::kBos);
  go(beam, {{7, -1}, {8, -2}, {9, -3}});
  REQUIRE(beam.live() == 2);
  CHECK(beam.last_word(0) == 7);
  CHECK(beam.last_word(1) == 8);
  go(beam, {{4, -5}, {5, -6}, {6, -7}, {4, -1}, {5, -2}, {6, -9}});
  CHECK(beam.last_word(0) == 4);
  CHECK(beam.came_from(0) == 1);
  CHECK(beam.last_word(1) == 5);
  CHECK(beam.came_from(1) == 1);
  CHECK(!beam.done());
}

TEST_CASE("beam: ties keep the order of hypotheses and of words") {
  Beam beam(4, {.beam = 2});
  go(beam, {{7, -1}, {8, -1}, {9, -1}});
  go(beam, {{6, -1}, {5, -1}, {4, -1}, {9, -1}, {8, -1}, {7, -1}});
  CHECK(beam.last_word(0) == 6);
  CHECK(beam.last_word(1) == 5);
  CHECK(beam.came_from(1) == 0);
}

TEST_CASE("beam: an end that is not among the best K does not finish") {
  Beam beam(4, {.beam = 1, .max_length_factor = 0, .max_length_extra = 2});
  go(beam, {{7, -1}, {kEnd, -2}});
  CHECK(!beam.done());
  go(beam, {{8, -1}, {kEnd, -2}});
  REQUIRE(beam.done());
  CHECK(beam.result().words == Words{7, 8});
  CHECK(!beam.result().complete);
  CHECK(beam.result().log_probability == -2);
}

TEST_CASE("beam: it stops when no live hypothesis can still win") {
  // One ended with -1. The best live one has -1.5 and cannot become better than -1.5 / limit^alpha.
  struct Case {
    double alpha;
    Index limit;
    bool done;
  };
  for (const auto& [alpha, limit, done] : {Case{0, 100, true}, Case{0.5, 2, true}, Case{0.5, 4, false},
                                           Case{1, 2, false}, Case{1, 100, false}, Case{2, 100, false}}) {
    INFO(alpha << " " << limit);
    Beam beam(1, {.beam = 3, .length_penalty = alpha, .max_length_factor = 0, .max_length_extra = limit});
    go(beam, {{kEnd, -1}, {7, -1.5}, {8, -2}, {9, -30}});
    CHECK(beam.done() == done);
  }
}

TEST_CASE("beam: a longer translation that ends later wins with a large enough alpha") {
  for (const double alpha : {0.0, 1.0, 2.0}) {
    INFO(alpha);
    Beam beam(1, {.beam = 3, .length_penalty = alpha, .max_length_factor = 0, .max_length_extra = 2});
    go(beam, {{kEnd, -1}, {7, -1.5}, {8, -2}, {9, -30}});
    if (!beam.done())
      go(beam, {{kEnd, -0.1},
                {7, -4},
                {8, -5},
                {9, -6},
                {kEnd, -7},
                {7, -8},
                {8, -9},
                {9, -9},
                {kEnd, -9},
                {7, -9},
                {8, -9},
                {9, -9}});
    REQUIRE(beam.done());
    CHECK(beam.result().complete);
    CHECK(beam.result().words == (alpha == 0 ? Words{} : Words{7}));
    CHECK(beam.result().log_probability == (alpha == 0 ? -1 : -1.6));
  }
}

TEST_CASE("beam: an ended translation wins over one that was cut off for any scores") {
  Beam beam(1, {.beam = 2, .max_length_factor = 0, .max_length_extra = 2});
  go(beam, {{7, -0.01}, {kEnd, -9}, {8, -10}});
  go(beam, {{7, -0.01}, {8, -7}, {9, -8}, {7, -9}, {8, -9}, {9, -9}});
  REQUIRE(beam.done());
  CHECK(beam.result().complete);
  CHECK(beam.result().words.empty());
  CHECK(beam.result().score == -9);
}

TEST_CASE("beam: the length limit is at least one word and an infinite factor is no limit") {
  for (const double factor : {0.0, 1e18, 1e300, std::numeric_limits<double>::infinity()}) {
    INFO(factor);
    Beam beam(3, {.beam = 1, .max_length_factor = factor, .max_length_extra = 1});
    go(beam, {{7, -1}, {8, -2}});
    CHECK(beam.done() == (factor == 0));
    if (factor == 0) CHECK(beam.result().words == Words{7});
    if (factor == 0) continue;
    go(beam, {{kEnd, -1}, {8, -2}});
    REQUIRE(beam.done());
    CHECK(beam.result().words == Words{7});
    CHECK(beam.result().complete);
  }
  // A source without words: factor times 0.
  Beam empty(1, {.beam = 1, .max_length_factor = std::numeric_limits<double>::infinity(), .max_length_extra = 1});
  go(empty, {{7, -1}, {8, -2}});
  CHECK(empty.done());
}

TEST_CASE("beam: attention rows stay with their words") {
  Beam beam(2, {.beam = 2, .max_length_factor = 0, .max_length_extra = 3});
  const std::vector<float> first{0.25F, 0.75F, 99.F};
  beam.advance(std::vector<Candidate>{{7, -1}, {8, -2}, {9, -3}}, 3, first.data(), 3);
  const std::vector<float> second{0.5F, 0.5F, 99.F, 1.F, 0.F, 99.F};
  beam.advance(std::vector<Candidate>{{4, -8}, {5, -8}, {6, -9}, {kEnd, -1}, {5, -2}, {6, -9}}, 3, second.data(),
               3);
  const std::vector<float> third{0.F, 1.F, 99.F, 0.F, 1.F, 99.F};
  if (!beam.done())
    beam.advance(std::vector<Candidate>{{4, -8}, {5, -8}, {6, -9}, {4, -8}, {5, -8}, {6, -9}}, 3, third.data(), 3);
  REQUIRE(beam.done());
  const auto found = beam.result();
  CHECK(found.words == Words{8});
  CHECK(found.weights == WeightMatrix{2, 2, {0.25, 0.75, 1, 0}});
}

TEST_CASE("beam: a search with NaN probabilities ends at the limit") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Beam beam(1, {.beam = 3, .max_length_factor = 0, .max_length_extra = 3});
  for (int step = 0; step < 3 && !beam.done(); ++step) {
    std::vector<Candidate> best;
    for (Index place = 0; place < beam.live(); ++place) {
      for (const Index word : {4, 5, 6, 7}) best.push_back({word, nan});
    }
    go(beam, best);
  }
  REQUIRE(beam.done());
  CHECK(beam.result().words.size() == 3);
}

TEST_CASE("beam: a result before the end is refused") {
  const Beam beam(3, {});
  CHECK(internal_error([&] { static_cast<void>(beam.result()); }) == "the result of a beam that is not done");
}

TEST_CASE("beam: the n best are kept in order and the search continues until they are final") {
  const std::vector<Candidate> first{{7, -0.1}, {kEnd, -1}, {8, -1.5}, {9, -30}};
  const auto begin = [&](Index nbest) {
    Beam beam(1, {.beam = 3, .nbest = nbest, .length_penalty = 0, .max_length_factor = 0, .max_length_extra = 3});
    go(beam, first);
    return beam;
  };
  Beam one = begin(1);
  CHECK(!one.done());  // word 7 may still win
  Beam two = begin(2);
  const std::vector<Candidate> second{{kEnd, -0.2}, {4, -4}, {5, -5}, {6, -6}, {kEnd, -0.3}, {4, -4},
                                      {5, -5},      {6, -6}, {4, -9}, {5, -9}, {6, -9},      {7, -9}};
  go(one, second);
  go(two, second);
  CHECK(one.done());
  CHECK(one.results().size() == 1);
  REQUIRE(two.done());
  const auto found = two.results();
  REQUIRE(found.size() == 2);
  CHECK(found[0].words == Words{7});
  CHECK(found[0].score == Approx(-0.3));
  CHECK(found[1].words.empty());
  CHECK(found[1].score == Approx(-1));
  CHECK(found[0].margin == Approx(0.7));  // between the best and the next
}

TEST_CASE("beam: ended translations come before cut off ones among the n best") {
  Beam beam(1, {.beam = 3, .nbest = 3, .max_length_factor = 0, .max_length_extra = 1});
  go(beam, {{7, -0.1}, {kEnd, -9}, {8, -9.5}, {9, -30}});
  REQUIRE(beam.done());
  const auto found = beam.results();
  REQUIRE(found.size() == 3);
  CHECK(found[0].complete);
  CHECK(found[1].words == Words{7});
  CHECK(found[2].words == Words{8});
}

TEST_CASE("beam: forbidden words are skipped and a translation without an allowed word is cut off") {
  const double inf = std::numeric_limits<double>::infinity();
  Beam beam(4, {.beam = 2});
  go(beam, {{7, -1}, {decoding::kNoWord, -inf}, {decoding::kNoWord, -inf}});
  CHECK(beam.live() == 1);
  CHECK(!beam.done());
  go(beam, {{decoding::kNoWord, -inf}, {decoding::kNoWord, -inf}, {decoding::kNoWord, -inf}});
  REQUIRE(beam.done());
  CHECK(beam.result().words == Words{7});
  CHECK(!beam.result().complete);
  CHECK(beam.result().score == -1);
}

TEST_CASE("beam: sampled translations are independent and in the order of sampling") {
  Beam beam(2, {.nbest = 3, .max_length_factor = 0, .max_length_extra = 3, .temperature = 1});
  const std::vector<float> row{0.5F, 0.5F};
  beam.advance_drawn(std::vector<Candidate>{{7, -1}, {kEnd, -2}, {7, -1}}, row.data(), 2);
  REQUIRE(beam.live() == 2);
  CHECK(beam.draw(0) == 0);
  CHECK(beam.draw(1) == 2);
  CHECK(beam.came_from(1) == 0);
  const std::vector<float> rows{0.25F, 0.75F, 1, 0};
  beam.advance_drawn(std::vector<Candidate>{{8, -1}, {kEnd, -1}}, rows.data(), 2);
  REQUIRE(beam.live() == 1);
  beam.advance_drawn(std::vector<Candidate>{{9, -1}}, row.data(), 2);
  REQUIRE(beam.done());
  const auto found = beam.results();
  REQUIRE(found.size() == 3);
  CHECK(found[0].words == Words{7, 8, 9});
  CHECK(!found[0].complete);
  CHECK(found[1].words.empty());
  CHECK(found[1].complete);
  CHECK(found[2].words == Words{7});
  CHECK(found[2].weights == WeightMatrix{2, 2, {0.5, 0.5, 1, 0}});
}

}  // namespace regard::testing
