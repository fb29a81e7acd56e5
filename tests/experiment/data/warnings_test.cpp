#include "framework/experiment/data/warnings.h"

#include "framework/base/files.h"
#include "tests/experiment/tiny_plan.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
TEST_CASE("data: doubtful text is said") {
  const test::TempFolder folder;
  write_file(folder / "a", "x\nx x\n");
  write_file(folder / "b", "y\ny y\n");
  const std::string a = (folder / "a").string();
  const std::string b = (folder / "b").string();
  const std::string pair = "[" + a + ", " + b + "]";
  const Plan plan = plan_of("name: d\ndata: {files: {train: " + pair + ", valid: " + pair + ", test: {t: " + pair +
                            "}}}\nsystems: {v: {model.attention: none}}\n");
  CHECK(warnings(plan, load_corpora(plan, nowhere())) ==
        std::vector<std::string>{"2 of 2 source sentences of test set 't' also occur in training (lines 1, 2)",
                                 "the source vocabulary has 1 words besides the special ones",
                                 "the target vocabulary has 1 words besides the special ones",
                                 "system 'v': a batch of 64 sentences is larger than the training data (2)"});
  CHECK(warnings(tiny(), load_corpora(tiny(), nowhere())).empty());
}

TEST_CASE("data: a patience that the updates do not reach is said") {
  // 40 sentences in batches of 8: 5 updates an epoch, 3 with two batches each.
  const auto said = [](const std::string& training) {
    const Plan plan = plan_of(
        "name: d\ndata: {corpus: {type: reverse, train: 40, valid: 4, test: 4, test_long: 4}}\nsystems: {v: "
        "{model.attention: none}}\ntraining: {batch: {sentences: 8}, " +
        training + "}\n");
    const Corpora corpora = load_corpora(plan, nowhere());
    std::string text;
    for (const std::string& warning : warnings(plan, corpora)) {
      if (warning.find("patience") != std::string::npos) text += warning;
    }
    return text;
  };
  const std::string two = "system 'v': training.patience 2 can never end a training of 2 validations early";
  CHECK(said("epochs: 2, validate_every: 5, patience: 2") == two);
  CHECK(said("epochs: 2, validate_every: 4, patience: 2").empty());
  CHECK(said("epochs: 2, validate_every: 3, accumulate: 2, patience: 2") == two);
  CHECK(said("epochs: 9, max_updates: 10, patience: 2") == two);
  CHECK(said("epochs: 9, max_updates: 11, patience: 2").empty());
  CHECK(said("epochs: 9, validate_every: 5").empty());
}

TEST_CASE("data: text in another normal form than the training text is named") {
  const test::TempFolder folder;
  write_file(folder / "train", "caf\u00e9 x\nx y\n");
  write_file(folder / "test", "cafe\u0301 x\nx y\n");
  const std::string train = (folder / "train").string();
  const std::string test = (folder / "test").string();
  const auto said = [&](const std::string& text) {
    const Plan plan = plan_of(fmt::format(
        "name: d\ndata: {{files: {{train: [{0}, {0}], valid: [{1}, {0}], test: {{t: [{0}, {1}]}}}}{2}}}\n"
        "systems: {{v: {{model.attention: none}}}}\n",
        train, test, text));
    std::vector<std::string> found;
    for (const std::string& warning : warnings(plan, load_corpora(plan, nowhere()))) {
      if (warning.find("composed") != std::string::npos) found.push_back(warning);
    }
    return found;
  };
  CHECK(said("") ==
        std::vector<std::string>{
            "1 of 2 source lines of the validation set are not in Unicode's composed form (NFC), but the "
            "training text is: words that look the same are unknown to the model; set data.text.normalize to nfc",
            "1 of 2 target lines of test set 't' are not in Unicode's composed form (NFC), but the training "
            "text is: words that look the same are unknown to the model; set data.text.normalize to nfc"});
  CHECK(said(", text: {normalize: nfc}").empty());
}

TEST_CASE("data: a batch of more tokens than the training text has is named") {
  const Plan plan = plan_of(
      "name: d\ndata: {corpus: {type: reverse, train: 20, valid: 4, test: 4, test_long: 4, symbols: 5}}\n"
      "systems: {v: {model.attention: none}}\ntraining: {batch: {tokens: 100000}}\n");
  const Corpora corpora = load_corpora(plan, nowhere());
  CHECK(warnings(plan, corpora) ==
        std::vector<std::string>{
            fmt::format("system 'v': a batch of 100000 tokens is larger than the training data ({})",
                        corpora.prepared.train.target.tokens())});
}

TEST_CASE("data: the updates of an epoch are its batches by the batches of an update") {
  const auto updates = [](int accumulate) {
    const Plan plan = plan_of(fmt::format(
        "name: d\ndata: {{corpus: {{type: reverse, train: 20, valid: 4, test: 4, test_long: 4, symbols: 5}}}}\n"
        "systems: {{v: {{model.attention: none}}}}\ntraining: {{batch: {{sentences: 8}}, accumulate: {}}}\n",
        accumulate));
    return updates_of_epoch(plan.systems[0], load_corpora(plan, nowhere()), 1);
  };
  CHECK(updates(1) == 3);  // 20 sentences in batches of 8
  CHECK(updates(2) == 2);
  CHECK(updates(4) == 1);
}

}  // namespace regard::experiment
