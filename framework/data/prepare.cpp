#include "framework/data/prepare.h"

#include <array>

#include "framework/base/errors.h"

namespace regard::data {
namespace {

// Which training pairs are short enough, and the tokens of those.
struct Survey {
  std::vector<Index> kept;
  TokenCounts source, target;
};

Index add_counts(const Tokenizer& tokenizer, std::string_view line, TokenCounts* counts) {
  Index tokens = 0;
  tokenizer.for_each_token(line, [&](std::string_view token) {
    ++tokens;
    if (counts != nullptr) counts->add(token);
  });
  return tokens;
}

Survey survey(const Corpus& corpus, const Prepared& prepared, const PrepareOptions& options) {
  Survey result;
  TokenCounts& target_counts = options.vocabulary.shared ? result.source : result.target;
  const auto fits = [&](const Tokenizer& tokenizer, const std::string& line) {
    const bool surely = static_cast<Index>(line.size()) <= options.max_length;  // a token is a byte at least
    return options.max_length == 0 || surely || add_counts(tokenizer, line, nullptr) <= options.max_length;
  };
  for (std::size_t i = 0; i < corpus.source.size(); ++i) {
    if (!fits(*prepared.source_tokenizer, corpus.source[i])) continue;
    if (!fits(*prepared.target_tokenizer, corpus.target[i])) continue;
    add_counts(*prepared.source_tokenizer, corpus.source[i], &result.source);
    add_counts(*prepared.target_tokenizer, corpus.target[i], &target_counts);
    result.kept.push_back(static_cast<Index>(i));
  }
  if (result.kept.empty() && corpus.size() > 0) {
    throw DataError(
        fmt::format("data.max_length: none of the {} training pairs has at most {} tokens on either side; "
                    "allow longer ones",
                    corpus.size(), options.max_length));
  }
  return result;
}

// Encodes one side of the pairs `lines`; the number of tokens that became <unk>.
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
  dataset.lines = std::move(lines);
  return dataset;
}

std::vector<Index> all_lines(const Corpus& corpus) {
  std::vector<Index> lines(corpus.source.size());
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = static_cast<Index>(i);
  return lines;
}

// The tokenisers of both sides, each made ready by `ready` (with the side it is for); one where they share it.
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

Tokenizers train_tokenizers(const config::Tagged& which, const Corpus& train) {
  return make_tokenizers(which, [&](Tokenizer& tokenizer, Side side, bool joint) {
    using Lines = std::span<const std::string>;
    const std::array<Lines, 2> both = {train.source, train.target};
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

Prepared prepare(const Splits& splits, const PrepareOptions& options, const Learned* learned) {
  Prepared prepared;
  Tokenizers tokenizers = learned != nullptr ? recall_tokenizers(options.tokenizer, *learned)
                                             : train_tokenizers(options.tokenizer, splits.train);
  prepared.source_tokenizer = std::move(tokenizers.source);
  prepared.target_tokenizer = std::move(tokenizers.target);

  Survey seen = survey(splits.train, prepared, options);
  const VocabularyOptions& v = options.vocabulary;
  prepared.source = Vocabulary(seen.source, v.min_frequency, v.max_size);
  prepared.target = v.shared ? prepared.source : Vocabulary(seen.target, v.min_frequency, v.max_size);

  prepared.train = encode_corpus(splits.train, std::move(seen.kept), prepared);
  prepared.valid = encode_corpus(splits.valid, all_lines(splits.valid), prepared);
  for (const NamedCorpus& test : splits.tests) {
    prepared.tests.push_back({test.name, encode_corpus(test.corpus, all_lines(test.corpus), prepared)});
  }
  return prepared;
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
