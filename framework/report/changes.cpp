#include "framework/report/changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/report/cells.h"
#include "framework/report/comparisons.h"
#include "framework/report/table.h"

namespace regard::report {
namespace {

struct Change {
  Comparison comparison;
  Spread before;
  Spread after;
  bool same_lines = false;
};

const SystemSummary* named(const std::vector<SystemSummary>& systems, const std::string& name) {
  const auto found = std::find_if(systems.begin(), systems.end(), [&](const auto& s) { return s.name == name; });
  return found == systems.end() ? nullptr : &*found;
}

Spread bleu_of(const SystemSummary& system, const std::string& test, const std::string& tokenizer) {
  const auto& of_test = system.bleu.at(test);
  const auto found = of_test.find(tokenizer);
  return found == of_test.end() ? Spread{} : found->second;
}

// Whether each seed that both finished has the same lines.
bool same_lines(const SystemSummary& a, const SystemSummary& b, const std::string& test) {
  for (const Run* ours : a.finished) {
    for (const Run* theirs : b.finished) {
      const bool pair =
          ours->seed == theirs->seed && ours->lines(test) != nullptr && theirs->lines(test) != nullptr;
      if (pair && *ours->lines(test) != *theirs->lines(test)) return false;
    }
  }
  return true;
}

std::vector<Change> changes_on(const TestSet& test, const Analysis& before, const Analysis& after) {
  const evaluation::Bleu bleu = bleu_with(after.tokenizer);
  RunStatistics statistics = bleu_statistics(test, before.systems, after.tokenizer);
  statistics.merge(bleu_statistics(test, after.systems, after.tokenizer));
  std::vector<Change> all;
  for (const SystemSummary& now : after.systems) {
    const SystemSummary* then = named(before.systems, now.name);
    if (then == nullptr) continue;
    Change change{compare_systems(bleu, now, *then, test, statistics), bleu_of(*then, test.name, after.tokenizer),
                  bleu_of(now, test.name, after.tokenizer), same_lines(now, *then, test.name)};
    if (!change.comparison.seeds.empty()) all.push_back(std::move(change));
  }
  std::vector<Comparison*> comparisons;
  for (Change& change : all) comparisons.push_back(&change.comparison);
  correct_for_all(comparisons);
  return all;
}

Cell interval(double low, double high) {
  return text_cell(fmt::format("[{}, {}]", fixed(low, 2), fixed(high, 2)));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// Lines that the other plan does not have.
std::string only_in(const std::vector<std::string>& ours, const std::vector<std::string>& theirs,
                    const char* sign) {
  std::string out;
  for (const std::string& line : ours) {
    if (std::find(theirs.begin(), theirs.end(), line) == theirs.end()) out += fmt::format("{} {}\n", sign, line);
  }
  return out;
}

std::string missing_in(const std::vector<SystemSummary>& ours, const std::vector<SystemSummary>& theirs,
                       const std::string& folder) {
  std::string out;
  for (const SystemSummary& system : ours) {
    if (named(theirs, system.name) == nullptr) out += fmt::format("Only in {}: {}.\n", folder, system.name);
  }
  return out;
}

}  // namespace

std::string changes(const Results& before, const Results& after, const std::string& old_name,
                    const std::string& new_name) {
  const Analysis then = analyse(before, Claims::skip);
  const Analysis now = analyse(after, Claims::skip);
  Table table{"changes",
              "What moved",
              {{"system", "", false},
               {"test set", "", false},
               {"BLEU before", "", true},
               {"BLEU after", "", true},
               {"difference", "", true},
               {"the method: 95 % interval", "", true},
               {"p, Holm", "", true},
               {"these models: 95 % interval", "", true},
               {"p", "", true}},
              {},
              {}};
  std::string sentences;
  for (const TestSet& test : after.tests) {
    const TestSet* old = then.test(test.name);
    if (old == nullptr || old->target != test.target || old->source != test.source) {
      sentences += fmt::format("{}: {}, so nothing is compared on it.\n", test.name,
                               old == nullptr ? fmt::format("{} does not have it", old_name)
                                              : std::string("the two folders have other sentences"));
      continue;
    }
    for (const Change& change : changes_on(test, then, now)) {
      const Comparison& c = change.comparison;
      sentences +=
          change.same_lines
              ? fmt::format("On {}, {} wrote the very same in both.\n", test.name, c.system)
              : fmt::format("On {}, {}.\n", test.name,
                            in_words(fmt::format("{} of {}", c.system, new_name),
                                     fmt::format("that of {}", old_name), "BLEU", c.numbers, c.sentences));
      const evaluation::Comparison& n = c.numbers;
      table.rows.push_back(
          {text_cell(c.system), text_cell(test.name), score_cell(change.before), score_cell(change.after),
           spread_cell(c.difference, signed_fixed(c.difference.mean, 2)),
           n.method ? interval(n.method->low, n.method->high) : text_cell("–"),
           n.holm_p_value ? number_cell(p_text(*n.holm_p_value), *n.holm_p_value) : text_cell("–"),
           interval(n.models.low, n.models.high), number_cell(p_text(n.models.p_value), n.models.p_value)});
    }
  }
  std::string out = sentences;
  if (!table.rows.empty()) out += fmt::format("\n{}", to_terminal(table));
  out += missing_in(then.systems, now.systems, old_name) + missing_in(now.systems, then.systems, new_name);
  const std::vector<std::string> old_plan = lines_of(before.plan.text);
  const std::vector<std::string> new_plan = lines_of(after.plan.text);
  const std::string differ = only_in(old_plan, new_plan, "-") + only_in(new_plan, old_plan, "+");
  out += differ.empty() ? "\nThe plans are the same.\n" : "\nLines of the plans that differ:\n";
  return out + differ;
}

}  // namespace regard::report
