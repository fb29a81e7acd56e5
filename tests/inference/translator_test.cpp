#include "framework/inference/translator.h"

#include "framework/base/errors.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"
#include "tests/support/tiny_run.h"

namespace regard::inference {
namespace {

using test::finished_runs;
using Words = std::vector<std::string>;

std::vector<std::unique_ptr<TrainedRun>> opened(const std::vector<Path>& folders) {
  std::vector<std::unique_ptr<TrainedRun>> all;
  for (const Path& folder : folders) all.push_back(std::make_unique<TrainedRun>(folder));
  return all;
}

Translator general(decoding::SearchOptions options = {.beam = 2}) {
  return {opened({finished_runs().paths("general").folder}), std::move(options)};
}

std::string refused(const std::vector<Path>& folders) {
  return testing::thrown<ConfigError>([&] { Translator(opened(folders), {}); });
}

}  // namespace

TEST_CASE("translator: lines are answered in their order and one without words by an empty text") {
  const Translator translator = general();
  CHECK(translator.has_attention());
  const auto all = translator.translate({"s1 s2", "", " \t", "s3"}, 1, "text");
  REQUIRE(all.size() == 4);
  for (const auto& line : all) REQUIRE(line.found.size() == 1);
  CHECK(all[1].found[0].text.empty());
  CHECK(all[2].found[0].text.empty());
  CHECK_FALSE(all[1].found[0].words.has_value());
  const auto alone = translator.translate({"s3"}, 1, "text");
  CHECK(alone[0].found[0].text == all[3].found[0].text);
  CHECK(alone[0].found[0].log_probability == Approx(all[3].found[0].log_probability));
  CHECK(translator.translate({}, 1, "text").empty());
}

TEST_CASE("translator: an n-best list is sorted by score and links words where there is attention") {
  const auto found = general({.beam = 3, .nbest = 3}).translate({"s1 s2 s3"}, 1, "text")[0].found;
  REQUIRE(found.size() == 3);
  CHECK(found[0].score >= found[1].score);
  CHECK(found[1].score >= found[2].score);
  for (const Translated& one : found) {
    REQUIRE(one.words.has_value());
    CHECK(one.words->sources == 3);
  }
  const Translator vanilla({opened({finished_runs().paths("vanilla").folder})}, {.beam = 2});
  CHECK_FALSE(vanilla.has_attention());
  CHECK_FALSE(vanilla.translate({"s1"}, 1, "text")[0].found[0].words.has_value());
}

TEST_CASE("translator: a translation that is given has the score that the search gave it") {
  const Translator translator = general({.beam = 3, .nbest = 3, .max_length_factor = 0, .max_length_extra = 50});
  const auto found = translator.translate({"s1 s2 s3"}, 1, "text")[0].found;
  for (const Translated& one : found) {
    if (one.text.empty() || one.text.find('<') != std::string::npos) continue;  // not a text that reads back
    const auto given = translator.given({"s1 s2 s3"}, {one.text}, 1, "text", "target")[0].found;
    REQUIRE(given.size() == 1);
    CHECK(given[0].text == one.text);
    CHECK(given[0].words.has_value());
  }
  const auto given = translator.given({"s1 s2", "s4"}, {"s2 s1", "s4"}, 1, "text", "target");
  REQUIRE(given.size() == 2);
  CHECK(given[0].found[0].text == "s2 s1");
  CHECK(given[0].found[0].log_probability < 0);
  const auto other = translator.given({"s1 s2"}, {"s2 s3"}, 1, "text", "target");
  CHECK(other[0].found[0].log_probability != given[0].found[0].log_probability);
}

TEST_CASE("translator: a line that is not UTF-8 is refused at its number") {
  const std::string rest =
      "byte 4 of the line (0xFF) is not valid UTF-8; convert the text, for example with iconv -f latin1 -t utf-8";
  CHECK(utf8_fault("s1 \xff", 7, "text") == "text:7: " + rest);
  CHECK_FALSE(utf8_fault("s1 \xC3\xA9", 7, "text").has_value());
  const Translator translator = general();
  CHECK(testing::thrown<DataError>([&] {
          static_cast<void>(translator.translate({"s1", "s1 \xff"}, 4, "text"));
        }) == "text:5: " + rest);
  CHECK(testing::thrown<DataError>([&] {
          static_cast<void>(translator.given({"s1"}, {"s1 \xff"}, 9, "text", "target"));
        }) == "target:9: " + rest);
}

TEST_CASE("translator: a line that is too long is translated as far as is allowed and said") {
  std::string line = "s1";
  for (int i = 1; i < 1200; ++i) line += " s2";
  const auto all =
      general({.beam = 1, .max_length_factor = 0, .max_length_extra = 2}).translate({"s1", line}, 3, "text");
  REQUIRE(!all[1].notes.empty());
  CHECK(all[1].notes[0] ==
        "text:4: the line has 1200 words, but only the first 1000 are translated (data.max_line_words)");
  for (const auto& note : all[0].notes) {
    CHECK(
        note ==
        "text:3: the translation was cut at 2 tokens, before its end (decoding.max_length_factor, max_length_extra)");
  }
}

TEST_CASE("translator: an ensemble is refused where its runs do not fit together") {
  const Path general = finished_runs().paths("general").folder, vanilla = finished_runs().paths("vanilla").folder;
  CHECK(refused({general, vanilla}) == "nothing was thrown");
  CHECK(refused({general, vanilla, general}) ==
        general.string() + ": is named twice; each run of an ensemble counts once");
  std::string text = test::tiny_plan_text();
  text.replace(text.find("symbols: 5"), 10, "symbols: 4");
  const test::TinyRuns others(text);
  const Path other = others.run().folder;
  CHECK(refused({general, other}) == other.string() + ": its source vocabulary is not that of " +
                                         general.string() +
                                         ", so the two cannot be an ensemble; name runs of the same plan");
  const test::TinyRuns chars([] {
    std::string changed = test::tiny_plan_text();
    return changed.replace(changed.find("symbols: 5}"), 11, "symbols: 5}, text: {normalize: nfkc}");
  }());
  const Path normalised = chars.run().folder;
  CHECK(refused({general, normalised}) ==
        normalised.string() + ": its treatment of text (data.text, data.tokenizer) is not that of " +
            general.string() + ", so the two cannot be an ensemble; name runs of the same plan");
}

TEST_CASE("translator: without a run there is none") {
  CHECK(testing::internal_error([] { Translator({}, {}); }) == "a translator needs at least one run");
}

}  // namespace regard::inference
