#include <filesystem>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/data/corpora/chat_noir.h"
#include "framework/data/prepare.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::data {
namespace {

using Lines = std::vector<std::string>;

const Corpus& corpus() {
  static const Corpus train = make_chat_noir({.train = 1000, .valid = 1, .test = 1, .test_long = 1}).train;
  return train;
}

config::Options options(std::initializer_list<std::pair<const char*, config::Value>> given) {
  config::Options all = config::defaults(tokenizers().at("sentencepiece").options);
  for (const auto& [name, value] : given) all.put(name, value);
  return all;
}

TokenizerPtr trained(const config::Options& how, std::span<const std::string> lines) {
  TokenizerPtr tokenizer = tokenizers().at("sentencepiece").make(how, Side::source);
  tokenizer->train({&lines, 1});
  return tokenizer;
}

const config::Value kSmall{Index{250}};

}  // namespace

TEST_CASE("sentencepiece: a line is decoded from its pieces with any white space") {
  for (const char* algorithm : {"bpe", "unigram"}) {
    const auto tokenizer =
        trained(options({{"size", kSmall}, {"algorithm", {std::string(algorithm)}}}), corpus().target);
    for (const std::string& line : Lines(corpus().target.begin(), corpus().target.begin() + 50)) {
      CHECK(tokenizer->decode(tokenizer->encode(line)) == line);
    }
    CHECK(tokenizer->decode(tokenizer->encode(" le\u00A0 chat\t noir ")) == "le chat noir");
    CHECK(tokenizer->encode("").empty());
    CHECK(tokenizer->encode(" \u2003").empty());
    CHECK(tokenizer->encode("le chat noir").size() < 12);
  }
}

TEST_CASE("sentencepiece: the same text gives the same model") {
  for (const char* algorithm : {"bpe", "unigram"}) {
    const config::Options how = options({{"size", kSmall}, {"algorithm", {std::string(algorithm)}}});
    CHECK(trained(how, corpus().source)->learned() == trained(how, corpus().source)->learned());
  }
}

TEST_CASE("sentencepiece: a learned model can be recalled") {
  const config::Options how = options({{"size", kSmall}});
  const auto first = trained(how, corpus().source);
  const auto second = tokenizers().at("sentencepiece").make(how, Side::source);
  second->recall(first->learned(), "kept.model");
  CHECK(second->learned() == first->learned());
  for (const std::string& line : Lines(corpus().source.begin(), corpus().source.begin() + 20)) {
    CHECK(second->encode(line) == first->encode(line));
  }
}

TEST_CASE("sentencepiece: a character that was never seen is one unknown token") {
  const auto tokenizer = trained(options({{"size", kSmall}}), corpus().source);
  const Lines pieces = tokenizer->encode("the 猫 cat");
  CHECK(std::find(pieces.begin(), pieces.end(), "猫") != pieces.end());
  CHECK(tokenizer->decode(pieces) == "the 猫 cat");
}

TEST_CASE("sentencepiece: text that looks like a special token is ordinary text") {
  const auto tokenizer = trained(options({{"size", kSmall}}), corpus().source);
  CHECK(tokenizer->decode(tokenizer->encode("a </s> <unk> cat")) == "a </s> <unk> cat");
  const Lines pieces = tokenizer->encode("a </s> <unk>");
  CHECK(std::find(pieces.begin(), pieces.end(), "</s>") == pieces.end());
}

TEST_CASE("sentencepiece: both sides share one model only with joint") {
  Splits splits;
  splits.train = corpus();
  splits.valid = corpus();
  const auto prepared = [&](bool joint) {
    return prepare(splits, {.tokenizer = {.name = "sentencepiece",
                                          .options = options({{"size", kSmall}, {"joint", {joint}}})},
                            .vocabulary = {.shared = joint}});
  };
  const Prepared joint = prepared(true);
  CHECK(joint.source_tokenizer == joint.target_tokenizer);
  CHECK(joint.source == joint.target);
  CHECK(joint.source.size() <= 250 + kSpecials);
  CHECK(learned_by(joint).target.empty());
  const Prepared apart = prepared(false);
  CHECK(apart.source_tokenizer != apart.target_tokenizer);
  CHECK(learned_by(apart).source != learned_by(apart).target);
  CHECK(joint.train.source_unknown == 0);

  const Learned kept = learned_by(apart);
  const Tokenizers again =
      recall_tokenizers({.name = "sentencepiece", .options = options({{"joint", {false}}})}, kept);
  CHECK(again.target->encode("le chat noir") == apart.target_tokenizer->encode("le chat noir"));
}

TEST_CASE("sentencepiece: the n best encodings have decreasing weights and the text of the line") {
  const config::Options how = options(
      {{"size", kSmall}, {"algorithm", {std::string("unigram")}}, {"nbest", {Index{8}}}, {"alpha", {0.5}}});
  const auto tokenizer = trained(how, corpus().source);
  CHECK(tokenizer->several());
  std::vector<double> weights;
  std::vector<Lines> encodings;
  const std::string line = "the black cat has eaten an apple";
  tokenizer->for_each_encoding(line, [&](Lines tokens, double weight) {
    CHECK(tokenizer->decode(tokens) == line);
    encodings.push_back(std::move(tokens));
    weights.push_back(weight);
  });
  REQUIRE(encodings.size() == 8);
  CHECK(encodings[0] == tokenizer->encode(line));
  CHECK(weights[0] == 1);
  CHECK(std::is_sorted(weights.rbegin(), weights.rend()));
  CHECK(weights[7] > 0);
  CHECK(weights[7] < 1);
  std::sort(encodings.begin(), encodings.end());
  CHECK(std::adjacent_find(encodings.begin(), encodings.end()) == encodings.end());
  Index empty = 0;
  tokenizer->for_each_encoding("", [&](const Lines& tokens, double) { empty += tokens.empty() ? 1 : 9; });
  CHECK(empty == 1);

  Splits splits;
  splits.train = splits.valid = corpus();
  const Prepared one = prepare(splits, {.tokenizer = {.name = "sentencepiece", .options = how}});
  CHECK(one.train.source.several());
  CHECK_FALSE(one.valid.source.several());
  CHECK(one.train.size() == corpus().size());
  CHECK(one.train.source_unknown == 0);
  CHECK(tokens_of(one.source, one.train.source[7]) == one.source_tokenizer->encode(corpus().source[7]));
}

TEST_CASE("sentencepiece: n best encodings are refused for a model with only one") {
  CHECK_THROWS_WITH(trained(options({{"size", kSmall}, {"nbest", {Index{4}}}}), corpus().source),
                    "default: data.tokenizer.nbest: byte-pair encoding has only "
                    "one encoding of a sentence; set data.tokenizer.algorithm to unigram, or remove nbest");
  const test::TempFolder folder;
  const std::string file = (folder / "bpe.model").string();
  write_file(file, trained(options({{"size", kSmall}}), corpus().source)->learned());
  CHECK_THROWS_WITH(trained(options({{"source_model", {config::Path(file)}}, {"nbest", {Index{4}}}}), Lines{"x"}),
                    file +
                        ": the model has no n best encodings, but data.tokenizer.nbest "
                        "4 needs them; use a unigram model, or remove nbest");
}

TEST_CASE("sentencepiece: a given model is used") {
  const test::TempFolder folder;
  const auto file = folder.path() / "given.model";
  write_file(file, trained(options({{"size", kSmall}}), corpus().source)->learned());
  const config::Value path{config::Path(file.string())};
  const auto given = trained(options({{"source_model", path}}), Lines{"other text"});
  CHECK(given->encode("the black cat") ==
        trained(options({{"size", kSmall}}), corpus().source)->encode("the black cat"));
  CHECK_THROWS_WITH(trained(options({{"source_model", path}, {"size", {Index{400}}}}), Lines{"x"}),
                    file.string() +
                        ": the model has 250 pieces, but data.tokenizer.size is 400; remove the size, or "
                        "use another model");
}

TEST_CASE("sentencepiece: a file that is not a model is refused") {
  const test::TempFolder folder;
  const auto file = folder.path() / "bad.model";
  const config::Value path{config::Path(file.string())};
  const std::string good = trained(options({{"size", kSmall}}), corpus().source)->learned();
  for (const std::string& bytes :
       Lines{"not a model", "", good.substr(0, good.size() / 2), std::string(1000, '\xFF')}) {
    write_file(file, bytes);
    CAPTURE(bytes.size());
    CHECK_THROWS_WITH(trained(options({{"source_model", path}}), Lines{"x"}),
                      StartsWith(file.string() + ": is not a SentencePiece model, or is damaged (") &&
                          EndsWith("make it again with spm_train, or remove it, so that the run learns one"));
  }
  CHECK_THROWS_WITH(
      trained(options({{"source_model", {config::Path((folder.path() / "none").string())}}}), Lines{"x"}),
      (folder.path() / "none").string() + ": cannot be read: no such file or folder");
}

TEST_CASE("sentencepiece: a model without an unknown piece is refused") {
  const test::TempFolder folder;
  const auto file = folder / "no-unk.model";
  std::string bytes = trained(options({{"size", kSmall}}), corpus().source)->learned();
  const std::size_t unk = bytes.find("<unk>");
  const std::size_t type =
      bytes.find("\x18\x02", unk);  // field 3 of the piece is its type; 2 is the unknown piece
  REQUIRE(type < unk + 16);
  bytes[type + 1] = '\x01';
  write_file(file, bytes);
  CHECK_THROWS_WITH(trained(options({{"source_model", {config::Path(file.string())}}}), Lines{"x"}),
                    file.string() +
                        ": is not a SentencePiece model, or is damaged (unk is not defined); make it again with "
                        "spm_train, or remove it, so that the run learns one");
}

TEST_CASE("sentencepiece: an error of the library has its reason") {
  CHECK_THROWS_WITH(trained(options({{"character_coverage", {0.9}}}), Lines{"the cat", "the dog"}),
                    StartsWith("data.tokenizer: SentencePiece cannot learn 8000 pieces from this text: ["));
}

TEST_CASE("sentencepiece: more pieces than the text allows are refused") {
  CHECK_THROWS_WITH(trained(options({{"size", {Index{5000}}}}), Lines{"the cat", "the dog"}),
                    StartsWith("data.tokenizer: SentencePiece cannot learn 5000 pieces from this text: Vocabulary "
                               "size too high (5000)") &&
                        EndsWith("; change data.tokenizer.size, or use more text"));
}

TEST_CASE("sentencepiece: options that do not go together are refused") {
  const config::Value path{config::Path("x.model")};
  const auto& kind = tokenizers().at("sentencepiece");
  CHECK_THROWS_WITH(kind.make(options({{"target_model", path}}), Side::source),
                    ContainsSubstring("data.tokenizer.target_model: a joint tokeniser has one model; give it as "
                                      "source_model, or set joint to false"));
  CHECK_THROWS_WITH(kind.make(options({{"joint", {false}}, {"source_model", path}}), Side::source),
                    ContainsSubstring("data.tokenizer.source_model: only one side has "
                                      "a model; give both or neither"));
}

}  // namespace regard::data
