#include "framework/data/options.h"

#include <algorithm>
#include <functional>

#include "framework/base/errors.h"
#include "framework/config/yaml.h"
#include "tests/data/folder.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

DataOptions parse(const std::string& yaml) {
  const config::Node root = config::parse_yaml(yaml, "plan.yaml");
  return parse_data(config::Section(*root.get("data"), "data"));
}

}  // namespace

TEST_CASE("data options: a built-in corpus needs only its name") {
  const DataOptions options = parse("data: {corpus: chat_noir}");
  CHECK(options.corpus.name == "chat_noir");
  CHECK(options.corpus.options.integer("train") == 5000);
  CHECK(options.tokenizer.name == "word");
  CHECK(options.vocabulary.min_frequency == 1);
  CHECK(options.max_length == 100);
  const Splits splits = load(options);
  CHECK(splits.train.size() == 5000);
  const Prepared prepared = prepare(splits, prepare_options(options));
  CHECK(prepared.train.size() == 5000);
}

TEST_CASE("data options: a corpus takes options and every key is read") {
  const DataOptions options = parse(
      "data:\n  corpus: {type: copy, symbols: 7, train: 40, valid: 4, test: 4, test_long: 4}\n  tokenizer: {type: "
      "char}\n"
      "  vocabulary: {min_frequency: 2, max_size: 5, shared: true}\n  max_length: 30\n  max_line_words: 50\n"
      "  empty_lines: skip\n");
  CHECK(load(options).train.size() == 40);
  CHECK(options.empty_lines == EmptyLines::kSkip);
  CHECK(options.max_line_words == 50);
  const PrepareOptions p = prepare_options(options);
  CHECK(p.tokenizer.name == "char");
  CHECK(p.vocabulary.min_frequency == 2);
  CHECK(p.vocabulary.max_size == 5);
  CHECK(p.vocabulary.shared);
  CHECK(p.max_length == 30);
}

TEST_CASE("data options: keys of files beside a built-in corpus are refused") {
  for (const char* files : {"{name: mine}", "{tokenized: {test: a}}", "{train: [a, b]}"}) {
    INFO(files);
    CHECK_THROWS_WITH(parse(fmt::format("data: {{corpus: copy, files: {}}}", files)),
                      "plan.yaml:1:29: data.files: the corpus 'copy' is already chosen; give either "
                      "data.corpus or data.files");
  }
}

TEST_CASE("data options: a coverage that SentencePiece would refuse is an error with its place") {
  CHECK_THROWS_WITH(parse("data: {corpus: copy, tokenizer: {type: sentencepiece, character_coverage: 0.97}}"),
                    "plan.yaml:1:75: data.tokenizer.character_coverage: expected a number from 0.98 to 1, got "
                    "\"0.97\"");
  CHECK(parse("data: {corpus: copy, tokenizer: {type: sentencepiece, character_coverage: 0.98}}")
            .tokenizer.options.number("character_coverage") == 0.98);
}

TEST_CASE("data options: files are read with their names") {
  const TestFolder folder;
  (void)folder.file("train.en", "the cat\n\na dog\n");
  (void)folder.file("train.fr", "le chat\nrien\nun chien\n");
  (void)folder.file("valid.en", "the cat\n");
  (void)folder.file("valid.fr", "le chat\n");
  (void)folder.file("late.en", "\na\n");
  (void)folder.file("late.fr", "\nun\n");
  (void)folder.file("late.align", "\n0-0\n");
  const std::string at = folder.path().string() + "/";
  const std::string files = "  files:\n    train: [" + at + "train.en, " + at + "train.fr]\n    valid: [" + at +
                            "valid.en, " + at + "valid.fr]\n    test:\n      late: [" + at + "late.en, " + at +
                            "late.fr, " + at + "late.align]\n      early: [" + at + "valid.en, " + at +
                            "valid.fr]\n";
  const Splits splits = load(parse("data:\n  empty_lines: skip\n" + files));
  CHECK(splits.name == "train");
  CHECK(splits.description == "Parallel text, read from train.en and train.fr.");
  CHECK_FALSE(splits.synthetic);
  CHECK(splits.source_language == "en");
  CHECK(splits.target_language == "fr");
  CHECK(splits.train.size() == 2);
  CHECK(splits.train.skipped == 1);
  REQUIRE(splits.tests.size() == 2);
  CHECK(splits.tests[0].name == "late");
  CHECK(splits.tests[0].corpus.size() == 2);
  CHECK(splits.tests[0].corpus.gold[1] == Alignment{{0, 0}});
  CHECK(splits.tests[1].name == "early");
  CHECK_THROWS_WITH(load(parse("data:\n" + files)),
                    at + "train.en:2: the line is empty; remove it and its partner from "
                         "both files, or set data.empty_lines to skip");
}

TEST_CASE("data options: a corpus and files exclude each other and one is needed") {
  CHECK_THROWS_WITH(
      parse("data:\n  corpus: copy\n  files: {train: [a, b], valid: [a, b]}\n"),
      "plan.yaml:3:10: data.files: the corpus 'copy' is already chosen; give either data.corpus or data.files");
  CHECK_THROWS_WITH(
      parse("data:\n  max_length: 3\n"),
      "plan.yaml:2:3: data.corpus: there is no text to train on; name a built-in corpus (chat_noir, copy, "
      "reverse) or give data.files");
}

TEST_CASE("data options: a list of files has two or three names") {
  CHECK_THROWS_WITH(
      parse("data:\n  files:\n    train: [a.en]\n    valid: [a, b]\n"),
      "plan.yaml:3:12: data.files.train: expected [source, target] or [source, target, alignment], got 1 file");
  CHECK_THROWS_WITH(
      parse("data:\n  files:\n    train: [a, b]\n"),
      "plan.yaml:3:5: data.files.valid: expected [source, target] or [source, target, alignment], got 0 files");
  CHECK_THROWS_WITH(
      parse("data:\n  files:\n    train: [a, b]\n    valid: [a, b]\n    test: {x: [a, b, c, d]}\n"),
      "plan.yaml:5:15: data.files.test.x: expected [source, target] or [source, target, alignment], got 4 files");
}

TEST_CASE("data options: the name of a test set must be a possible file name") {
  CHECK_THROWS_WITH(
      parse("data:\n  files:\n    train: [a, b]\n    valid: [a, b]\n    test: {../x: [a, b]}\n"),
      "plan.yaml:5:18: data.files.test.../x: the name of a test set consists of letters, digits, '_' and '-'");
}

TEST_CASE("data options: the errors of unknown names have the nearest name and the place") {
  CHECK_THROWS_WITH(
      parse("data:\n  corpus: chatnoir\n"),
      "plan.yaml:2:11: data.corpus: unknown corpus 'chatnoir'; did you mean 'chat_noir'? Known: none (read "
      "data.files), chat_noir (English to French sentences from a grammar (synthetic), with gold "
      "alignments), copy (rows of random symbols, to be repeated (synthetic)), reverse (rows of random "
      "symbols, to be written backwards (synthetic))");
  CHECK_THROWS_WITH(
      parse("data:\n  corpus: copy\n  max_lenght: 3\n"),
      "plan.yaml:3:3: unknown key 'max_lenght' in data; did you mean 'max_length'? Known keys: corpus, "
      "empty_lines, files, join, max_length, max_line_words, text, tokenizer, vocabulary");
  CHECK_THROWS_WITH(
      parse("data:\n  corpus: copy\n  tokenizer: words\n"),
      "plan.yaml:3:14: data.tokenizer: unknown tokenizer 'words'; did you mean 'word'? "
      "Known: char (code points, with ▁ for a space), sentencepiece (subwords, learned from "
      "the training text or from a .model file), sides (a tokeniser for each side), word (words between "
      "whitespace)");
}

TEST_CASE("data options: wrong options of a corpus are errors with their place") {
  const DataOptions options = parse("data:\n  corpus:\n    type: copy\n    symbols: 1\n");
  CHECK_THROWS_WITH(
      load(options),
      "plan.yaml:4:14: data.corpus.symbols: 1 symbols in rows of 3 to 10 make 8 different rows, but train, valid "
      "and test need 4800, twice their size; use more symbols, longer rows or smaller splits");
}

TEST_CASE("data options: written options are read back as the same") {
  const DataOptions options = parse("data:\n  corpus: {type: reverse, seed: 9}\n  max_length: 12\n");
  const config::Node node = config::to_node(data_rows(), options);
  const DataOptions again = parse_data(config::Section(node, "data"));
  CHECK(config::same(config::to_node(data_rows(), again), node));
  CHECK(again.corpus.options.integer("seed") == 9);
  CHECK(again.max_length == 12);
}

TEST_CASE("data options: every key has a meaning") {
  const std::function<void(const std::vector<config::OptionRow>&)> look = [&](const auto& rows) {
    for (const config::OptionRow& row : rows) {
      INFO(row.name);
      CHECK((row.meaning.empty() || row.meaning.size() > 10));
      CHECK((row.name.empty() || !row.meaning.empty()));
      look(row.inner);
      if (!row.choices) continue;
      for (const config::Choice& choice : row.choices()) {
        CHECK(!choice.summary.empty());
        look(choice.options);
      }
    }
  };
  look(config::descriptions(data_rows()));
  look(config::descriptions(batch_rows()));
}

TEST_CASE("batch options: they have one limit or the default") {
  const config::Origin origin{.kind = config::Origin::Kind::file, .source = "plan.yaml", .line = 4, .column = 2};
  CHECK(batch_size({.tokens = 300, .sentences = {}}, {.tokens = 512}, origin, "training.batch").tokens == 300);
  const BatchSize sentences =
      batch_size({.tokens = {}, .sentences = 64}, {.tokens = 512}, origin, "training.batch");
  CHECK(sentences.tokens == 0);
  CHECK(sentences.sentences == 64);
  CHECK(batch_size({}, {.tokens = 512}, origin, "training.batch").tokens == 512);
  CHECK_THROWS_WITH(
      batch_size({.tokens = 300, .sentences = 64}, {}, origin, "training.batch"),
      "plan.yaml:4:2: training.batch: a batch is limited by either tokens or sentences, but both are given (300 "
      "and 64); remove one");
}

TEST_CASE("data options: one file with both sides, a tokeniser a side, and validation out of training") {
  const TestFolder folder;
  std::string lines;
  for (int i = 0; i < 40; ++i) lines += fmt::format("ab{}\tx{} y\tN;PL\n", i, i);
  const std::string train = folder.file("words.tsv", lines);
  const std::string test = folder.file("test.tsv", "ab1\tx1 y\tN;SG\n");
  const DataOptions options = parse(
      "data:\n  files: {line: \"{source}\\t{target}\\t{features}\", train: [" + train + "], test: {test: [" +
      test +
      "]}, hold_out: {lines: 8, seed: 2}}\n  tokenizer: {source: {type: char, marks: true}, target: word}\n");
  CHECK(options.tokenizer.name == "sides");
  const Splits splits = load(options);
  CHECK(splits.name == "words");
  CHECK(splits.description ==
        "Pairs of lines, read from words.tsv. 8 training pairs, drawn with seed 2, are the validation text.");
  CHECK(splits.source_language == "source");
  CHECK(splits.train.size() == 32);
  CHECK(splits.valid.size() == 8);
  CHECK(splits.tests[0].corpus.source == std::vector<std::string>{"ab1 <N> <SG>"});
  for (const std::string& source : splits.valid.source)
    CHECK(std::find(splits.train.source.begin(), splits.train.source.end(), source) == splits.train.source.end());
  const Prepared prepared = prepare(splits, prepare_options(options));
  CHECK(prepared.source_tokenizer->encode("ab1 <N> <SG>") ==
        std::vector<std::string>{"a", "b", "1", "▁", "<N>", "▁", "<SG>"});
  CHECK(prepared.source_tokenizer->decode(prepared.source_tokenizer->encode("ab1 <N> <SG>")) == "ab1 <N> <SG>");
  CHECK(prepared.target_tokenizer->encode("x1 y") == std::vector<std::string>{"x1", "y"});
  CHECK(prepared.source.id("<PL>") >= 4);
}

TEST_CASE("data options: files of one line form and validation that do not fit are refused") {
  const auto error = [](const std::string& files) { return fmt::format("data: {{files: {{{}}}}}", files); };
  CHECK_THROWS_WITH(parse(error("line: \"{source}\", train: [a], valid: [b]")),
                    "plan.yaml:1:22: data.files.line: has no {target}; write for example \"{source}\\t{target}\"");
  CHECK_THROWS_WITH(
      parse(error("line: \"{source} {target}\", train: [a, b], valid: [b]")),
      "plan.yaml:1:50: data.files.train: expected one file, [file], because data.files.line is given; got 2");
  CHECK_THROWS_WITH(
      parse(error("train: [a, b], valid: [a, b], hold_out: {lines: 3}")),
      "plan.yaml:1:56: data.files.hold_out: takes validation out of the training text, but files.valid is "
      "given too; leave out one");
  CHECK_THROWS_WITH(parse(error("train: [a, b], hold_out: {lines: 3, share: 0.1}")),
                    "plan.yaml:1:41: data.files.hold_out: gives both lines and share; leave out one");
  const DataOptions one = parse("data: {corpus: copy, tokenizer: {source: char}}");  // the other side is words
  CHECK(std::get<config::Tagged>(one.tokenizer.options.at("target").data).name == "word");
}

}  // namespace regard::data
