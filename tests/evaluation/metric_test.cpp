#include "framework/evaluation/metric.h"

#include <fmt/format.h>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::evaluation {
namespace {

// A row has the lengths of the hypothesis and of all references.
class Lengths final : public Metric {
 public:
  std::string name() const override { return "lengths"; }
  double score(std::span<const double> sum) const override { return sum[0]; }
  std::string verbose(std::span<const double>) const override { return ""; }
  Signature signature(std::size_t references) const override { return Signature(references); }

 protected:
  void rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
            std::span<double> out) const override {
    std::vector<std::string_view> of_segment;
    for (Index i = begin; i < end; ++i) {
      references_of(references, i, of_segment);
      double* const row = out.data() + (i - begin) * 2;
      row[0] = static_cast<double>(hypotheses[static_cast<std::size_t>(i)].size());
      row[1] = 0;
      for (const std::string_view reference : of_segment) row[1] += static_cast<double>(reference.size());
    }
  }
  Index width() const override { return 2; }
};

std::string refused(const Lines& hypotheses, const std::vector<Lines>& references) {
  return testing::thrown<DataError>([&] { static_cast<void>(Lengths().statistics(hypotheses, references)); });
}

}  // namespace

TEST_CASE("metric: a segment has a row and their sum is that of the whole") {
  const Statistics rows = Lengths().statistics({"ab", "", "abc"}, {{"a", "bc ", ""}, {"xyz", "x", "y\t"}});
  CHECK(rows.segments() == 3);
  CHECK(rows.values == std::vector<double>{2, 4, 0, 3, 3, 1});
  CHECK(std::vector<double>(rows.row(1).begin(), rows.row(1).end()) == std::vector<double>{0, 3});
  CHECK(rows.sum() == std::vector<double>{5, 8});
  CHECK(Statistics{}.segments() == 0);
}

TEST_CASE("metric: rows are the same for any number of threads") {
  Lines hypotheses, references;
  for (std::size_t i = 0; i < 3000; ++i) {
    hypotheses.emplace_back(i % 7, 'h');
    references.emplace_back(i % 11, 'r');
  }
  const int before = threads();
  for (const int count : {1, 4}) {
    set_threads(count);
    const Statistics rows = Lengths().statistics(hypotheses, {references});
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < 3000; ++i) {
      const bool right = rows.values[2 * i] == static_cast<double>(i % 7) &&
                         rows.values[2 * i + 1] == static_cast<double>(i % 11);
      wrong += right ? 0U : 1U;
    }
    CHECK(wrong == 0);
  }
  set_threads(before);
}

TEST_CASE("metric: as many lines as hypotheses and at least one of each") {
  CHECK(refused({"a"}, {}) == "evaluation: there is no reference to score against");
  CHECK(refused({}, {{}}) == "evaluation: there is no hypothesis to score");
  CHECK(refused({"a", "b"}, {{"a", "b"}, {"a"}}) ==
        "evaluation: 2 hypotheses but 1 lines in reference 2; line N is scored against line N");
}

TEST_CASE("metric: references of a segment lose the white space at their ends") {
  std::vector<std::string_view> out{"left over"};
  references_of({{"x", "a b \t"}, {"y", " c\xC2\xA0"}}, 1, out);
  CHECK(out == std::vector<std::string_view>{"a b", " c"});
}

TEST_CASE("metric: text counts as tokenised from 100 lines that end in a full stop of its own") {
  Lines lines(99, "it is late .");
  lines.push_back("it is late.");
  CHECK_FALSE(looks_tokenized(lines));
  lines.push_back("so . ");
  CHECK(looks_tokenized(lines));
}

}  // namespace regard::evaluation
