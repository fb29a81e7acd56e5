#include "framework/report/analysis/attention_choice.h"

#include <filesystem>

#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

using runs::AttentionExample;

// One system "a" with weights for three sentences of three words, and the given gold links.
struct Small {
  Results results;
  explicit Small(const std::vector<evaluation::Links>& links) {
    results.plan.systems = {{"vanilla", {}, false}, {"a", {}, false}};
    results.plan.seeds = {1};
    results.plan.baseline = "vanilla";
    TestSet test;
    test.name = "test";
    test.source = test.target = test.source_tokens = test.target_tokens = {"x y z w", "x y z w", "x y z w"};
    for (const evaluation::Links& sure : links) test.alignment.push_back({sure, sure});
    results.tests = {test};
    Run vanilla;
    vanilla.system = "vanilla";
    vanilla.seed = 1;
    vanilla.state = RunState::finished;
    vanilla.scores.tests["test"] = {};
    vanilla.hypotheses["test"] = test.target;
    Run a = vanilla;
    a.system = "a";
    const WeightMatrix forward{3, 3, {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    const WeightMatrix back{3, 3, {0, 1, 0, 1, 0, 0, 0, 0, 1}};
    a.attention["test"] = {{0, {"x", "y", "</s>"}, {"u", "v", "</s>"}, forward},
                           {1, {"x", "y", "</s>"}, {"u", "v", "</s>"}, back},
                           {2, {"x", "y", "</s>"}, {"u", "v", "</s>"}, forward}};
    results.runs = {vanilla, a};
  }
};

}  // namespace

TEST_CASE("attention choice: it is the first sentence with swapped neighbours in the gold alignment") {
  const Small small({{{0, 0}, {1, 1}, {2, 2}}, {{0, 2}, {1, 1}, {1, 0}}, {{0, 0}, {1, 2}, {2, 1}}});
  const Analysis analysis = analyse(small.results);
  const auto choice = choose_attention(analysis);
  REQUIRE(choice);
  CHECK(choice->sentence == 2);
  CHECK(choice->seed == 1);
  CHECK(choice->rule == "the first sentence whose gold alignment swaps two neighbouring words");
  CHECK(choice->shown[0] == nullptr);
  REQUIRE(choice->shown[1] != nullptr);
  CHECK(choice->shown[1]->index == 2);
}

TEST_CASE("attention choice: without alignments it is the sentence with the largest step back of the weights") {
  const Small small({});
  const Analysis analysis = analyse(small.results);
  const auto choice = choose_attention(analysis);
  REQUIRE(choice);
  CHECK(choice->sentence == 1);
}

TEST_CASE("attention choice: there is none if no system has weights") {
  Small small({});
  small.results.runs[1].attention.clear();
  const Analysis analysis = analyse(small.results);
  CHECK_FALSE(choose_attention(analysis));
}

}  // namespace regard::report
