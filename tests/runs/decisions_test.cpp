#include "framework/runs/decisions.h"

#include <filesystem>

#include "framework/base/files.h"
#include "framework/runs/results.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::runs {
namespace {

// A folder of made-up translations with a claim: vanilla makes many mistakes, dot and general few.
class Folder final {
 public:
  explicit Folder(Index first = 3, std::vector<Index> seeds = {1, 2, 3, 4, 5, 6}) {
    fixture::Options options;
    options.systems = {"vanilla", "dot", "general"};
    options.seeds = std::move(seeds);
    options.sentences = 60;
    options.claimed_first = first;
    fixture::write_run_folder(place_.path(), options);
  }
  [[nodiscard]] RunFolder folder() const { return {place_.path()}; }
  [[nodiscard]] PlanFacts facts() const { return plan_facts(place_.path()); }
  [[nodiscard]] Decisions decide() const { return Decider(folder())(decision_plan(facts())); }
  void remove(const std::string& system, Index seed) const {
    std::filesystem::remove_all(folder().run(system, seed).folder);
  }
  void change(const std::string& from, const std::string& to) const {
    std::string text = read_file(folder().resolved_plan());
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    write_file(folder().resolved_plan(), text.replace(at, from.size(), to));
  }

 private:
  test::TempFolder place_;
};

}  // namespace

TEST_CASE("decisions: systems that are much better are decided and get no further seed") {
  const Folder made;
  const Decisions decisions = made.decide();
  INFO(to_json(decisions));
  CHECK(decisions.state == DecisionState::decided);
  CHECK(decisions.metric == "bleu");
  CHECK(decisions.effect == 2.0);
  CHECK(decisions.sentences == 60);
  REQUIRE_FALSE(decisions.rounds.empty());
  const Index seeds = decisions.rounds.back().seeds;
  CHECK(decisions.seeds == std::map<std::string, Index>{{"vanilla", seeds}, {"dot", seeds}, {"general", seeds}});
  const evaluation::Look* const look = last_look(decisions, "general");
  REQUIRE(look != nullptr);
  CHECK(look->finding == evaluation::Finding::better);
  CHECK(look->difference > 20);
  CHECK(summary(decisions) == "decided after " + std::to_string(seeds) + " seeds");
  CHECK(in_words(decisions, "dot").starts_with("dot is better than vanilla by "));
  CHECK(last_look(decisions, "vanilla") == nullptr);
}

TEST_CASE("decisions: they depend on complete rounds only") {
  const Folder made;
  const Decisions whole = made.decide();
  REQUIRE(whole.rounds.size() >= 1);
  made.remove("general", 3);
  const Decisions none = made.decide();
  CHECK(none.state == DecisionState::open);
  CHECK(none.rounds.empty());
  CHECK(none.seeds.at("general") == 3);
  CHECK(summary(none) == "no round is finished; the first has 3 seeds");
  CHECK(in_words(none, "dot") ==
        "dot and vanilla are not compared yet: the first round of 3 seeds is not finished");
}

TEST_CASE("decisions: systems that are alike are open or equivalent and the baseline follows them") {
  const Folder made;
  made.change("baseline: 'vanilla'", "baseline: 'general'");
  const Decisions decisions = made.decide();
  INFO(to_json(decisions));
  const evaluation::Look* const vanilla = last_look(decisions, "vanilla");
  CHECK(vanilla->finding == evaluation::Finding::worse);
  CHECK(in_words(decisions, "vanilla").starts_with("vanilla is worse than general by "));
  // dot needs more seeds than vanilla, which gets none after its verdict.
  CHECK(decisions.seeds.at("dot") > decisions.seeds.at("vanilla"));
  CHECK(decisions.seeds.at("general") == decisions.seeds.at("dot"));
  CHECK(decisions.seeds.at("vanilla") == vanilla->seeds);
}

TEST_CASE("decisions: TER is better when it is lower") {
  const Folder made;
  made.change("metric: bleu", "metric: ter");
  const Decisions decisions = made.decide();
  CHECK(last_look(decisions, "dot")->finding == evaluation::Finding::better);
  CHECK(last_look(decisions, "dot")->difference > 0);
  CHECK(in_words(decisions, "dot").find(" TER [") != std::string::npos);
}

TEST_CASE("decisions: a list of seeds is one round with the whole of alpha") {
  const Folder made;
  made.change("{first: 3, most: 6, until: decided}", "[1, 2, 4, 5]");
  const Decisions decisions = made.decide();
  REQUIRE(decisions.rounds.size() == 1);
  CHECK(decisions.rounds[0].seeds == 4);
  CHECK(last_look(decisions, "dot")->level == Approx(0.025));  // alpha over two systems, by Holm
}

TEST_CASE("decisions: a system with a failed run gets no verdict and the others go on") {
  const Folder made;
  Status failed;
  failed.reason = "killed";
  write_file(made.folder().run("dot", 2).status(), to_json(failed));
  const Decisions decisions = made.decide();
  CHECK(last_look(decisions, "dot")->finding == evaluation::Finding::failed);
  CHECK(last_look(decisions, "general")->finding == evaluation::Finding::better);
  CHECK(decisions.seeds.at("dot") == 3);
  CHECK(in_words(decisions, "dot") == "dot gets no verdict: one of its runs failed");
  CHECK(decisions.state == DecisionState::decided);
  CHECK(summary(decisions).ends_with(" seeds; without a verdict because a run failed: dot"));
}

TEST_CASE("decisions: they are read back as they were written") {
  const Folder made;
  const Decisions decisions = made.decide();
  const std::string text = to_json(decisions);
  CHECK(to_json(from_json<Decisions>(text, "decisions.json")) == text);
}

TEST_CASE("decisions: the facts of a plan have the seeds that were decided on") {
  const Folder made;
  CHECK(made.facts().seeds == std::vector<Index>{1, 2, 3});
  Decisions decisions = made.decide();
  decisions.seeds = {{"vanilla", 5}, {"dot", 5}, {"general", 4}};
  write_file(made.folder().decisions(), to_json(decisions));
  const PlanFacts facts = made.facts();
  CHECK(facts.seeds == std::vector<Index>{1, 2, 3, 4, 5});
  CHECK(facts.seeds_of("general").size() == 4);
  CHECK(facts.seeds_of("dot").size() == 5);
  const Results results = load_results(made.folder().folder);
  CHECK(results.runs.size() == 14);
  CHECK(results.decisions.has_value());
}

TEST_CASE("decisions: an open system's sentence says what a verdict needs") {
  Decisions decisions;
  decisions.metric = "bleu";
  decisions.baseline = "vanilla";
  decisions.effect = 0.5;
  decisions.power = 0.8;
  decisions.first = 3;
  decisions.most = 20;
  decisions.sentences = 1000;
  SystemLook each;
  each.system = "dot";
  each.look.seeds = 6;
  each.look.difference = 0.31;
  each.look.low = -0.5;
  each.look.high = 1.12;
  decisions.rounds.push_back({6, {each}});
  const auto words = [&](evaluation::Obstacle obstacle, Index low, Index high, Index sentences) {
    evaluation::Look& look = decisions.rounds[0].systems[0].look;
    look.obstacle = obstacle;
    look.needs_seeds = {low, high};
    look.needs_sentences = sentences;
    return in_words(decisions, "dot");
  };
  const std::string start = "dot is open: +0.31 BLEU against vanilla [-0.50, 1.12] (6 seeds, 1000 sentences); ";
  CHECK(words(evaluation::Obstacle::none, 0, 0, 0) == start + "it gets another seed");
  CHECK(words(evaluation::Obstacle::sentences, 1000, 1000, 2830) ==
        start +
            "more seeds cannot help, because the sentences of the test set alone leave too much doubt; about 2830 "
            "sentences instead of 1000 would be needed to find a difference of 0.5 BLEU with probability 0.8");
  CHECK(words(evaluation::Obstacle::seeds, 30, 90, 0) ==
        start +
            "20 seeds would very probably not decide it; between 30 and 90 seeds would be needed to find a "
            "difference of 0.5 BLEU with probability 0.8");
  CHECK(words(evaluation::Obstacle::most, 31, 31, 0) ==
        start +
            "it has all 20 seeds; 31 seeds would be needed to find a difference of 0.5 BLEU with probability 0.8");
  decisions.state = DecisionState::hopeless;
  CHECK(summary(decisions) == "open after 6 seeds: dot, and more seeds would not help");
  decisions.state = DecisionState::most;
  CHECK(summary(decisions) == "open after 6 seeds: dot, the most that the plan allows");
  decisions.state = DecisionState::open;
  CHECK(summary(decisions) == "open after 6 seeds: dot; the next round is not finished");
}

}  // namespace regard::runs
