#include "framework/evaluation/sequence_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/evaluation/text.h"

namespace regard::evaluation {
namespace {

using Words = std::vector<std::string_view>;

std::vector<char32_t> characters_of(std::string_view line) {
  std::vector<char32_t> all;
  for (const std::string_view word : split(line)) {
    if (!all.empty()) all.push_back(U' ');
    const std::vector<char32_t> more = characters(word);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

template <class T>
Index edits(const std::vector<T>& hypothesis, const std::vector<T>& reference) {
  std::vector<Index> row(reference.size() + 1);
  std::iota(row.begin(), row.end(), Index{0});
  for (std::size_t h = 0; h < hypothesis.size(); ++h) {
    Index diagonal = row[0];
    row[0] = static_cast<Index>(h) + 1;
    for (std::size_t r = 0; r < reference.size(); ++r) {
      const Index substituted = diagonal + (hypothesis[h] == reference[r] ? 0 : 1);
      diagonal = row[r + 1];
      row[r + 1] = std::min({substituted, row[r] + 1, row[r + 1] + 1});
    }
  }
  return row.back();
}

struct Edits {
  Index edits = 0;
  Index length = 0;
};

template <class T, class Split>
Edits fewest(const std::string& hypothesis, const std::vector<std::string_view>& references, Split split_into) {
  const std::vector<T> ours = split_into(hypothesis);
  Edits best{-1, 0};
  for (const std::string_view reference : references) {
    const std::vector<T> theirs = split_into(reference);
    const Index count = edits(ours, theirs);
    if (best.edits < 0 || count < best.edits) best = {count, static_cast<Index>(theirs.size())};
  }
  return best;
}

// Calls one(segment, references, row) for each segment of [begin, end).
template <class One>
void each_row(const std::vector<Lines>& references, Index begin, Index end, Index width, std::span<double> out,
              One one) {
  std::vector<std::string_view> of_segment;
  for (Index segment = begin; segment < end; ++segment) {
    references_of(references, segment, of_segment);
    one(static_cast<std::size_t>(segment), of_segment,
        out.subspan(static_cast<std::size_t>((segment - begin) * width), static_cast<std::size_t>(width)));
  }
}

double percent(double part, double whole) {
  if (whole > 0) return 100.0 * (part / whole);
  return part > 0 ? 100.0 : 0.0;
}

Signature of_units(std::size_t references, const char* unit) {
  Signature out(references);
  out.add("case", "c", "mixed");
  out.add("unit", "u", unit);
  return out;
}

}  // namespace

double ExactMatch::score(std::span<const double> sum) const {
  check(sum.size() == 2, "ExactMatch: a row of statistics has 2 numbers");
  return percent(sum[0], sum[1]);
}

std::string ExactMatch::verbose(std::span<const double> sum) const {
  return fmt::format("({:.0f} of {:.0f})", sum[0], sum[1]);
}

Signature ExactMatch::signature(std::size_t references) const { return of_units(references, "line"); }

void ExactMatch::rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
                      std::span<double> out) const {
  each_row(
      references, begin, end, width(), out, [&](std::size_t segment, const auto& lines, std::span<double> row) {
        const Words ours = split(hypotheses[segment]);
        const bool equal =
            std::any_of(lines.begin(), lines.end(), [&](std::string_view line) { return split(line) == ours; });
        row[0] = equal ? 1 : 0;
        row[1] = 1;
      });
}

double TokenAccuracy::score(std::span<const double> sum) const {
  check(sum.size() == 2, "TokenAccuracy: a row of statistics has 2 numbers");
  return sum[1] > 0 ? percent(sum[0], sum[1]) : 100.0;
}

Signature TokenAccuracy::signature(std::size_t references) const { return of_units(references, "word"); }

void TokenAccuracy::rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
                         std::span<double> out) const {
  each_row(references, begin, end, width(), out,
           [&](std::size_t segment, const auto& lines, std::span<double> row) {
             const Words ours = split(hypotheses[segment]);
             row[0] = -1;
             for (const std::string_view line : lines) {
               const Words theirs = split(line);
               double equal = 0;
               for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
                 equal += ours[i] == theirs[i] ? 1 : 0;
               if (equal <= row[0]) continue;
               row[0] = equal;
               row[1] = static_cast<double>(theirs.size());
             }
           });
}

double ErrorRate::score(std::span<const double> sum) const {
  check(sum.size() == 3, "ErrorRate: a row of statistics has 3 numbers");
  if (a_line_) return sum[2] > 0 ? sum[0] / sum[2] : 0.0;
  return percent(sum[0], sum[1]);
}

Signature ErrorRate::signature(std::size_t references) const {
  return of_units(references, unit_ == Unit::word ? "word" : "char");
}

void ErrorRate::rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
                     std::span<double> out) const {
  each_row(references, begin, end, width(), out,
           [&](std::size_t segment, const auto& lines, std::span<double> row) {
             const Edits found = unit_ == Unit::word ? fewest<std::string_view>(hypotheses[segment], lines, split)
                                                     : fewest<char32_t>(hypotheses[segment], lines, characters_of);
             row[0] = static_cast<double>(found.edits);
             row[1] = static_cast<double>(found.length);
             row[2] = 1;
           });
}

}  // namespace regard::evaluation
