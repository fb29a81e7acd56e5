#include "framework/report/analysis/attention_numbers.h"

#include <cmath>

#include "framework/report/analysis/analysis.h"
#include "framework/report/tables/tables.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

using runs::AttentionExample;

constexpr double kHalf = 0.5;

// Two source words and </s>, two target words and </s>.
AttentionExample example(std::vector<double> weights) {
  return {0, {"the", "cat", "</s>"}, {"le", "chat", "</s>"}, {3, 3, std::move(weights)}};
}

struct Small {
  TestSet test;
  std::vector<Run> runs{3};
  std::vector<SystemSummary> systems;
  Small() {
    test.name = "test";
    test.source = test.source_tokens = {"the cat"};
    test.target = test.target_tokens = {"le chat"};
    test.alignment = {evaluation::parse_alignment("0-0 1-1", "here")};
    for (std::size_t r = 0; r < runs.size(); ++r) runs[r].seed = static_cast<Index>(r % 2) + 1;
    // dot with seeds 1 and 2, general with seed 1
    runs[0].forced["test"] = {example({1, 0, 0, 0, 1, 0, 0, 0, 1})};
    runs[1].forced["test"] = {example({kHalf, kHalf, 0, kHalf, 0.25, 0.25, 0, 0, 1})};
    runs[2].forced["test"] = {example({kHalf, 0, 0, 0, 1, 0, 0, 0, 1})};
    runs[0].forced_links["test"] = {{{0, 0}, {1, 1}}};
    runs[1].forced_links["test"] = {{{0, 0}, {0, 1}}};
    runs[2].forced_links["test"] = {{}};
    systems.resize(2);
    systems[0].name = "dot";
    systems[0].finished = {&runs[0], &runs[1]};
    systems[1].name = "general";
    systems[1].finished = {&runs[2]};
  }
  [[nodiscard]] AttentionAnalysis analysed() const {
    AttentionAnalysis out;
    add_attention(out, test, systems);
    return out;
  }
};

}  // namespace

TEST_CASE("attention numbers: means are over words and seeds and without the row of </s>") {
  const AttentionAnalysis out = Small().analysed();
  REQUIRE(out.diagnostics.size() == 2);
  const AttentionNumbers& dot = out.diagnostics[0];
  CHECK(dot.forced);
  CHECK(dot.sentences == 1);
  CHECK(dot.entropy.n == 2);
  const double second = (std::log(2.0) + 1.5 * std::log(2.0)) / 2;
  CHECK(dot.entropy.mean == Approx(second / 2));
  CHECK(dot.relative_entropy.mean == Approx(second / 2 / std::log(3.0)));
  CHECK(dot.largest.mean == Approx((1 + kHalf) / 2));
  CHECK(dot.on_end.mean == Approx(0.125 / 2));
  CHECK(dot.off.mean == 0);
  CHECK(dot.monotone.mean == 1);
  CHECK(dot.covered.mean == Approx((1 + 0.875) / 2));
  CHECK(out.diagnostics[1].off.mean == Approx(0.25));  // half of the weight in one of two rows
}

TEST_CASE("attention numbers: the alignment error rate is over seeds and without sentences that have no links") {
  const AttentionAnalysis out = Small().analysed();
  REQUIRE(out.alignments.size() == 1);
  CHECK(out.alignments[0].system == "dot");
  CHECK(out.alignments[0].sentences == 1);
  CHECK(out.alignments[0].error_rate.mean == Approx(0.25));  // 0 and 1 - (1 + 1) / 4
  CHECK(out.alignments[0].precision.mean == Approx(0.75));
  CHECK(out.alignments[0].recall.mean == Approx(0.75));
  Small small;
  small.runs[0].forced_links["test"] = {{}};
  CHECK(small.analysed().alignments[0].error_rate.n == 1);
}

TEST_CASE("attention numbers: agreement is computed between seeds and between systems with one seed") {
  const AttentionAnalysis out = Small().analysed();
  REQUIRE(out.agreements.size() == 2);
  CHECK(out.agreements[0].other == "dot");
  CHECK(out.agreements[0].pairs == 1);
  CHECK(out.agreements[0].agreement.overlap == Approx((kHalf + 0.25) / 2));
  CHECK(out.agreements[0].agreement.same_place == Approx(0.5));
  CHECK(out.agreements[1].other == "general");
  CHECK(out.agreements[1].agreement.overlap == Approx((kHalf + 1) / 2));
  CHECK(out.agreements[1].agreement.same_place == Approx(1));
}

TEST_CASE("attention numbers: attention of the own translations replaces missing forced ones with a note") {
  Small small;
  small.runs[0].attention["test"] = small.runs[0].forced["test"];
  small.runs[0].forced.clear();
  const AttentionAnalysis out = small.analysed();
  CHECK_FALSE(out.diagnostics[0].forced);
  CHECK(out.diagnostics[0].entropy.n == 1);
  CHECK(out.agreements.empty());
  Analysis analysis;
  analysis.attention = out;
  CHECK(attention_table(analysis).notes[0] ==
        "For each system's own translations, so for different words: systems cannot be compared strictly.");
}

TEST_CASE("attention numbers: weights that are not finite give no numbers") {
  Small small;
  small.runs[2].forced["test"][0].weights.values[0] = NAN;
  const AttentionAnalysis out = small.analysed();
  CHECK(out.diagnostics[1].sentences == 0);
  CHECK(out.agreements.size() == 1);
}

}  // namespace regard::report
