// The functions of a Query: random numbers, own losses, watched numbers.
#include <cmath>

#include "framework/attention/attention.h"
#include "framework/attention/notes.h"
#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using attention::Notes;
using attention::Query;
using attention::StepFacts;

// Queries of sentences at positions, in a training.
struct Asked {
  Asked(std::vector<Index> sentences_, std::vector<Index> t_, Key key = Key(1, "dropout"), DType type = DType::f64)
      : sentences(std::move(sentences_)),
        t(std::move(t_)),
        tape(type),
        facts{.key = key, .sentences = sentences, .notes = &notes} {
    const Index B = static_cast<Index>(sentences.size());
    query = {tape.input(tape.zeros({B, static_cast<Index>(t.size()), 2})), t, &facts};
  }
  std::vector<Index> sentences, t;
  Tape tape;
  Notes notes;
  StepFacts facts;
  Query query;
};

std::vector<double> row(const Var& x, Index at) {
  const auto all = values(x);
  const auto n = static_cast<std::ptrdiff_t>(x.shape()[2]);
  return {all.begin() + at * n, all.begin() + (at + 1) * n};
}

}  // namespace

TEST_CASE("query: a random number depends on key and name and sentence and position alone") {
  Asked all({7, 3, 9}, {0, 1, 2});
  const Var u = all.query.uniform("gate", 4);
  REQUIRE(u.shape() == Shape{3, 3, 4});
  CHECK_FALSE(u.needs_grad());
  Asked alone({9}, {2});
  CHECK(row(alone.query.uniform("gate", 4), 0) == row(u, 8));
  const auto longer = row(alone.query.uniform("gate", 9), 0);
  CHECK(std::vector<double>(longer.begin(), longer.begin() + 4) == row(u, 8));
  CHECK(row(alone.query.uniform("other", 4), 0) != row(u, 8));
  CHECK(row(Asked({9}, {1}).query.uniform("gate", 4), 0) != row(u, 8));
  CHECK(row(Asked({8}, {2}).query.uniform("gate", 4), 0) != row(u, 8));
  CHECK(row(Asked({9}, {2}, Key(2, "dropout")).query.uniform("gate", 4), 0) != row(u, 8));
}

TEST_CASE("query: random numbers have their distributions") {
  for (const DType type : {DType::f32, DType::f64}) {
    Asked asked({0, 1, 2, 3}, {0, 1, 2, 3, 4}, Key(1, "dropout"), type);
    const auto mean_of = [](const Var& x, auto f) {
      double sum = 0;
      const auto all = values(x);
      for (const double v : all) sum += f(v);
      return sum / static_cast<double>(all.size());
    };
    const auto same = [](double v) { return v; };
    const auto square = [](double v) { return v * v; };
    const Var u = asked.query.uniform("u", 1000);
    CHECK(mean_of(u, same) == Approx(0.5).epsilon(0.02));
    for (const double v : values(u)) CHECK((v > 0 && v < 1));
    const Var n = asked.query.normal("n", 1000);
    CHECK(std::abs(mean_of(n, same)) < 0.03);
    CHECK(mean_of(n, square) == Approx(1).epsilon(0.03));
    const Var g = asked.query.gumbel("g", 1000);
    CHECK(mean_of(g, same) == Approx(0.57722).epsilon(0.05));  // Euler's constant
    CHECK(mean_of(g, square) - std::pow(mean_of(g, same), 2) == Approx(1.64493).epsilon(0.05));
  }
}

TEST_CASE("query: random numbers of a translation and names that are none are refused") {
  Asked asked({1}, {0});
  asked.facts.sentences = {};
  CHECK(
      shape_error([&] { static_cast<void>(asked.query.uniform("a", 1)); }) ==
      "uniform: random numbers \"a\" are for training only; ask source.training, and without it do what needs none");
  asked.query.facts = nullptr;
  CHECK(
      shape_error([&] { static_cast<void>(asked.query.gumbel("b", 1)); }) ==
      "gumbel: random numbers \"b\" are for training only; ask source.training, and without it do what needs none");
  CHECK(shape_error([&] { static_cast<void>(Asked({1}, {0}).query.normal("No 1", 1)); }) ==
        "normal: the name \"No 1\" must be small letters, digits and '_', first a letter, as in my_gate");
}

TEST_CASE("query: losses and watched numbers are kept in their order and refused where their shape is wrong") {
  Asked asked({1, 2}, {3, 4});
  Tape& tape = asked.tape;
  asked.query.add_loss("own", tape.input(tape.zeros({2, 2, 1})));
  asked.query.watch("gate", tape.input(tape.zeros({2, 2, 5})));
  asked.query.watch("one", tape.input(tape.zeros({1})));
  CHECK(asked.notes.losses()->name == "own");
  CHECK(asked.notes.losses()->first == 3);
  CHECK(asked.notes.watched()->name == "gate");
  CHECK(asked.notes.watched()->next->name == "one");
  CHECK(shape_error([&] {
          asked.query.add_loss("own", tape.input(tape.zeros({2, 1})));
        }) == "add_loss: 'own' is [2, 1], expected [B, T, 1] = [2, 2, 1]: a number for each position");
  CHECK(shape_error([&] {
          asked.query.watch("gate", tape.input(tape.zeros({2, 3})));
        }) == "watch: 'gate' is [2, 3], expected [1], or [B, T, n] with [B, T] = [2, 2]");
  CHECK(shape_error([&] { asked.query.watch("", tape.input(tape.zeros({1}))); }) ==
        "watch: the name \"\" must be small letters, digits and '_', first a letter, as in my_gate");
  asked.facts.notes = nullptr;  // translating
  asked.query.add_loss("own", tape.input(tape.zeros({3})));
}

TEST_CASE("query: the words before are those of its own step") {
  Tape tape(DType::f64);
  const std::vector<Index> ids{1, 2, 3, 4, 5, 6};  // of two hypotheses, three steps each
  StepFacts facts{.previous = ids, .vectors = tape.input({2, 3, 1}, {10, 20, 30, 40, 50, 60}), .step = 1};
  const std::vector<Index> t{0, 1, 2};
  const Query one{tape.input(tape.zeros({2, 1, 2})), std::span(t).first(1), &facts};
  const auto before = one.previous();
  CHECK(std::vector<Index>(before.begin(), before.end()) == std::vector<Index>{2, 5});
  CHECK(values(one.previous_embedded()) == std::vector<double>{20, 50});
  const Query all{tape.input(tape.zeros({2, 3, 2})), t, &facts};
  CHECK(all.previous().size() == 6);
  CHECK(values(all.previous_embedded()) == std::vector<double>{10, 20, 30, 40, 50, 60});
}

TEST_CASE("source: words' vectors are in the source's order and zero on padding and gone in later steps") {
  Tape tape(DType::f64);
  const std::vector<Index> lengths{3, 2};
  attention::Source source = attention::source_of(tape.input(tape.zeros({2, 3, 1})), lengths);
  source.vectors = tape.input({2, 3, 1}, {1, 2, 3, 4, 5, 6});
  CHECK(values(source.embedded()) == std::vector<double>{1, 2, 3, 4, 5, 0});
  const std::vector<Index> places{1, 0, 2, 3, 4, 5};  // the first sentence is read in reverse
  source.places = places;
  CHECK(values(source.embedded()) == std::vector<double>{2, 1, 3, 4, 5, 0});
  source.vectors = {};
  CHECK(
      shape_error([&] { static_cast<void>(source.embedded()); }) ==
      "embedded: the words' vectors are there in project(), prepare() and start() only; return from one of these "
      "what later steps need of them");
}

TEST_CASE("notes: steps are joined to one value and must be complete") {
  Asked first({1}, {0});
  Tape& tape = first.tape;
  Notes notes;
  for (const Index t : {0, 1, 2}) {
    notes.add_loss("own", tape.input({1, 1, 1}, {static_cast<double>(t)}), t);
    notes.add_loss("other", tape.input({1, 1, 1}, {9}), t);
  }
  CHECK(values(attention::joined(notes.losses(), "own", 3)) == std::vector<double>{0, 1, 2});
  CHECK(shape_error([&] { static_cast<void>(attention::joined(notes.losses(), "own", 4)); }) ==
        "add_loss: 'own' was given for 3 of 4 target positions; call it once for each query");
  notes.add_loss("own", tape.input({1, 1, 1}, {3}), 1);
  CHECK(shape_error([&] { static_cast<void>(attention::joined(notes.losses(), "own", 4)); }) ==
        "add_loss: 'own' was given for 3 of 4 target positions; call it once for each query");
  const std::vector<std::string> declared{"own"};
  CHECK(shape_error([&] { attention::require_declared(notes, declared); }) ==
        "add_loss: 'other' is not among the `.losses` of the registration; name it there, as in .losses = "
        "{{\"other\", 0.1, \"what it is for\"}}");
}

}  // namespace regard::testing
