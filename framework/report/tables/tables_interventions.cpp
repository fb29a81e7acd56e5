// The tables of the section "Does it use its attention?".
#include <fmt/format.h>

#include "framework/report/tables/cells.h"
#include "framework/report/tables/tables.h"

namespace regard::report {
namespace {

Cell effect_cell(const Effect& effect, int digits) {
  return number_cell(fmt::format("{} [{}, {}]", signed_fixed(effect.change, digits),
                                 signed_fixed(effect.low, digits), signed_fixed(effect.high, digits)),
                     effect.change);
}

}  // namespace

std::string interventions_words() {
  return "The trained models, with other attention weights in place of their own. Even: the same weight on each position "
         "of the sentence. Shuffled: its weights in another order. Hardest: all weight on the position that has most. "
         "Shifted: each weight one position later. Other: the weights of another system with the same seed, which reads "
         "the same words. Gold: the gold alignment, for the loss of the reference alone. A system whose loss does not "
         "move with even weights does not use its attention.";
}

Table interventions_table(const Analysis& analysis) {
  Table table{"interventions",
              "Changes with other attention weights",
              {{"system", "", false},
               {"test set", "", false},
               {"weights", "", false},
               {"loss", "nats a token", true},
               {"BLEU", "", true},
               {"n", "", true}},
              {},
              {}};
  for (const InterventionEffect& effect : analysis.interventions.effects) {
    table.rows.push_back(
        {text_cell(effect.system), text_cell(effect.test),
         text_cell(effect.other.empty() ? effect.kind : fmt::format("of {}", effect.other)),
         effect_cell(effect.loss, 3), effect.bleu ? effect_cell(*effect.bleu, 2) : text_cell("–"),
         number_cell(fmt::format("{}", effect.seeds.size()), static_cast<double>(effect.seeds.size()))});
  }
  if (table.rows.empty()) return table;
  table.notes = {
      "Loss: of the reference, teacher-forced. BLEU: of the search's own translations. Brackets: 95 % interval, with two "
      "or more seeds for training again and other sentences, with one seed for these models on other sentences.",
      "Only the context vector reads the replaced weights. A variant's own state, such as its coverage, still follows "
      "the weights that it computed."};
  return table;
}

Table interventions_by_length_table(const Analysis& analysis) {
  Table table{"interventions-length",
              "Change of loss with even weights by source length",
              {{"system", "", false},
               {"test set", "", false},
               {"source length", "", false},
               {"loss", "nats a token", true},
               {"sentences", "", true}},
              {},
              {}};
  for (const InterventionEffect& effect : analysis.interventions.effects) {
    for (const EffectByLength& part : effect.by_length) {
      table.rows.push_back({text_cell(effect.system), text_cell(effect.test), text_cell(part.range),
                            effect_cell(part.loss, 3),
                            number_cell(fmt::format("{}", part.sentences), static_cast<double>(part.sentences))});
    }
  }
  return table;
}

}  // namespace regard::report
