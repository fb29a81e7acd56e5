// data/prepared/ is made once, reused for the same text with the same options, and made again otherwise.
#include "framework/experiment/data/corpora.h"

#include <filesystem>
#include <functional>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/experiment/data/data_folder.h"
#include "framework/experiment/data/warnings.h"
#include "framework/runs/digest.h"
#include "framework/runs/results.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
namespace {

Plan plan_of_text(const std::string& text) { return make_plan(config::parse_yaml(text, "p.yaml")); }

Plan plan_of(const test::TempFolder& at, const std::string& data = "") {
  const auto pair = [&](const char* name) {
    return fmt::format("[{}, {}]", (at / fmt::format("{}.a", name)).string(),
                       (at / fmt::format("{}.b", name)).string());
  };
  return make_plan(
      config::parse_yaml(fmt::format("name: p\ndata: {{files: {{train: {}, valid: {}, test: {{t: {}}}}}{}}}\n"
                                     "systems: {{v: {{model.attention: none}}}}\n",
                                     pair("train"), pair("valid"), pair("test"), data),
                         "p.yaml"));
}

void write_texts(const test::TempFolder& at) {
  std::string a, b;
  for (int i = 0; i < 50; ++i) {
    a += fmt::format("a{} the cat {}\n", i, i % 7);
    b += fmt::format("b{} le chat {}{}\n", i, i % 5, i % 2 == 0 ? "" : " x");
  }
  for (const char* name : {"train", "valid", "test"}) {
    write_file(at / fmt::format("{}.a", name), a);
    write_file(at / fmt::format("{}.b", name), b);
  }
}

std::filesystem::file_time_type made(const runs::RunFolder& runs) {
  return std::filesystem::last_write_time(runs.prepared() / "source.ids");
}

void age(const runs::RunFolder& runs) {
  std::filesystem::last_write_time(runs.prepared() / "source.ids",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

bool same(const data::Sentences& a, const data::Sentences& b) {
  if (a.size() != b.size()) return false;
  for (Index i = 0; i < a.size(); ++i) {
    if (!std::equal(a[i].begin(), a[i].end(), b[i].begin(), b[i].end())) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("prepared: files have the same content as memory") {
  const test::TempFolder at;
  write_texts(at);
  const Plan plan = plan_of(at);
  const runs::RunFolder runs{at / "runs"};
  const Corpora memory = load_corpora(plan, runs);
  CHECK_FALSE(std::filesystem::exists(runs.folder));
  make_folder(runs.folder);
  const Corpora files = load_corpora(plan, runs);
  write_data(plan, runs, files);
  const Corpora opened = open_corpora(plan, runs);
  for (const Corpora* other : {&files, &opened}) {
    CHECK(same(memory.prepared.train.source, other->prepared.train.source));
    CHECK(same(memory.prepared.train.target, other->prepared.train.target));
    CHECK(same(memory.prepared.valid.source, other->prepared.valid.source));
    CHECK(memory.prepared.train.lines == other->prepared.train.lines);
    CHECK(memory.prepared.source == other->prepared.source);
    CHECK(memory.prepared.target_hash == other->prepared.target_hash);
    CHECK(warnings(plan, memory) == warnings(plan, *other));
  }
  for (const auto& [file, hash] : runs::hashes_of(runs.folder)) CHECK(file.find("prepared") == std::string::npos);
}

TEST_CASE("prepared: the files are reused for the same text and options") {
  const test::TempFolder at;
  write_texts(at);
  const runs::RunFolder runs{at.path() / "runs"};
  make_folder(runs.folder);
  const auto load = [&](const std::string& data = "") {
    const Plan plan = plan_of(at, data);
    const Corpora corpora = load_corpora(plan, runs);
    write_data(plan, runs, corpora);
    return corpora;
  };
  static_cast<void>(load());
  const auto anew = [&](const std::function<void()>& change, const std::string& data = "") {
    age(runs);
    const auto before = made(runs);
    change();
    static_cast<void>(load(data));
    return made(runs) != before;
  };
  CHECK_FALSE(anew([] {}));
  CHECK_FALSE(
      anew([&] { write_file(at / "test.a", read_file(at / "train.a")); }));  // test sets are not part of it
  CHECK(anew([] {}, ", max_length: 5"));
  CHECK(load().prepared.train.size() == 50);
  CHECK(anew([&] { write_file(runs.source_vocabulary(), "damaged"); }));
  CHECK(anew([&] { std::filesystem::resize_file(runs.prepared() / "target.ids", 8); }));
  CHECK(anew([&] { write_file(runs.prepared() / "prepared.json", "{"); }));
  CHECK(anew([&] { std::filesystem::remove(runs.prepared() / "lines"); }));
  CHECK_FALSE(anew([] {}));
}

TEST_CASE("prepared: other training text is prepared again and refused if there are earlier runs") {
  const test::TempFolder at;
  write_texts(at);
  const Plan plan = plan_of(at);
  const runs::RunFolder runs{at.path() / "runs"};
  make_folder(runs.folder);
  write_data(plan, runs, load_corpora(plan, runs));
  std::string text = read_file(at / "train.a");
  text[0] = 'z';  // the same length as before
  write_file(at / "train.a", text);
  const Corpora now = load_corpora(plan, runs);
  CHECK(now.prepared.source.id("z0") != data::kUnk);
  CHECK_THROWS_WITH(
      write_data(plan, runs, now),
      runs.folder.string() +
          ": its runs used other text (train.source) than the plan's data has now; keep it with --out "
          "FOLDER, or remove it");
}

TEST_CASE("prepared: learned tokenisers are saved and reused") {
  const test::TempFolder folder;
  const runs::RunFolder runs{folder / "runs"};
  const char* text = R"(
name: s
data: {corpus: {type: chat_noir, train: 300, valid: 20, test: 20, test_long: 5},
       tokenizer: {type: sentencepiece, size: 200}, vocabulary: {shared: true}}
systems: {v: {model.attention: none}}
)";
  const Plan plan = plan_of_text(text);
  const Corpora first = load_corpora(plan, runs);
  write_data(plan, runs, first);
  CHECK(read_file(runs.source_tokenizer()) == data::learned_by(first.prepared).source);
  CHECK_FALSE(std::filesystem::exists(runs.target_tokenizer()));

  const auto same = [&](const Corpora& other) {
    return other.prepared.source == first.prepared.source &&
           data::learned_by(other.prepared).source == data::learned_by(first.prepared).source;
  };
  CHECK(same(load_corpora(plan, runs)));
  const std::string facts = read_file(runs.data_facts());
  write_data(plan, runs, load_corpora(plan, runs));
  CHECK(read_file(runs.data_facts()) == facts);

  make_folder(runs.folder);
  const Corpora written = load_corpora(plan, runs);
  write_data(plan, runs, written);
  CHECK(same(written));
  write_file(runs.source_tokenizer(), "damaged");  // is learned again
  CHECK(same(load_corpora(plan, runs)));
  CHECK(same(open_corpora(plan, runs)));
  std::string other = text;
  other.replace(other.find("size: 200"), 9, "size: 190");
  CHECK_FALSE(same(load_corpora(plan_of_text(other), runs)));
}

TEST_CASE("scores: plain text is also compared with tokenised references in their form") {
  const std::vector<std::string> said = {"Ein Hund läuft.", "„Hallo“, sagt er."};
  const std::vector<std::string> tokenized = {"ein hund läuft .", "&quot; hallo &quot; , sagt er ."};
  const auto both = runs::score_lines(said, said, tokenized);
  CHECK(both.at("13a").score == Approx(100));
  CHECK(both.at("none").score == Approx(100));
  CHECK(both.at("none").signature.find("case:lc") != std::string::npos);
  CHECK(both.at("none").hyp_len == 11);
  const auto one = runs::score_lines(said, said, {});
  CHECK(one.at("none").hyp_len == 6);
  CHECK(one.at("none").signature.find("case:mixed") != std::string::npos);
}

TEST_CASE("prepared: tokenised references are in the folder of the test set and are joined like it") {
  const test::TempFolder at;
  write_texts(at);
  std::string tokenized;
  for (int i = 0; i < 50; ++i) tokenized += fmt::format("t{}\n", i);
  write_file(at / "tok", tokenized);
  const auto text = [&](const std::string& more) {
    std::string yaml = fmt::format("tokenized: {{t: {}}}, train:", (at / "tok").string());
    return make_plan(config::parse_yaml(
        fmt::format("name: p\ndata: {{files: {{{} [{}, {}], valid: [{}, {}], test: {{t: [{}, {}]}}}}{}}}\n"
                    "systems: {{v: {{model.attention: none}}}}\n",
                    yaml, (at / "train.a").string(), (at / "train.b").string(), (at / "valid.a").string(),
                    (at / "valid.b").string(), (at / "test.a").string(), (at / "test.b").string(), more),
        "p.yaml"));
  };
  const Plan plan = text(", join: {test: [1, 2]}");
  const runs::RunFolder runs{at.path() / "runs"};
  make_folder(runs.folder);
  write_data(plan, runs, load_corpora(plan, runs));
  CHECK(read_file(runs.test_tokenized("t")) == tokenized);
  CHECK(read_file(runs.test_tokenized("t_x2")).starts_with("t0 t1\nt2 t3\n"));
  write_file(at / "tok", "one\n");
  CHECK_THROWS_WITH(load_corpora(plan, runs), (at / "tok").string() + ": has 1 lines, but " +
                                                  (at / "test.b").string() +
                                                  ", of which it should be the tokenised form, has 50");
}

}  // namespace regard::experiment
