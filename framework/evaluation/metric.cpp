#include "framework/evaluation/metric.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/evaluation/text.h"

namespace regard::evaluation {
namespace {

constexpr Index lines_a_thread = 256;  // a smaller part is not worth a thread

void require_segments(const Lines& hypotheses, const std::vector<Lines>& references) {
  if (references.empty()) throw DataError("evaluation: there is no reference to score against");
  for (std::size_t r = 0; r < references.size(); ++r) {
    if (references[r].size() == hypotheses.size()) continue;
    throw DataError(
        fmt::format("evaluation: {} hypotheses but {} lines in reference {}; line N is scored against line N",
                    hypotheses.size(), references[r].size(), r + 1));
  }
  if (hypotheses.empty()) throw DataError("evaluation: there is no hypothesis to score");
}

}  // namespace

std::vector<double> Statistics::sum() const {
  std::vector<double> total(static_cast<std::size_t>(width), 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) total[i % total.size()] += values[i];
  return total;
}

Statistics Metric::statistics(const Lines& hypotheses, const std::vector<Lines>& references) const {
  require_segments(hypotheses, references);
  const auto segments = static_cast<Index>(hypotheses.size());
  Statistics out{width(), std::vector<double>(static_cast<std::size_t>(segments * width()))};
  parallel_for(segments, lines_a_thread, [&](Index begin, Index end) {
    rows(hypotheses, references, begin, end,
         std::span(out.values)
             .subspan(static_cast<std::size_t>(begin * out.width),
                      static_cast<std::size_t>((end - begin) * out.width)));
  });
  return out;
}

void references_of(const std::vector<Lines>& references, Index segment, std::vector<std::string_view>& out) {
  out.clear();
  for (const Lines& stream : references) out.push_back(rstrip(stream[static_cast<std::size_t>(segment)]));
}

bool looks_tokenized(const Lines& hypotheses) {
  return std::count_if(hypotheses.begin(), hypotheses.end(),
                       [](const std::string& line) { return rstrip(line).ends_with(" ."); }) >= 100;
}

}  // namespace regard::evaluation
