#include "framework/decoding/options.h"

#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::decoding {
namespace {

const config::Node& empty_tree() {
  static const config::Node tree = config::make_map();
  return tree;
}

SearchOptions parsed(const std::string& keys) {
  const config::Node root = config::parse_yaml("decoding: {" + keys + "}\n", "x.yaml");
  return config::parse(config::Section(root, "").section("decoding"), search_rows());
}

// The message about the options of a system `s`, written in x.yaml.
std::string refused(const std::string& keys, bool has_attention = true) {
  const config::Node root = config::parse_yaml("decoding: {" + keys + "}\n", "x.yaml");
  return testing::thrown<ConfigError>([&] { check_search(parsed(keys), has_attention, "s", root); });
}

const std::string kFine = "nothing was thrown";

}  // namespace

TEST_CASE("decoding options: defaults are a beam of 5 by the average word") {
  const SearchOptions options = parsed("");
  CHECK(options.beam == 5);
  CHECK(options.nbest == 1);
  CHECK(options.length_norm == LengthNorm::average);
  CHECK(options.length_penalty == 1);
  CHECK(options.test == TestSets::decode);
  CHECK_FALSE(options.draws());
}

TEST_CASE("decoding options: written back they are the same options") {
  const SearchOptions options = parsed(
      "beam: 7, nbest: 3, length_norm: gnmt, length_penalty: 0.5, coverage_penalty: 0.25, min_length: 2, "
      "max_length_factor: 1.5, max_length_extra: 4, block_ngrams: 3, temperature: 0.75, top_k: 9, sample_seed: 6, "
      "replace_unknown: true, dictionary: d.txt, batch_sentences: 8, test: never");
  CHECK(options.beam == 7);
  CHECK(options.length_norm == LengthNorm::gnmt);
  CHECK(options.coverage_penalty == 0.25);
  CHECK(options.min_length == 2);
  CHECK(options.block_ngrams == 3);
  CHECK(options.draws());
  CHECK(options.sample_seed == 6);
  CHECK(options.replace_unknown);
  CHECK(options.test == TestSets::never);
  const config::Node node = config::to_node(search_rows(), options);
  CHECK(
      config::same(node, config::to_node(search_rows(), config::parse(config::Section(node, ""), search_rows()))));
}

TEST_CASE("decoding options: no more translations than hypotheses unless they are drawn") {
  CHECK(refused("nbest: 5") == kFine);
  CHECK(refused("nbest: 6, temperature: 0.5") == kFine);
  CHECK(refused("nbest: 6") ==
        "x.yaml:1:19: decoding.nbest: 6 translations cannot come of a beam of 5; set decoding.beam to 6 at least "
        "(system 's')");
  // At the key that is written, by the rule of the first.
  SearchOptions options;
  options.nbest = 2;
  options.beam = 1;
  const config::Node root = config::parse_yaml("decoding: {beam: 1}\n", "x.yaml");
  CHECK(testing::thrown<ConfigError>([&] { check_search(options, true, "s", root); }) ==
        "x.yaml:1:18: decoding.nbest: 2 translations cannot come of a beam of 1; set decoding.beam to 2 at least "
        "(system 's')");
  CHECK(testing::thrown<ConfigError>([&] {
          check_search(options, true, "s", empty_tree());
        }).ends_with(": 2 translations cannot come of a beam of 1; set decoding.beam to 2 at least (system 's')"));
}

TEST_CASE("decoding options: what needs attention is refused without one") {
  CHECK(refused("coverage_penalty: 0.5, replace_unknown: true") == kFine);
  CHECK(refused("coverage_penalty: 0.5", false) ==
        "x.yaml:1:30: decoding.coverage_penalty: there is no attention that could cover anything; set it to 0 for "
        "this system (system 's')");
  CHECK(
      refused("replace_unknown: true", false) ==
      "x.yaml:1:29: decoding.replace_unknown: there is no attention to say which word <unk> stands for; set it to "
      "false for this system (system 's')");
}

TEST_CASE("decoding options: what nothing reads is refused") {
  CHECK(refused("dictionary: d.txt, replace_unknown: true") == kFine);
  CHECK(
      refused("dictionary: d.txt") ==
      "x.yaml:1:24: decoding.dictionary: nothing looks into it; set decoding.replace_unknown to true, or leave the "
      "dictionary out (system 's')");
  CHECK(refused("top_k: 5, temperature: 1") == kFine);
  CHECK(refused("top_k: 5") ==
        "x.yaml:1:19: decoding.top_k: no words are drawn; set decoding.temperature above 0, or leave top_k out "
        "(system 's')");
}

TEST_CASE("decoding options: the least length fits the limit that is the same for every source") {
  CHECK(refused("max_length_factor: 0, max_length_extra: 5, min_length: 4") == kFine);
  CHECK(refused("max_length_factor: 0.5, max_length_extra: 5, min_length: 50") == kFine);
  CHECK(
      refused("max_length_factor: 0, max_length_extra: 5, min_length: 5") ==
      "x.yaml:1:67: decoding.min_length: 5 words and an end are more than max_length_factor 0 and max_length_extra "
      "5 allow; raise one of the two (system 's')");
}

TEST_CASE("decoding options: the length limit grows with the source and allows the least length") {
  CHECK(length_limit(3, {.max_length_factor = 2, .max_length_extra = 5}) == 11);
  CHECK(length_limit(3, {.max_length_factor = 0.5, .max_length_extra = 5}) == 6);
  CHECK(length_limit(3, {.min_length = 20, .max_length_factor = 0, .max_length_extra = 5}) == 21);
  CHECK(length_limit(3, {.min_length = 2, .max_length_factor = 2, .max_length_extra = 5}) == 11);
  CHECK(length_limit(0, {.max_length_factor = 0, .max_length_extra = 0}) == 1);
  CHECK(length_limit(5, {.max_length_factor = 1e300, .max_length_extra = 1}) == 1000000001);
  CHECK(length_limit(0, {.max_length_factor = 1e300, .max_length_extra = 1}) == 1);
}

TEST_CASE("decoding options: greedy search keeps the other options and that of validations only the limits") {
  const SearchOptions options{.beam = 7,
                              .nbest = 3,
                              .length_penalty = 0.5,
                              .min_length = 2,
                              .max_length_factor = 3,
                              .max_length_extra = 4,
                              .block_ngrams = 3,
                              .temperature = 1,
                              .top_k = 9,
                              .replace_unknown = true,
                              .batch_sentences = 8};
  const SearchOptions greedy = greedy_of(options);
  CHECK(greedy.beam == 1);
  CHECK(greedy.nbest == 1);
  CHECK(greedy.top_k == 0);
  CHECK_FALSE(greedy.draws());
  CHECK(greedy.length_penalty == 0.5);
  CHECK(greedy.min_length == 2);
  CHECK(greedy.block_ngrams == 3);
  CHECK(greedy.replace_unknown);
  const SearchOptions expected{.beam = 1, .max_length_factor = 3, .max_length_extra = 4, .batch_sentences = 8};
  const auto text = [](const SearchOptions& search) {
    return config::to_yaml(config::to_node(search_rows(), search));
  };
  CHECK(text(validation_of(options)) == text(expected));
}

}  // namespace regard::decoding
