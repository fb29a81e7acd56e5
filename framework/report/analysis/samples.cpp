#include "framework/report/analysis/samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/report/analysis/diff_tokens.h"
#include "framework/report/escape.h"

namespace regard::report {
namespace {

constexpr std::size_t kLongestMarked = 400;

// Returns which tokens of `a` are in a longest common subsequence of a and b.
std::vector<bool> common(const std::vector<DiffToken>& a, const std::vector<DiffToken>& b) {
  const std::size_t columns = b.size() + 1;
  std::vector<int> best((a.size() + 1) * columns, 0);  // length for the suffixes
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      best[i * columns + j] = a[i].text == b[j].text
                                  ? 1 + best[(i + 1) * columns + j + 1]
                                  : std::max(best[(i + 1) * columns + j], best[i * columns + j + 1]);
    }
  }
  std::vector<bool> in(a.size(), false);
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].text == b[j].text) {
      in[i] = true;
      ++i, ++j;
    } else if (best[(i + 1) * columns + j] >= best[i * columns + j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return in;
}

std::string row(const std::string& name, const std::string& content, const std::string& language,
                const char* kind = "") {
  return fmt::format("<dt{0}>{1}</dt><dd{0} dir=\"auto\" lang=\"{3}\">{2}</dd>\n", kind, html(name), content,
                     language);
}

}  // namespace

std::string marked_words(const std::string& hypothesis, const std::string& reference) {
  const std::vector<DiffToken> ours = diff_tokens_of(hypothesis);
  const std::vector<DiffToken> theirs = diff_tokens_of(reference);
  if (std::max(ours.size(), theirs.size()) > kLongestMarked) return html(hypothesis);
  const std::vector<bool> same = common(ours, theirs);
  std::string out;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i].after_space) out += ' ';
    const bool joins = i > 0 && !same[i - 1] && !ours[i].after_space;  // one mark for neighbours
    if (!same[i] && !joins) out += "<mark>";
    out += html(ours[i].text);
    const bool joined = i + 1 < ours.size() && !same[i + 1] && !ours[i + 1].after_space;
    if (!same[i] && !joined) out += "</mark>";
  }
  return out;
}

std::vector<Index> evenly_spread(Index sentences, Index count) {
  std::vector<Index> chosen;
  const Index take = std::min(sentences, count);
  for (Index k = 0; k < take; ++k) chosen.push_back((2 * k + 1) * sentences / (2 * take));
  return chosen;
}

std::string sample_html(const Analysis& analysis, const TestSet& test, Index sentence) {
  const auto at = static_cast<std::size_t>(sentence);
  std::string out = fmt::format(
      "<article class=\"sample\"><h3 class=\"small\">{} <span class=\"unit\">sentence {}</span></h3>\n<dl>\n",
      html(test.name), sentence + 1);
  const std::string target = language_tag(analysis.results->data.target_language);
  out += row("source", html(test.source[at]), language_tag(analysis.results->data.source_language));
  out += row("reference", html(test.target[at]), target, " class=\"reference\"");
  for (const SystemSummary& system : analysis.systems) {
    const auto* lines = system.finished.empty() ? nullptr : system.finished.front()->lines(test.name);
    if (lines == nullptr) continue;
    const std::string& line = (*lines)[at];
    const std::string shown =
        line.empty() ? "<span class=\"unit\">(empty)</span>" : marked_words(line, test.target[at]);
    out += row(system.name, shown, target);
  }
  return out + "</dl></article>\n";
}

}  // namespace regard::report
