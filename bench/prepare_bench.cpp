// Times the preparation of a corpus, the first stage of `regard run`: reading, tokenising, counting, numbering and
// writing to files. A million pairs are those of Multi30k repeated, each time with one more word.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <optional>

#include "framework/base/environment.h"
#include "framework/base/random.h"
#include "framework/data/prepare.h"

namespace regard::bench {
namespace {

namespace fs = std::filesystem;

// Returns Multi30k's plain training text if MULTI30K names its folder, otherwise random words.
const data::Corpus& text() {
  static const data::Corpus corpus = [] {
    if (const std::string folder = environment("MULTI30K"); !folder.empty())
      return data::read_corpus(fs::path(folder) / "train.en", fs::path(folder) / "train.de", {}, {});
    data::Corpus made;
    for (Index i = 0; i < 29000; ++i) {
      const Key key = Key(1, "prepare").with(i);
      std::string& source = made.source.emplace_back();
      std::string& target = made.target.emplace_back();
      for (Index word = 0; word < 13; ++word) {
        source += fmt::format("source{} ", key.below(6000, 2 * word));
        target += fmt::format("target{} ", key.below(8000, 2 * word + 1));
      }
    }
    return made;
  }();
  return corpus;
}

data::Pairs pairs(Index count) {
  return [count](const data::PairCallback& receive) {
    const data::Corpus& all = text();
    data::Pair pair;
    for (Index i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i % all.size());
      pair.source = all.source[at];
      pair.target = all.target[at];
      if (i >= all.size()) {
        const std::string changed = fmt::format(" {}", i % 20000);
        pair.source += changed;
        pair.target += changed;
      }
      receive(pair);
    }
    return Index{0};
  };
}

config::Tagged tokenizer(const std::string& name) {
  config::Tagged which{.name = name == "words" ? "word" : "sentencepiece"};
  which.options = config::defaults(data::tokenizers().at(which.name).options);
  if (name != "words") which.options.put("algorithm", {name});
  return which;
}

void prepare(benchmark::State& state, const std::string& name, Index count) {
  data::PrepareOptions options{.tokenizer = tokenizer(name)};
  data::Splits others;
  others.valid.source = others.valid.target = {"a"};
  // Learning is timed for the corpus itself, and not again for a million pairs, whose text is the same.
  std::optional<data::Learned> learned;
  if (count > text().size()) learned = data::learned_by(data::prepare(pairs(text().size()), others, options));
  for ([[maybe_unused]] auto _ : state) {
    std::string folder = (fs::temp_directory_path() / "regard-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return state.SkipWithError("a temporary folder cannot be created");
    const bool right =
        data::prepare(pairs(count), others, options, learned ? &*learned : nullptr, folder).train.size() >
        count * 9 / 10;
    fs::remove_all(folder);
    if (!right) return state.SkipWithError("the result is wrong");
  }
  state.SetItemsProcessed(state.iterations() * count);
}

void add(const std::string& name, Index count, const std::string& shown) {
  benchmark::RegisterBenchmark((fmt::format("prepare/{}, {}", shown, name)).c_str(),
                               [name, count](benchmark::State& state) { prepare(state, name, count); })
      ->UseRealTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

[[maybe_unused]] const bool registered = [] {
  for (const char* name : {"words", "bpe", "unigram"}) add(name, 29000, "29,000 pairs");
  for (const char* name : {"words", "bpe", "unigram"}) add(name, 1000000, "1,000,000 pairs");
  return true;
}();

}  // namespace
}  // namespace regard::bench
