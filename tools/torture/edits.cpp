#include "tools/torture/edits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/process.h"
#include "framework/runs/digest.h"

namespace regard::torture {
namespace {

// A key of the plan and its possible values; "" means that the plan does not have the key.
struct Key {
  const char* name;
  std::vector<const char*> values;
};

const std::vector<Key>& keys() {
  static const std::vector<Key> all = {
      {"data.files.name", {"", "other"}},
      {"data.files.test",
       {"{one: [one.x, one.y]}", "{one: [one.x, one.y], log: [two.x, two.y]}", "{one: [one.x, one.y, one.align]}",
        "{log: [two.x, two.y]}"}},
      {"data.join.test", {"", "[1, 2]"}},
      {"data.join.train", {"", "[1, 2]"}},
      {"data.text.lowercase", {"", "true"}},
      {"data.vocabulary.min_frequency", {"", "4"}},
      {"model.hidden", {"", "12"}},
      {"model.attention", {"", "dot"}},
      {"model.dropout.embedding", {"", "0.2"}},
      {"training.epochs", {"2", "3", "1"}},
      {"training.best_by", {"", "bleu", "chrf"}},
      {"training.learning_rate", {"0.01", "0.03"}},
      {"training.keep_checkpoints", {"", "2"}},
      {"training.validate_every", {"", "3"}},
      {"training.data_seed", {"", "5"}},
      {"decoding.beam", {"2", "1", "3"}},
      {"decoding.nbest", {"", "2"}},
      {"decoding.max_length_extra", {"", "1"}},
      {"decoding.max_length_factor", {"", "1"}},
      {"decoding.batch_sentences", {"", "3"}},
      {"decoding.length_penalty", {"", "0"}},
      {"decoding.dictionary", {"", "words"}},
      {"decoding.test", {"", "never"}},
      {"report.attention_sentences", {"", "2"}},
      {"report.external", {"", "{moses: {one: moses}}", "{moses: {one: one.y}}"}},
      {"report.tensorboard", {"", "true"}},
      {"report.metrics", {"", "[ter, bleu]"}},
      {"training.max_updates", {"", "5"}},
      {"tune", {"", "{grid: {training.label_smoothing: [0, 0.1]}, seeds: [7]}"}},
      {"seeds", {"[1]", "[2]"}},
  };
  return all;
}

constexpr std::array<const char*, 11> kFiles{"train.x",   "train.y", "valid.x", "valid.y", "one.x", "one.y",
                                             "one.align", "two.x",   "two.y",   "words",   "moses"};

// Returns the text of a file; another `version` gives another text.
std::string text_of(const std::string& name, Index version) {
  const Index lines = name.starts_with("train") ? 24 : name.starts_with("two") ? 4 : 6;
  std::string text;
  for (Index i = 0; i < lines; ++i) {
    const Index n = i + (i < 2 ? version : 0);
    if (name == "one.align") {
      text += fmt::format("0-{} 2-0\n", n % 3);
    } else if (name == "words") {
      text += fmt::format("w{} v{}\n", i, n);
    } else if (name.ends_with(".x")) {
      text += fmt::format("W{} w{} w{}\n", n % 5, n % 3, n % 7);
    } else {
      text += fmt::format("w{} w{} W{}\n", n % 7, n % 3, n % 5);
    }
  }
  return text;
}

class Editor {
 public:
  Editor(const EditSettings& settings, const std::function<void(const std::string&)>& say)
      : settings_(settings), say_(say), random_(settings.seed) {}

  EditOutcome operator()() {
    make_folder(settings_.folder);
    write_file(settings_.folder / "plan.yaml",
               "name: edited\ndata: {files: {train: [train.x, train.y], valid: [valid.x, valid.y]}}\n"
               "model: {embedding: 8, hidden: 8, attention: general}\nsystems: {general: {}}\n"
               "training: {batch: {sentences: 8}}\ndecoding: {replace_unknown: true}\n");
    for (const char* file : kFiles) write_file(settings_.folder / file, text_of(file, 0));
    for (const Key& key : keys()) values_[key.name] = key.values.front();
    if (run("edited", {}) != 0) throw ConfigError("the plan fails without an edit; " + output());
    while (outcome_.edits < settings_.edits) attempt();
    return std::move(outcome_);
  }

 private:
  [[nodiscard]] std::string output() const { return read_file(settings_.folder / "output.txt"); }

  int call(const std::vector<std::string>& words) const {
    std::vector<std::string> all{"/bin/sh", "-c", R"(cd "$0" && exec "$@" >output.txt 2>&1)",
                                 settings_.folder.string(), settings_.program};
    all.insert(all.end(), words.begin(), words.end());
    Process process(all, {"OMP_WAIT_POLICY=passive", "PATH=/nowhere"});
    process.wait();
    return process.killed_by() != 0 ? -1 : process.exit_code();
  }

  [[nodiscard]] int run(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> words{"run", "plan.yaml", "--out", out, "--jobs", "1", "--threads", "1"};
    for (const auto& [key, value] : values_) {
      if (!value.empty()) words.insert(words.end(), {"--set", key + "=" + value});
    }
    words.insert(words.end(), more.begin(), more.end());
    return call(words);
  }

  Index below(std::size_t count) { return static_cast<Index>(random_() % count); }

  // Edits a key or a file, and returns a description.
  std::string change() {
    if (below(3) == 0) {
      const std::string file = kFiles[static_cast<std::size_t>(below(kFiles.size()))];
      write_file(settings_.folder / file, text_of(file, ++versions_[file] % 5));
      ++outcome_.counts[file];
      return fmt::format("{} has new lines", file);
    }
    const Key& key = keys()[static_cast<std::size_t>(below(keys().size()))];
    std::string& value = values_[key.name];
    std::string next = value;
    while (next == value) next = key.values[static_cast<std::size_t>(below(key.values.size()))];
    value = next;
    ++outcome_.counts[key.name];
    return fmt::format("{} = {}", key.name, value.empty() ? "(left out)" : value);
  }

  void attempt() {
    const auto before = values_;
    const std::string what = change();
    const std::filesystem::path fresh = settings_.folder / "fresh";
    std::filesystem::remove_all(fresh);
    if (run("fresh", {}) == 2) {  // keys that are not valid together
      values_ = before;
      return;
    }
    ++outcome_.edits;
    int code = run("edited", {});
    const bool retrain = code == 2;
    if (retrain) {
      ++outcome_.retrained;
      code = run("edited", {"--retrain"});
    }
    const std::size_t known = outcome_.differences.size();
    if (code != 0) differs(what, fmt::format("exit code {}: {}", code, output()));
    if (code == 0) compare(what);
    say_(fmt::format("edit {:3}: {}{}{}", outcome_.edits, what, retrain ? ", with --retrain" : "",
                     outcome_.differences.size() == known ? "" : ": DIFFERS"));
    if (outcome_.differences.size() == known) return;
    const std::filesystem::path kept = settings_.folder / fmt::format("differs-{}", outcome_.edits);
    std::filesystem::rename(settings_.folder / "edited", kept);
    if (run("edited", {}) != 0) throw ConfigError("the plan fails in a new folder; " + output());
  }

  void differs(const std::string& what, const std::string& how) {
    outcome_.differences.push_back(fmt::format("edit {}, {}: {}", outcome_.edits, what, how));
  }

  void compare(const std::string& what) {
    const auto found = runs::digest_of(settings_.folder / "edited").files;
    const auto expected = runs::digest_of(settings_.folder / "fresh").files;
    for (const auto& [file, hash] : expected) {
      const auto other = found.find(file);
      if (other == found.end()) differs(what, file + " is missing");
      if (other != found.end() && other->second != hash) differs(what, file + " differs");
    }
    for (const auto& [file, hash] : found) {
      // Runs that the plan no longer has stay until `regard clean`.
      const bool of_plan = expected.contains(file) || !file.starts_with("general/seed-") ||
                           file.starts_with("general/seed-" + values_.at("seeds").substr(1, 1));
      if (!expected.contains(file) && of_plan) differs(what, file + " is not expected");
    }
    const bool decodes = values_.at("decoding.test") != "never";
    if (decodes && report_of("edited") != report_of("fresh")) differs(what, "report/results.json differs");
    for (const char* folder : {"edited", "fresh"}) {
      if (decodes && call({"verify", folder}) != 0) differs(what, fmt::format("verify {}: {}", folder, output()));
    }
  }

  [[nodiscard]] std::string report_of(const std::string& folder) const {
    return read_file(settings_.folder / folder / "report" / "results.json");
  }

  const EditSettings& settings_;
  const std::function<void(const std::string&)>& say_;
  std::mt19937_64 random_;
  std::map<std::string, std::string> values_;
  std::map<std::string, Index> versions_;
  EditOutcome outcome_;
};

}  // namespace

EditOutcome edit(const EditSettings& settings, const std::function<void(const std::string&)>& say) {
  return Editor(settings, say)();
}

}  // namespace regard::torture
