#include "framework/data/corpora/chat_noir.h"

#include <string>
#include <string_view>
#include <unordered_set>

#include "framework/base/random.h"
#include "framework/config/option_table.h"
#include "framework/data/builtin.h"
#include "framework/data/chat_noir/grammar.h"

namespace regard::data {
namespace {

struct Lengths {
  Index least, most;
};
constexpr Lengths kShort{3, 20};
constexpr Lengths kLong{21, 40};

using Seen = std::unordered_set<std::string>;

// Returns `count` pairs whose English side is within the lengths and is new. Each draw has its own key, so a refused
// sentence changes no other.
Corpus draw(Key key, Index count, const Lengths& lengths, Seen& seen) {
  Corpus corpus;
  for (Index i = 0; corpus.size() < count; ++i) {
    chat_noir::Grammar grammar(key.with(i));
    const bool is_long = lengths.least > kShort.most;
    const chat_noir::Phrase pair = grammar.sentence(grammar.draw_clauses(is_long));
    const auto words = static_cast<Index>(pair.english.size());
    if (words < lengths.least || words > lengths.most) continue;
    std::string english = chat_noir::text(pair.english);
    if (!seen.insert(english).second) continue;
    corpus.source.push_back(std::move(english));
    corpus.target.push_back(chat_noir::text(pair.french));
    corpus.gold.push_back(chat_noir::align(pair));
  }
  return corpus;
}

const config::OptionTable<ChatNoirOptions>& rows() {
  static const config::OptionTable<ChatNoirOptions> all = {
      config::option("seed", &ChatNoirOptions::seed, config::at_least(0), "",
                     "another seed gives other sentences"),
      config::option("train", &ChatNoirOptions::train, config::between(1, 1e6), "pairs",
                     "of 3 to 20 English words"),
      config::option("valid", &ChatNoirOptions::valid, config::between(1, 1e5), "pairs",
                     "of 3 to 20 English words"),
      config::option("test", &ChatNoirOptions::test, config::between(1, 1e5), "pairs", "of 3 to 20 English words"),
      config::option("test_long", &ChatNoirOptions::test_long, config::between(1, 1e5), "pairs",
                     "of 21 to 40 English words, longer than any in training"),
  };
  return all;
}

[[maybe_unused]] const bool registered = register_corpus(
    {.name = "chat_noir",
     .summary = "English to French sentences from a grammar (synthetic), with gold alignments",
     .options = config::descriptions(rows()),
     .make = [](const config::Options& given) { return make_chat_noir(config::from_options(rows(), given)); }});

}  // namespace

Splits make_chat_noir(const ChatNoirOptions& options) {
  Splits splits{.name = "chat_noir",
                .description = "English to French sentences made by a grammar of regard's own (synthetic).",
                .synthetic = true,
                .source_language = "en",
                .target_language = "fr",
                .train = {},
                .valid = {},
                .tests = {}};
  const Key key(options.seed, "chat_noir");
  Seen seen;
  splits.tests.push_back({"test", draw(key.with("test"), options.test, kShort, seen)});
  splits.valid = draw(key.with("valid"), options.valid, kShort, seen);
  splits.train = draw(key.with("train"), options.train, kShort, seen);
  splits.tests.push_back({"test_long", draw(key.with("test_long"), options.test_long, kLong, seen)});
  return splits;
}

}  // namespace regard::data
