// "sides": another tokeniser for each side, such as characters for words and words for phonemes.
#include "framework/data/tokenizer.h"

namespace regard::data {
namespace {

constexpr const char* kName = "sides";

config::OptionRow side(const char* name, const char* meaning) {
  config::OptionRow row;
  row.name = name;
  row.type = config::OptionRow::Type::tagged;
  row.kind = TokenizerKind::kind;
  row.meaning = meaning;
  row.default_value.data = config::Tagged{.name = "word"};
  row.choices = [] {  // all but this one
    std::vector<config::Choice> choices = config::choices_from(tokenizers())();
    std::erase_if(choices, [](const config::Choice& choice) { return choice.name == kName; });
    return choices;
  };
  return row;
}

[[maybe_unused]] const bool registered = register_tokenizer(
    {.name = kName,
     .summary = "a tokeniser for each side",
     .options = {side("source", "the tokeniser of the source"), side("target", "the tokeniser of the target")},
     .make = [](const config::Options& options, Side of) {
       const auto& chosen = std::get<config::Tagged>(options.at(of == Side::source ? "source" : "target").data);
       return tokenizers().at(chosen.name).make(chosen.options, of);
     }});

}  // namespace
}  // namespace regard::data
