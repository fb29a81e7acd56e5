#include "framework/experiment/run/forced_attention.h"

#include <algorithm>
#include <set>
#include <utility>

#include "framework/models/seq2seq.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/tiny_run.h"
#include "tests/support/toy.h"

namespace regard::experiment {
namespace {

struct Forced {
  test::TinyRuns runs;
  models::Seq2Seq model;
  runs::RunPaths paths;

  explicit Forced(const std::string& system)
      : model(system_named(runs.plan, system).model, runs.corpora.prepared.source.size(),
              runs.corpora.prepared.target.size(), 1),
        paths(runs.paths(system)) {}
  void write(Index kept) const { write_forced_attention(model, runs.corpora, 0, kept, paths); }
  [[nodiscard]] const std::string& name() const { return runs.corpora.prepared.tests[0].name; }
  [[nodiscard]] std::vector<runs::AttentionExample> kept() const {
    std::vector<runs::AttentionExample> all;
    for (const std::string& line : read_log(paths.forced_attention(name())))
      all.push_back(runs::from_json<runs::AttentionExample>(line, "forced"));
    return all;
  }
  [[nodiscard]] std::vector<std::string> links() const { return read_log(paths.forced_links(name())); }
};

}  // namespace

TEST_CASE("forced attention: the first sentences have the weights of the model over their references") {
  const Forced forced("general");
  forced.write(2);
  const auto& test = forced.runs.corpora.prepared.tests[0].dataset;
  const auto all = forced.kept();
  REQUIRE(all.size() == 2);
  for (Index i = 0; i < 2; ++i) {
    const auto& example = all[static_cast<std::size_t>(i)];
    CHECK(example.index == i);
    CHECK(example.source.back() == "</s>");
    CHECK(example.target.back() == "</s>");
    CHECK(static_cast<Index>(example.source.size()) == test.source.length(i) + 1);
    CHECK(static_cast<Index>(example.target.size()) == test.target.length(i) + 1);
    const data::Batch batch = testing::batch_of(test, {i});
    Tape tape(forced.model.arithmetic(), Tape::Mode::evaluate);
    const Tensor weights = forced.model.weights(nn::Pass{tape}, batch).value();
    CHECK(example.weights.targets == static_cast<Index>(example.target.size()));
    CHECK(example.weights.sources == static_cast<Index>(example.source.size()));
    Index at = 0;
    for (const double weight : example.weights.values) CHECK(weight == Approx(weights.at(at++)).margin(1e-5));
  }
}

TEST_CASE(
    "forced attention: every sentence has a link from each target word to the source word it looks at most") {
  const Forced forced("general");
  forced.write(100);  // more than there are
  const auto all = forced.kept();
  const auto links = forced.links();
  CHECK(static_cast<Index>(all.size()) == forced.runs.corpora.prepared.tests[0].dataset.size());
  REQUIRE(links.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::set<std::pair<std::ptrdiff_t, std::size_t>> pairs;  // Pharaoh form is sorted by the source
    for (std::size_t t = 0; t + 1 < all[i].target.size(); ++t) {
      const auto row = all[i].weights.row(static_cast<Index>(t));
      pairs.emplace(std::max_element(row.begin(), row.end() - 1) - row.begin(), t);  // without </s>
    }
    std::string expected;
    for (const auto& [s, t] : pairs) expected += fmt::format("{}{}-{}", expected.empty() ? "" : " ", s, t);
    CHECK(links[i] == expected);
  }
}

TEST_CASE("forced attention: what nobody asks for is not written") {
  Forced forced("general");
  forced.write(0);
  CHECK(forced.kept().empty());
  CHECK_FALSE(std::filesystem::exists(forced.paths.forced_attention(forced.name())));
  CHECK_FALSE(forced.links().empty());
  std::filesystem::remove_all(forced.paths.folder);
  forced.runs.corpora.splits.tests[0].corpus.gold = {};
  forced.write(1);
  CHECK(forced.kept().size() == 1);
  CHECK_FALSE(std::filesystem::exists(forced.paths.forced_links(forced.name())));

  const Forced vanilla("vanilla");
  vanilla.write(2);
  CHECK_FALSE(std::filesystem::exists(vanilla.paths.folder));
}

}  // namespace regard::experiment
