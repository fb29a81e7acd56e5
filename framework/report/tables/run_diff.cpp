#include "framework/report/tables/run_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "framework/report/analysis/comparisons.h"
#include "framework/report/tables/cells.h"

namespace regard::report {
namespace {

const SystemSummary* named(const std::vector<SystemSummary>& systems, const std::string& name) {
  const auto found = std::find_if(systems.begin(), systems.end(), [&](const auto& s) { return s.name == name; });
  return found == systems.end() ? nullptr : &*found;
}

// Returns whether the translations are identical for each seed that both finished.
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

// ---- comparisons

std::vector<Change> changes_on(const TestSet& test, const Analysis& before, const Analysis& after) {
  const evaluation::Bleu bleu = bleu_with(after.tokenizer);
  RunStatistics statistics = bleu_statistics(test, before.systems, after.tokenizer);
  statistics.merge(bleu_statistics(test, after.systems, after.tokenizer));
  std::vector<Change> all;
  for (const SystemSummary& now : after.systems) {
    const SystemSummary* then = named(before.systems, now.name);
    if (then == nullptr) continue;
    Change change{compare_systems(bleu, now, *then, test, statistics), {}, {}, same_lines(now, *then, test.name)};
    if (change.comparison.seeds.empty()) continue;
    change.before = spread(change.comparison.numbers.baseline_scores);
    change.after = spread(change.comparison.numbers.scores);
    all.push_back(std::move(change));
  }
  std::vector<Comparison*> comparisons;
  for (Change& change : all) comparisons.push_back(&change.comparison);
  correct_for_all(comparisons);
  return all;
}

void say_verdict(Change& change, const std::string& old_name, const std::string& new_name) {
  Comparison& c = change.comparison;
  c.baseline = old_name;
  c.verdict = change.same_lines
                  ? fmt::format("On {}, {} wrote identical translations in both.", c.test, c.system)
                  : fmt::format("On {}, {}.", c.test,
                                in_words(fmt::format("{} of {}", c.system, new_name),
                                         fmt::format("that of {}", old_name), "BLEU", c.numbers, c.sentences));
}

// ---- remarks on results that are not compared

std::string state_of(const Results& results, const std::string& system, Index seed) {
  for (const Run& run : results.runs) {
    if (run.system == system && run.seed == seed) return state_in_words(run);
  }
  return "not started";
}

std::vector<Index> seeds_in_both(const Results& before, const Results& after) {
  std::vector<Index> both;
  for (const Index seed : after.plan.seeds) {
    const auto& old = before.plan.seeds;
    if (std::find(old.begin(), old.end(), seed) != old.end()) both.push_back(seed);
  }
  return both;
}

// Returns the seeds of `ours` that are not in `both`, as "a, b".
std::string only_in(const std::vector<Index>& ours, const std::vector<Index>& both) {
  std::vector<Index> only;
  std::copy_if(ours.begin(), ours.end(), std::back_inserter(only),
               [&](Index seed) { return std::find(both.begin(), both.end(), seed) == both.end(); });
  return fmt::format("{}", fmt::join(only, ", "));
}

void remark_systems(RunDiff& diff, const Analysis& ours, const Analysis& theirs, const std::string& name) {
  for (const SystemSummary& system : ours.systems) {
    if (named(theirs.systems, system.name) == nullptr)
      diff.remarks.push_back(fmt::format("The system {} is only in {}.", system.name, name));
  }
}

void remark(RunDiff& diff, const Analysis& then, const Analysis& now) {
  const Results& before = *then.results;
  const Results& after = *now.results;
  remark_systems(diff, then, now, diff.before);
  remark_systems(diff, now, then, diff.after);
  const std::vector<Index> both = seeds_in_both(before, after);
  const std::string old_seeds = only_in(before.plan.seeds, both);
  const std::string new_seeds = only_in(after.plan.seeds, both);
  if (!old_seeds.empty()) diff.remarks.push_back(fmt::format("Seeds only in {}: {}.", diff.before, old_seeds));
  if (!new_seeds.empty()) diff.remarks.push_back(fmt::format("Seeds only in {}: {}.", diff.after, new_seeds));
  for (const SystemSummary& system : now.systems) {
    if (system.external || named(then.systems, system.name) == nullptr) continue;
    for (const Index seed : both) {
      const std::string old_state = state_of(before, system.name, seed);
      const std::string new_state = state_of(after, system.name, seed);
      if (old_state == "finished" && new_state == "finished") continue;
      diff.remarks.push_back(fmt::format("{} with seed {} is not compared: in {} {}; in {} {}.", system.name, seed,
                                         diff.before, old_state, diff.after, new_state));
    }
  }
  if (diff.compared.empty())
    diff.remarks.emplace_back(
        "Nothing could be compared: no run of one system with one seed finished in both on one test set.");
}

// ---- plans, programs, data

using Facts = std::map<std::string, std::string>;

std::vector<Difference> differences(const Facts& before, const Facts& after) {
  std::vector<Difference> all;
  Facts both = before;
  both.insert(after.begin(), after.end());
  for (const auto& [key, either] : both) {
    const auto old_fact = before.find(key);
    const auto new_fact = after.find(key);
    Difference one{key, old_fact == before.end() ? "" : old_fact->second,
                   new_fact == after.end() ? "" : new_fact->second};
    if (one.before != one.after) all.push_back(std::move(one));
  }
  return all;
}

Facts plan_of(const Results& results) {
  Facts keys = config::by_dotted_key(config::parse_yaml(results.plan.text, "plan.resolved.yaml"));
  keys.erase("seeds");  // a remark has them
  return keys;
}

// Returns facts from the first run with a manifest, and the hashes of the data.
Facts made_of(const Results& results) {
  Facts facts;
  for (const auto& [file, hash] : results.data.hashes) facts["data: " + file] = hash.substr(0, 12);
  const auto run =
      std::find_if(results.runs.begin(), results.runs.end(), [](const Run& r) { return r.manifest.has_value(); });
  if (run == results.runs.end()) return facts;
  const runs::Manifest& m = *run->manifest;
  facts["regard"] =
      fmt::format("{} ({}{})", m.regard, m.commit.substr(0, 12), m.tree_clean ? "" : ", with changes");
  facts["compiler"] = m.compiler;
  facts["processor"] = m.cpu;
  facts["instruction set"] = m.instruction_set;
  facts["products"] = fmt::format("{}, {}", m.backend, m.precision);
  return facts;
}

// ---- tables

Table scores_moved(const RunDiff& diff) {
  Table table{"changes",
              "What moved, in BLEU",
              {{"system", "", false},
               {"test set", "", false},
               {"before", "", true},
               {"after", "", true},
               {"difference", "", true},
               {"the method: 95 % interval", "", true},
               {"p, Holm", "", true},
               {"these models: 95 % interval", "", true},
               {"p", "", true},
               {"n", "", true}},
              {},
              {}};
  const auto interval = [](double low, double high) {
    return text_cell(fmt::format("[{}, {}]", fixed(low, 2), fixed(high, 2)));
  };
  for (const Change& change : diff.compared) {
    const evaluation::Comparison& n = change.comparison.numbers;
    const auto seeds = static_cast<Index>(change.comparison.seeds.size());
    table.rows.push_back(
        {text_cell(change.comparison.system), text_cell(change.comparison.test), score_cell(change.before),
         score_cell(change.after),
         spread_cell(change.comparison.difference, signed_fixed(change.comparison.difference.mean, 2)),
         n.method ? interval(n.method->low, n.method->high)
                  : text_cell(change.comparison.external ? "no seeds" : "one seed"),
         n.holm_p_value ? number_cell(p_text(*n.holm_p_value), *n.holm_p_value) : text_cell("–"),
         interval(n.models.low, n.models.high),
         number_cell(p_text(n.models.p_value, n.models.smallest_p), n.models.p_value),
         number_cell(fmt::format("{}", seeds), static_cast<double>(seeds))});
  }
  table.notes = {
      fmt::format("Before: {}. After: {}. BLEU with tokeniser {}; mean ± standard deviation over the seeds that "
                  "finished in both (n); runs with equal seeds are compared.",
                  diff.before, diff.after, diff.tokenizer),
      "The method: for training again with other seeds and testing on other sentences of this kind; "
      "these models: for the same trained models on other sentences."};
  return table;
}

Table cost_moved(const Analysis& then, const Analysis& now) {
  Table table{"cost-changes", "Perplexity and cost", {{"system", "", false}}, {}, {}};
  for (const char* what :
       {"perplexity", "training, min", "target tokens/s", "decoding, sentences/s", "peak memory, MiB"}) {
    table.columns.push_back({fmt::format("{}: before", what), "", true});
    table.columns.push_back({"after", "", true});
  }
  const auto at = [](const SystemSummary& system, const std::string& test) {
    const auto found = system.perplexity.find(test);
    return found == system.perplexity.end() ? Spread{} : found->second;
  };
  for (const SystemSummary& after : now.systems) {
    const SystemSummary* before = named(then.systems, after.name);
    if (before == nullptr || after.external || before->finished.empty() || after.finished.empty()) continue;
    table.rows.push_back({text_cell(after.name), score_cell(at(*before, now.primary_test)),
                          score_cell(at(after, now.primary_test)), decimal_cell(before->training_minutes, 2),
                          decimal_cell(after.training_minutes, 2), count_cell(before->tokens_per_second),
                          count_cell(after.tokens_per_second), count_cell(before->decoding_speed),
                          count_cell(after.decoding_speed), count_cell(before->peak_memory_mib),
                          count_cell(after.peak_memory_mib)});
  }
  table.notes = {fmt::format(
      "Means over all runs that finished. Perplexity on {}. Minutes and speeds are measurements: other "
      "machines and other loads give others.",
      now.primary_test)};
  return table;
}

Table differing(const char* id, const char* caption, const char* what, const std::vector<Difference>& all) {
  Table table{id, caption, {{what, "", false}, {"before", "", false}, {"after", "", false}}, {}, {}};
  const auto cell = [](const std::string& text) { return text_cell(text.empty() ? "–" : text); };
  for (const Difference& one : all) table.rows.push_back({text_cell(one.what), cell(one.before), cell(one.after)});
  return table;
}

}  // namespace

std::pair<std::string, std::string> names_of(const Path& before, const Path& after) {
  const auto parts = [](const Path& path) {
    std::vector<std::string> all;
    for (const auto& part : std::filesystem::absolute(path).lexically_normal()) {
      if (!part.empty() && part != "/") all.push_back(part.string());
    }
    return all;
  };
  const std::vector<std::string> ours = parts(before);
  const std::vector<std::string> theirs = parts(after);
  const auto last = [](const std::vector<std::string>& all, std::size_t count) {
    const std::size_t first = all.size() - std::min(count, all.size());
    return fmt::format("{}", fmt::join(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), "/"));
  };
  for (std::size_t count = 1; count <= std::max(ours.size(), theirs.size()); ++count) {
    if (last(ours, count) != last(theirs, count)) return {last(ours, count), last(theirs, count)};
  }
  return {"the old folder", "the new folder"};
}

RunDiff changes_between(const Results& before, const Results& after, const std::string& old_name,
                        const std::string& new_name) {
  const Analysis then = analyse(before, Claims::skip);
  const Analysis now = analyse(after, Claims::skip);
  RunDiff diff;
  diff.before = old_name;
  diff.after = new_name;
  diff.tokenizer = now.tokenizer;
  for (const TestSet& test : after.tests) {
    const TestSet* old = then.test(test.name);
    if (old == nullptr) {
      diff.remarks.push_back(fmt::format("The test set {} is only in {}.", test.name, new_name));
    } else if (old->target != test.target || old->source != test.source) {
      diff.remarks.push_back(fmt::format(
          "The test set {} has other sentences in each folder, so nothing is compared on it.", test.name));
    } else {
      for (Change& change : changes_on(test, then, now)) {
        say_verdict(change, old_name, new_name);
        diff.compared.push_back(std::move(change));
      }
    }
  }
  for (const TestSet& test : before.tests) {
    if (now.test(test.name) == nullptr)
      diff.remarks.push_back(fmt::format("The test set {} is only in {}.", test.name, old_name));
  }
  remark(diff, then, now);
  diff.plan = differences(plan_of(before), plan_of(after));
  diff.made = differences(made_of(before), made_of(after));
  diff.tables = {scores_moved(diff), cost_moved(then, now),
                 differing("plan-changes", "Keys of the plans that differ", "key", diff.plan),
                 differing("made-changes", "Program, machine and data that differ", "what", diff.made)};
  std::erase_if(diff.tables, [](const Table& table) { return table.rows.empty(); });
  return diff;
}

}  // namespace regard::report
