#include "framework/report/tables/tables_claim.h"

#include <fmt/format.h>

#include "framework/report/analysis/numbers.h"
#include "framework/report/tables/cells.h"

namespace regard::report {
namespace {

constexpr std::size_t kHashShown = 12;

std::string interval(double low, double high) { return fmt::format("[{}, {}]", fixed(low, 2), fixed(high, 2)); }

std::string decoded_text(const runs::Registration& line) {
  std::string text;
  for (const auto& [test, runs] : line.decoded)
    text += fmt::format("{}{} by {}", text.empty() ? "" : ", ", test, plural(runs, "run"));
  return text.empty() ? "no test set had been decoded" : "decoded by then: " + text;
}

}  // namespace

std::vector<std::string> claim_sentences(const Results& results) {
  if (!results.decisions) return {};
  const runs::Decisions& d = *results.decisions;
  const std::string metric = runs::name_of(results.plan.claim.metric);
  std::vector<std::string> sentences{fmt::format(
      "Claim: against {}, by {} on {}, with an effect of {:g}, alpha {:g} and power {:g}; {}.", d.baseline, metric,
      d.test, d.effect, d.alpha, d.power,
      d.first < d.most ? fmt::format("seeds are added until it is decided, from {} to at most {}", d.first, d.most)
                       : fmt::format("{} seeds", d.most))};
  for (const runs::SystemFacts& system : results.plan.systems) {
    if (system.name == d.baseline || system.external) continue;
    sentences.push_back(runs::in_words(d, system.name) + ".");
  }
  return sentences;
}

std::string claim_caution(const Results& results) {
  if (!results.decisions || results.decisions->rounds.size() < 2) return "";
  return "Seeds were added until the claim was decided. Only the verdicts of the claim take that into account; the "
         "other intervals and p-values of this report are those of a number of seeds that was fixed before.";
}

Table rounds_table(const Results& results) {
  Table table{"rounds",
              "",
              {{"system", "", false},
               {"seeds", "", true},
               {"difference", "", true},
               {"interval", "", true},
               {"level", "", true},
               {"interval for equivalence", "", true},
               {"alpha spent", "", true},
               {"SD of seeds", "", true},
               {"SD of sentences", "", true},
               {"verdict", "", false}},
              {},
              {}};
  if (!results.decisions) return table;
  const runs::Decisions& d = *results.decisions;
  table.caption = fmt::format("Rounds of seeds: {} on {} against {}", runs::name_of(results.plan.claim.metric),
                              d.test, d.baseline);
  for (std::size_t r = 0; r < d.rounds.size(); ++r) {
    for (std::size_t s = 0; s < d.rounds[r].systems.size(); ++s) {
      const runs::SystemLook& each = d.rounds[r].systems[s];
      const evaluation::Look& look = each.look;
      if (r > 0 && d.rounds[r - 1].systems[s].look.seeds == look.seeds &&
          d.rounds[r - 1].systems[s].look.finding == look.finding)
        continue;  // has no new seed and no new verdict
      const bool failed = look.finding == evaluation::Finding::failed;
      std::string verdict = evaluation::kFindings.at(static_cast<std::size_t>(look.finding));
      if (look.obstacle != evaluation::Obstacle::none) verdict += ", no further seed";
      table.rows.push_back(
          {text_cell(each.system), number_cell(fmt::format("{}", look.seeds), static_cast<double>(look.seeds)),
           failed ? text_cell("–") : number_cell(signed_fixed(look.difference, 2), look.difference),
           text_cell(failed ? "–" : interval(look.low, look.high)),
           failed ? text_cell("–") : number_cell(fixed(look.level, 4), look.level),
           text_cell(failed ? "–" : interval(look.equivalence_low, look.equivalence_high)),
           failed ? text_cell("–") : number_cell(fixed(look.spent, 4), look.spent),
           failed ? text_cell("–") : number_cell(fixed(look.seed_deviation, 2), look.seed_deviation),
           failed ? text_cell("–") : number_cell(fixed(look.sentence_deviation, 2), look.sentence_deviation),
           text_cell(std::move(verdict))});
    }
  }
  table.notes = {
      fmt::format(
          "A positive difference is an improvement. Better or worse: the interval, at the level of this round, "
          "does not contain 0. Equivalent: the interval for equivalence is within ± {:g}.",
          d.effect),
      fmt::format(
          "All rounds together keep alpha {:g} for any false 'better' or 'worse', and the same for any false "
          "'equivalent', over all systems (Holm).",
          d.alpha)};
  return table;
}

std::vector<std::string> claim_history(const Results& results) {
  std::vector<std::string> sentences;
  for (const runs::Registration& line : results.registrations) {
    std::string text = fmt::format("{}: ", line.time);
    if (line.event == "registered") {
      text += fmt::format("the claim was registered (sha256 {}); ", line.claim_hash.substr(0, kHashShown));
    } else if (line.event == "withdrawn") {
      text += "the claim was withdrawn; ";
    } else {
      text += fmt::format("the plan was changed (claim sha256 {}); ", line.claim_hash.substr(0, kHashShown));
    }
    text += decoded_text(line) + ".";
    for (const std::string& change : line.changes) text += fmt::format(" {}.", change);
    sentences.push_back(std::move(text));
  }
  return sentences;
}

}  // namespace regard::report
