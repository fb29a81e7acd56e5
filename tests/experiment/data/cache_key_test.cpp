#include "framework/experiment/data/cache_key.h"

#include <set>

#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
namespace {

data::DataOptions options_of(const std::string& yaml) {
  return data::parse_data(config::Section(config::parse_yaml(yaml, "p.yaml"), "data"));
}

data::DataOptions with(const std::string& rest) {
  return options_of("{files: {train: [a, b], valid: [a, b]}" + rest + "}");
}

}  // namespace

TEST_CASE("cache key: options are YAML with every default and names in the place of numbers") {
  CHECK(prepared_options(with("")) == R"(corpus: none
files: 2
empty_lines: refuse
max_line_words: 1000
max_length: 100
text:
  normalize: none
  lowercase: false
join:
  train: [1]
tokenizer: word
vocabulary:
  min_frequency: 1
  max_size: 0
  shared: false
)");
  CHECK(tokenizer_options(with("")) == R"(text:
  normalize: none
  lowercase: false
join:
  train: [1]
tokenizer: word
)");
  CHECK(prepared_key(with("")) == sha256(prepared_options(with(""))));
  CHECK(tokenizer_key(with(""), "text") == sha256(tokenizer_options(with("")) + '\0' + "text"));
}

TEST_CASE("cache key: each option of the training text has keys of its own") {
  std::set<std::string> prepared{prepared_key(with(""))};
  std::set<std::string> tokenizers{tokenizer_key(with(""), "")};
  const std::vector<std::string> others = {", empty_lines: skip",
                                           ", max_line_words: 7",
                                           ", max_length: 7",
                                           ", vocabulary: {min_frequency: 2}",
                                           ", vocabulary: {max_size: 7}",
                                           ", vocabulary: {shared: true}"};
  const std::vector<std::string> read = {", text: {normalize: nfc}",
                                         ", text: {normalize: nfkc}",
                                         ", text: {lowercase: true}",
                                         ", join: {train: [1, 2]}",
                                         ", tokenizer: char",
                                         ", tokenizer: sentencepiece",
                                         ", tokenizer: {type: sentencepiece, size: 99}"};
  for (const std::string& option : others) {
    INFO(option);
    CHECK(prepared.insert(prepared_key(with(option))).second);
    CHECK_FALSE(tokenizers.insert(tokenizer_key(with(option), "")).second);
  }
  for (const std::string& option : read) {
    INFO(option);
    CHECK(prepared.insert(prepared_key(with(option))).second);
    CHECK(tokenizers.insert(tokenizer_key(with(option), "")).second);
  }
  CHECK(prepared.insert(prepared_key(options_of("{files: {train: [a, b, c], valid: [a, b]}}"))).second);
  CHECK(prepared.insert(prepared_key(options_of("{corpus: reverse}"))).second);
  CHECK(prepared.insert(prepared_key(options_of("{corpus: {type: reverse, train: 7}}"))).second);
}

TEST_CASE("cache key: names of files and options of test sets and another way to write an option change none") {
  for (const char* same :
       {"{files: {train: [c, d], valid: [e, f], test: {t: [g, h]}, tokenized: {t: i}, name: x}}",
        "{files: {train: [a, b], valid: [a, b]}, join: {test: [1, 2]}}",
        "{files: {train: [a, b], valid: [a, b]}, tokenizer: {type: word}, text: {normalize: none}}"}) {
    INFO(same);
    CHECK(prepared_key(options_of(same)) == prepared_key(with("")));
    CHECK(tokenizer_key(options_of(same), "") == tokenizer_key(with(""), ""));
  }
}

TEST_CASE("cache key: a file that an option names enters with the hash of its bytes") {
  const test::TempFolder at;
  const std::string file = (at / "model").string();
  write_file(file, "one");
  const auto options = with(", tokenizer: {type: sentencepiece, source_model: " + file + "}");
  const std::string first = prepared_options(options);
  CHECK(first.find("sentencepiece.source_model " + sha256("one") + "\n") != std::string::npos);
  const std::string before = tokenizer_key(options, "");
  write_file(file, "two");
  CHECK(prepared_options(options) != first);
  CHECK(tokenizer_key(options, "") != before);
}

}  // namespace regard::experiment
