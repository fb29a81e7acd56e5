#include "framework/runs/run_facts.h"

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::runs {
namespace {

// A finished run whose validations have these losses, after 10, 20, … updates.
Run with_losses(const std::vector<double>& losses, const std::string& best_by = "loss") {
  Run run;
  run.state = RunState::finished;
  run.manifest.emplace().best_by = best_by;
  double best = 1e9;
  for (const double loss : losses) {
    HistoryEntry entry;
    entry.update = 10 * static_cast<Index>(run.history.size() + 1);
    entry.valid_loss = loss;
    entry.valid_bleu = 100 - 10 * loss;
    entry.best = loss < best;
    best = std::min(best, loss);
    run.history.push_back(entry);
  }
  return run;
}

std::vector<FactKind> kinds(const Run& run, const std::vector<TestSet>& tests = {}) {
  std::vector<FactKind> found;
  for (const RunFact& fact : find_facts(run, tests)) found.push_back(fact.kind);
  return found;
}

using Kinds = std::vector<FactKind>;

TestSet test_set(Index sentences = 10) {
  TestSet test;
  test.name = "test";
  test.target.assign(static_cast<std::size_t>(sentences), "a small word");
  return test;
}

// A run with attention whose weights at each of three words of ten sentences are `row`, the last of which is </s>.
Run with_weights(const std::vector<double>& row, const char* by = kByContent) {
  Run run;
  run.state = RunState::finished;
  run.manifest.emplace().attention_by = by;
  for (Index index = 0; index < 10; ++index) {
    AttentionExample example;
    example.index = index;
    example.source.assign(row.size() - 1, "w");
    example.source.emplace_back("</s>");
    example.target = {"a", "b", "c", "</s>"};
    for (int t = 0; t < 3; ++t) example.weights.add_row(std::span<const double>(row));
    std::vector<double> at_end(row.size(), 0.0);
    at_end.back() = 1;
    example.weights.add_row(std::span<const double>(at_end));
    run.forced["test"].push_back(example);
  }
  return run;
}

}  // namespace

TEST_CASE("run facts: a run whose best validation is the last was still improving") {
  CHECK(kinds(with_losses({5, 3, 2.5, 2.4, 2.39, 2.389})) == Kinds{FactKind::still_improving});
  CHECK(kinds(with_losses({5, 3, 2.5, 2.4, 2.39, 2.391})) == Kinds{});
  CHECK(kinds(with_losses({5})) == Kinds{});  // one validation says nothing
  const auto facts = find_facts(with_losses({5, 3, 2.5, 2.4, 2}), {});
  REQUIRE(facts.size() == 1);
  CHECK(
      facts[0].text ==
      "still improving at its end: its last validation has loss 2.000, after loss 2.400 in the first four fifths of "
      "its training");
  CHECK(facts[0].value == Approx(0.4 / 3));
}

TEST_CASE("run facts: a run that gained much in its last fifth was still improving") {
  // Gained in all: 3. In the last two of ten validations: 0.16 (5.3 %), then 0.14 (4.7 %).
  CHECK(kinds(with_losses({5, 4, 3, 2.5, 2.3, 2.2, 2.18, 2.16, 2, 2.1})) == Kinds{FactKind::still_improving});
  CHECK(kinds(with_losses({5, 4, 3, 2.5, 2.3, 2.2, 2.18, 2.14, 2, 2.1})) == Kinds{});
}

TEST_CASE("run facts: BLEU counts where it selects the best checkpoint") {
  const auto facts = find_facts(with_losses({5, 3, 2}, "bleu"), {});
  REQUIRE(facts.size() == 1);
  CHECK(
      facts[0].text ==
      "still improving at its end: its last validation has BLEU 80.0, after BLEU 70.0 in the first four fifths of "
      "its training");
}

TEST_CASE("run facts: a run that was best in its first third overfitted") {
  CHECK(kinds(with_losses({3, 2, 2.5, 2.6, 2.7, 2.8, 2.9})) == Kinds{FactKind::overfitted});  // 20 of 70
  CHECK(kinds(with_losses({3, 2.5, 2.4, 2.6, 2.7, 2.8, 2.9})) == Kinds{});                    // 30 of 70
  CHECK(find_facts(with_losses({3, 2, 2.5, 2.6, 2.7, 2.8, 2.9}), {})[0].text ==
        "overfitted: its best validation (loss 2.000) is at 29 % of its updates, the last has loss 2.900");
}

TEST_CASE("run facts: attention that stays at one position is parked") {
  const std::vector<TestSet> tests{test_set()};
  CHECK(kinds(with_weights({0.1, 0.1, 0.1, 0.19, 0.51}), tests) == Kinds{FactKind::parked});
  CHECK(kinds(with_weights({0.1, 0.1, 0.1, 0.21, 0.49}), tests) == Kinds{});
  CHECK(find_facts(with_weights({0.1, 0, 0, 0, 0.9}), tests)[0].text ==
        "parked: </s> has 90 % of the weight of attention (test)");
  CHECK(find_facts(with_weights({0.6, 0.1, 0.1, 0.1, 0.1}), tests)[0].text ==
        "parked: the first word has 60 % of the weight of attention (test)");
  CHECK(find_facts(with_weights({0.1, 0.1, 0.1, 0.6, 0.1}), tests)[0].text ==
        "parked: the last word has 60 % of the weight of attention (test)");
  // Weights that sum to less than 1 are judged by their shares.
  CHECK(kinds(with_weights({0.01, 0.01, 0.01, 0.01, 0.1}), tests) == Kinds{FactKind::parked});
}

TEST_CASE("run facts: parking is judged where content matters and where there is enough to see") {
  const std::vector<TestSet> tests{test_set()};
  const std::vector<double> parked{0, 0, 0, 0, 1};
  CHECK(kinds(with_weights(parked, kByPosition), tests) == Kinds{});
  CHECK(kinds(with_weights(parked, ""), tests) == Kinds{});    // an older folder does not say
  CHECK(kinds(with_weights({0, 0, 0, 1}), tests) == Kinds{});  // three words and </s>
  Run few = with_weights(parked);
  few.forced["test"].resize(6);  // 18 rows
  CHECK(kinds(few, tests) == Kinds{});
  Run own = with_weights(parked);
  own.attention = std::move(own.forced);
  own.forced.clear();
  CHECK(kinds(own, tests) == Kinds{FactKind::parked});
}

TEST_CASE("run facts: even attention is dead") {
  const std::vector<TestSet> tests{test_set()};
  CHECK(kinds(with_weights({0.2, 0.2, 0.2, 0.2, 0.2}), tests) == Kinds{FactKind::dead});
  CHECK(kinds(with_weights({0.3, 0.3, 0.2, 0.1, 0.1}), tests) == Kinds{});  // 94 % of the entropy
  CHECK(find_facts(with_weights({0.2, 0.2, 0.2, 0.2, 0.2}), tests)[0].text ==
        "its attention is even: its entropy is 100.0 % of that of even weights (test)");
}

TEST_CASE("run facts: translations that are cut or repeat words") {
  const std::vector<TestSet> tests{test_set(100)};
  Run run;
  run.state = RunState::finished;
  run.manifest.emplace().cut["test"] = 2;
  run.hypotheses["test"].assign(100, "a small word");
  run.hypotheses["test"][0] = run.hypotheses["test"][1] = "the the the the";
  CHECK(kinds(run, tests) == Kinds{});
  run.manifest->cut["test"] = 3;
  run.hypotheses["test"][2] = "a b a b a b";
  CHECK(kinds(run, tests) == Kinds{FactKind::truncated, FactKind::repeats});
  const auto facts = find_facts(run, tests);
  CHECK(facts[0].text == "truncated: 3 % of its translations are cut at the length limit (test)");
  CHECK(facts[1].text ==
        "repeats: 3 % of its translations say the same words again and again, of the references 0 % (test)");
  // References that repeat as much are the nature of the text.
  auto repeating = tests;
  repeating[0].target[0] = "no no no no";
  CHECK(kinds(run, repeating) == Kinds{FactKind::truncated});
}

TEST_CASE("run facts: what counts as repeating") {
  CHECK(repeats_words("x the the the the y"));
  CHECK_FALSE(repeats_words("the the the"));
  CHECK(repeats_words("of a of a of a"));
  CHECK_FALSE(repeats_words("of a of a of b"));
  CHECK(repeats_words("1 2 3 4 1 2 3 4 1 2 3 4"));
  CHECK_FALSE(repeats_words("1 2 3 4 1 2 3 4 1 2 3 5"));
  CHECK_FALSE(repeats_words(""));
}

TEST_CASE("run facts: a diverged run says so and an unfinished one nothing") {
  Run run = with_losses({5, 4, 3});
  run.state = RunState::failed;
  run.status.stopped = kDiverged;
  run.reason = "step 31: loss is nan";
  REQUIRE(kinds(run) == Kinds{FactKind::diverged});
  CHECK(find_facts(run, {})[0].text == "diverged: step 31: loss is nan");
  CHECK(find_facts(run, {})[0].value == 30);
  run.status.stopped = "";
  CHECK(kinds(run) == Kinds{});
  run.state = RunState::unfinished;
  CHECK(kinds(run) == Kinds{});
}

TEST_CASE("run facts: a folder has those of facts.json or computes them") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path());
  const RunPaths paths = RunFolder{folder.path()}.run("dot", 1);
  const auto computed = facts_from_files(folder.path(), "dot", 1);
  CHECK(load_results(folder.path()).runs[3].facts.size() == computed.size());
  const RunFacts stored{{{FactKind::parked, "test", 0.75, "parked: …"}}};
  write_file(paths.facts(), to_json(stored));
  const auto read = load_results(folder.path()).runs[3].facts;
  REQUIRE(read.size() == 1);
  CHECK(read[0].kind == FactKind::parked);
  CHECK(read[0].value == 0.75);
  write_file(paths.facts(), R"({"facts": [{"fact": "lazy", "test": "", "value": 0, "text": ""}]})");
  CHECK_THROWS_WITH(load_results(folder.path()),
                    paths.facts().string() +
                        ": facts[0].fact: expected \"diverged\", \"still_improving\", \"overfitted\", \"parked\", "
                        "\"dead\", \"truncated\" or \"repeats\", got \"lazy\"");
}

}  // namespace regard::runs
