#include "framework/data/prepare.h"

#include <algorithm>
#include <array>
#include <optional>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/base/random.h"
#include "framework/base/sha256.h"

namespace regard::data {
namespace {

// A line of the training text and its tokens.
struct Cut {
  std::string line;
  std::vector<std::vector<std::string>> encodings;  // the best one first
  std::vector<float> shares;                        // the end of each encoding's share of [0, 1)
};

void cut(const Tokenizer& tokenizer, Cut& cut) {
  cut.encodings.clear();
  std::vector<double> weights;
  double sum = 0;
  tokenizer.for_each_encoding(cut.line, [&](std::vector<std::string> tokens, double weight) {
    cut.encodings.push_back(std::move(tokens));
    weights.push_back(sum += weight);
  });
  cut.shares.clear();
  for (const double end : weights) cut.shares.push_back(static_cast<float>(end / sum));
}

// Converts one side of the training text to ids. While the text is read, tokens have their numbers in `counts`; the
// vocabulary replaces them by ids.
struct SideWriter {
  SideWriter(const Tokenizer& cutter, TokenCounts& seen, const std::filesystem::path& stem)
      : tokenizer(cutter), counts(seen), sentences(stem, cutter.several()) {}

  void add(const Cut& cut) {
    for (const std::vector<std::string>& tokens : cut.encodings) {
      ids.clear();
      for (const std::string& token : tokens) {
        ids.push_back(counts.number(token));
        counts.add(ids.back());
        own.resize(std::max(own.size(), static_cast<std::size_t>(ids.back()) + 1));
        ++own[static_cast<std::size_t>(ids.back())];
      }
      sentences.add(ids);
    }
    sentences.end_sentence(cut.shares);
  }

  // Replaces the numbers by ids. Returns the number of tokens that became <unk>.
  Index finish(const Vocabulary& vocabulary, Sentences& out) {
    std::vector<TokenId> names(counts.numbers().size());
    for (const auto& [token, number] : counts.numbers())
      names[static_cast<std::size_t>(number)] = vocabulary.id(token);
    Index unknown = 0;
    for (std::size_t number = 0; number < own.size(); ++number) unknown += names[number] == kUnk ? own[number] : 0;
    sentences.rename(names);
    out = sentences.done();
    return unknown;
  }

  const Tokenizer& tokenizer;
  TokenCounts& counts;
  SentencesWriter sentences;
  std::vector<Index> own;  // by number: the count on this side
  std::vector<TokenId> ids;
};

std::filesystem::path in(const std::filesystem::path& folder, const char* name) {
  return folder.empty() ? folder : folder / name;
}

constexpr const char* kSource = "source";
constexpr const char* kTarget = "target";
constexpr const char* kLines = "lines";
constexpr const char* kHashes = "source.hashes";
constexpr const char* kLinks = "gold.links";
constexpr const char* kLinkBegins = "gold.begins";

// Reads all training pairs once: tokenises a few thousand at a time in several threads, and writes them in their order.
class TrainingWriter {
 public:
  TrainingWriter(const Prepared& prepared, const PrepareOptions& options, const std::filesystem::path& folder)
      : options_(options),
        folder_(folder),
        source_(*prepared.source_tokenizer, source_counts_, in(folder, kSource)),
        target_(*prepared.target_tokenizer, options.vocabulary.shared ? source_counts_ : target_counts_,
                in(folder, kTarget)),
        lines_(in(folder, kLines)),
        hashes_(in(folder, kHashes)) {
    for (const char* name : {kLinks, kLinkBegins}) {  // files of an earlier text
      if (!folder.empty()) std::filesystem::remove(folder / name);
    }
  }

  void add(const Pair& pair) {
    cuts_[used_][0].line = pair.source;
    cuts_[used_][1].line = pair.target;
    if (++used_ == cuts_.size()) flush();
    source_sha_.update(pair.source);
    source_sha_.update("\n");
    target_sha_.update(pair.target);
    target_sha_.update("\n");
    hashes_.push_back(line_hash(pair.source));
    if (!pair.has_gold) return;
    if (!links_) {
      links_.emplace(in(folder_, kLinks));
      link_begins_.emplace(in(folder_, kLinkBegins));
      link_begins_->push_back(0);
    }
    links_->append(pair.gold);
    link_begins_->push_back(link_count_ += static_cast<Index>(pair.gold.size()));
  }

  void finish(Prepared& prepared) {
    flush();
    if (kept_ == 0 && pairs_ > 0) {
      throw DataError(
          fmt::format("data.max_length: none of the {} training pairs has at most {} tokens on both sides; "
                      "allow longer pairs",
                      pairs_, options_.max_length));
    }
    const VocabularyOptions& v = options_.vocabulary;
    prepared.source = Vocabulary(source_counts_, v.min_frequency, v.max_size);
    prepared.target = v.shared ? prepared.source : Vocabulary(target_counts_, v.min_frequency, v.max_size);
    prepared.train.source_unknown = source_.finish(prepared.source, prepared.train.source);
    prepared.train.target_unknown = target_.finish(prepared.target, prepared.train.target);
    prepared.train.lines = lines_.done();
    prepared.train.too_long = pairs_ - kept_;
    prepared.source_lines = hashes_.done();
    prepared.source_hash = source_sha_.hex();
    prepared.target_hash = target_sha_.hex();
    if (links_) prepared.gold = {links_->done(), link_begins_->done()};
  }

 private:
  void flush() {
    parallel_for(static_cast<Index>(used_), 16, [this](Index begin, Index end) {
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        cut(source_.tokenizer, cuts_[i][0]);
        cut(target_.tokenizer, cuts_[i][1]);
      }
    });
    const auto fits = [this](const Cut& cut) {
      return options_.max_length == 0 || static_cast<Index>(cut.encodings.front().size()) <= options_.max_length;
    };
    for (std::size_t i = 0; i < used_; ++i, ++pairs_) {
      if (!fits(cuts_[i][0]) || !fits(cuts_[i][1])) continue;
      source_.add(cuts_[i][0]);
      target_.add(cuts_[i][1]);
      lines_.push_back(pairs_);
      ++kept_;
    }
    used_ = 0;
  }

  static constexpr std::size_t kChunk = 4096;
  const PrepareOptions& options_;
  std::filesystem::path folder_;
  TokenCounts source_counts_, target_counts_;
  SideWriter source_, target_;
  ArrayWriter<Index> lines_;
  ArrayWriter<std::uint64_t> hashes_;
  std::optional<ArrayWriter<Link>> links_;
  std::optional<ArrayWriter<Index>> link_begins_;
  Index link_count_ = 0;
  Sha256 source_sha_, target_sha_;
  std::vector<std::array<Cut, 2>> cuts_ = std::vector<std::array<Cut, 2>>(kChunk);
  std::size_t used_ = 0;
  Index pairs_ = 0;
  Index kept_ = 0;
};

// Encodes one side of the pairs `lines`. Returns the number of tokens that became <unk>.
Index encode_side(const std::vector<std::string>& text, const std::vector<Index>& lines,
                  const Tokenizer& tokenizer, const Vocabulary& vocabulary, Sentences& out) {
  Index unknown = 0;
  std::vector<TokenId> ids;
  for (const Index line : lines) {
    ids.clear();
    tokenizer.for_each_token(text[static_cast<std::size_t>(line)], [&](std::string_view token) {
      ids.push_back(vocabulary.id(token));
      unknown += ids.back() == kUnk ? 1 : 0;
    });
    out.add(ids);
  }
  return unknown;
}

Dataset encode_corpus(const Corpus& corpus, std::vector<Index> lines, const Prepared& prepared) {
  Dataset dataset;
  dataset.too_long = corpus.size() - static_cast<Index>(lines.size());
  dataset.source_unknown =
      encode_side(corpus.source, lines, *prepared.source_tokenizer, prepared.source, dataset.source);
  dataset.target_unknown =
      encode_side(corpus.target, lines, *prepared.target_tokenizer, prepared.target, dataset.target);
  dataset.lines = Array<Index>(std::move(lines));
  return dataset;
}

std::vector<Index> all_lines(const Corpus& corpus) {
  std::vector<Index> lines(corpus.source.size());
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = static_cast<Index>(i);
  return lines;
}

// Makes the tokenisers of both sides (one if they share it) and calls `ready` for each, with its side.
template <class Function>
Tokenizers make_tokenizers(const config::Tagged& which, Function&& ready) {
  const TokenizerKind& kind = tokenizers().at(which.name);
  const bool joint = kind.joint && kind.joint(which.options);
  const auto made = [&](Side side) {
    std::shared_ptr<Tokenizer> tokenizer = kind.make(which.options, side);
    ready(*tokenizer, side, joint);
    return tokenizer;
  };
  const auto source = made(Side::source);
  return {source, joint ? source : made(Side::target)};
}

Tokenizers train_tokenizers(const config::Tagged& which, const Pairs& train) {
  Corpus text;
  return make_tokenizers(which, [&](Tokenizer& tokenizer, Side side, bool joint) {
    using Lines = std::span<const std::string>;
    if (tokenizer.learns() && text.size() == 0) text = collect(train);
    const std::array<Lines, 2> both = {text.source, text.target};
    const auto one = std::span<const Lines>(both).subspan(side == Side::source ? 0 : 1, 1);
    tokenizer.train(joint ? std::span<const Lines>(both) : one);
  });
}

}  // namespace

Tokenizers recall_tokenizers(const config::Tagged& which, const Learned& learned) {
  return make_tokenizers(which, [&](Tokenizer& tokenizer, Side side, bool) {
    const bool source = side == Side::source;
    tokenizer.recall(source ? learned.source : learned.target,
                     source ? "the source tokeniser's model" : "the target tokeniser's model");
  });
}

Learned learned_by(const Prepared& prepared) {
  const bool joint = prepared.source_tokenizer == prepared.target_tokenizer;
  return {prepared.source_tokenizer->learned(), joint ? std::string() : prepared.target_tokenizer->learned()};
}

Prepared prepare(const Pairs& train, const Splits& others, const PrepareOptions& options, const Learned* learned,
                 const std::filesystem::path& folder) {
  Prepared prepared;
  Tokenizers tokenizers = learned != nullptr ? recall_tokenizers(options.tokenizer, *learned)
                                             : train_tokenizers(options.tokenizer, train);
  prepared.source_tokenizer = std::move(tokenizers.source);
  prepared.target_tokenizer = std::move(tokenizers.target);
  TrainingWriter writer(prepared, options, folder);
  train([&](const Pair& pair) { writer.add(pair); });
  writer.finish(prepared);
  encode_others(others, prepared);
  return prepared;
}

Prepared prepare(const Splits& splits, const PrepareOptions& options, const Learned* learned) {
  return prepare(pairs_of(splits.train), splits, options, learned);
}

void encode_others(const Splits& splits, Prepared& prepared) {
  prepared.valid = encode_corpus(splits.valid, all_lines(splits.valid), prepared);
  prepared.tests.clear();
  for (const NamedCorpus& test : splits.tests) {
    prepared.tests.push_back({test.name, encode_corpus(test.corpus, all_lines(test.corpus), prepared)});
  }
}

void open_prepared(const std::filesystem::path& folder, Prepared& prepared) {
  prepared.train.source = Sentences(folder / kSource);
  prepared.train.target = Sentences(folder / kTarget);
  prepared.train.lines = Array<Index>(folder / kLines);
  prepared.source_lines = Array<std::uint64_t>(folder / kHashes);
  if (std::filesystem::exists(folder / kLinkBegins))
    prepared.gold = {Array<Link>(folder / kLinks), Array<Index>(folder / kLinkBegins)};
}

std::vector<Alignment> Gold::in_memory() const {
  std::vector<Alignment> all;
  for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
    all.emplace_back(links.begin() + begins[i], links.begin() + begins[i + 1]);
  }
  return all;
}

std::uint64_t line_hash(std::string_view line) noexcept {
  const auto [a, b, c, d] = Key(0, "line").with(line).bits(0);
  static_cast<void>(c);
  static_cast<void>(d);
  return a | std::uint64_t{b} << 32;
}

std::vector<TokenId> encode(const Tokenizer& tokenizer, const Vocabulary& vocabulary, std::string_view line) {
  std::vector<TokenId> ids;
  tokenizer.for_each_token(line, [&](std::string_view token) { ids.push_back(vocabulary.id(token)); });
  return ids;
}

std::vector<std::string> tokens_of(const Vocabulary& vocabulary, std::span<const TokenId> ids) {
  std::vector<std::string> tokens;
  for (const TokenId id : ids) {
    if (id == kEos) break;
    if (id != kPad && id != kBos) tokens.push_back(vocabulary.token(id));
  }
  return tokens;
}

}  // namespace regard::data
