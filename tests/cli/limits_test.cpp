// Limits of the program: little memory, many threads, wide models, deeply nested files.
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <regex>

#include "framework/base/memory.h"
#include "tests/cli/plan_sandbox.h"

namespace regard::test {
namespace {

std::string deep(char open) { return std::string(200'000, open); }

// Runs the program under `ulimit -v` of so many MiB.
Ended limited(const fs::path& folder, int megabytes, const std::string& words) {
  return shell(folder, fmt::format("ulimit -v {}; $REGARD {}", megabytes * 1024, words));
}

}  // namespace

#if !defined(__SANITIZE_ADDRESS__)  // the sanitizer reserves more addresses than any limit
TEST_CASE("regard: a small model is trained and translates under an address limit", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1]", "1"));
  const Ended run = limited(lab.path(), 2048, "run p.yaml --threads 2");
  INFO(run.err);
  CHECK(run.code == 0);
  const Ended end =
      limited(lab.path(), 2048, "translate --model runs/tiny/general/seed-1 --threads 2 --target out.txt p.txt");
  CHECK(end.code == 2);  // the error is the missing p.txt, not the memory
  write_file(lab.path() / "p.txt", "s1 s2 s3\n");
  const Ended translated =
      limited(lab.path(), 2048, "translate --model runs/tiny/general/seed-1 --threads 2 p.txt");
  INFO(translated.err);
  CHECK(translated.code == 0);
  CHECK(translated.signal == 0);
  CHECK(fresh(tiny_plan(kBoth, "[1]", "1")) == lab.digest());
}

TEST_CASE("regard: too little memory is one sentence for every kind of allocation", "[cli]") {
  const PlanSandbox lab(tiny_plan("{general: {model.attention: general}}", "[1]", "1"));
  CHECK(lab.run().code == 0);
  write_file(lab.path() / "p.txt", "s1 s2 s3\n");
  // From the memory that libraries and threads just need to a little more: the first failure is always one
  // sentence.
  for (const int megabytes : {60, 80, 100, 110, 120, 130, 140, 150, 200, 300, 500}) {
    for (const char* words :
         {"translate --model runs/tiny/general/seed-1 --threads 2 p.txt", "run p.yaml --out new --threads 2"}) {
      const Ended end = limited(lab.path(), megabytes, words);
      INFO(megabytes << " MiB, " << words << ": " << end.err);
      CHECK(end.signal == 0);
      CHECK((end.code == 0 || end.code == 1 || end.code == 2 || end.code == 127));
      CHECK_FALSE(has(end.err, "terminate called"));
      CHECK_FALSE(has(end.err, "ended with exit code"));
      CHECK_FALSE(has(end.err, "std::bad_alloc"));
      CHECK((end.code == 0 || end.err.size() > 10));
      fs::remove_all(lab.path() / "new");
    }
  }
}
#endif

TEST_CASE("regard: JSON of any depth in a file of a run is one sentence", "[cli]") {
  const PlanSandbox lab(tiny_plan("{general: {model.attention: general}}", "[1]", "1"));
  CHECK(lab.run().code == 0);
  const auto damaged = [&](const std::string& file, const std::string& bytes, const std::string& words) {
    const std::string right = read_file(lab / file);
    write_file(lab / file, bytes);
    const Ended end = shell(lab.path(), "$REGARD " + words);
    write_file(lab / file, right);
    INFO(file << ": " << words << ": " << end.err);
    CHECK(end.signal == 0);
    CHECK((end.code == 1 || end.code == 2));
    return end.err + end.out;
  };
  const std::string closed = deep('[') + deep(']');
  for (const std::string& bytes : {deep('['), deep('{'), closed, "{\"a\": " + closed + "}"}) {
    for (const char* file : {"status.json", "scores.json"}) {
      const std::string name = fmt::format("general/seed-1/{}", file);
      CHECK(has(damaged(name, bytes, std::string(file) == "status.json" ? "status runs/tiny" : "report runs/tiny"),
                fmt::format("runs/tiny/{}: is damaged: it is JSON nested more than 100 deep", name)));
    }
  }
  const auto header = [](const std::string& text) {
    std::string bytes(8, '\0');
    const std::uint64_t length = text.size();
    std::memcpy(bytes.data(), &length, 8);
    return bytes + text;
  };
  for (const std::string& text : {deep('['), closed, "{\"a\": " + closed + "}"}) {
    CHECK(has(damaged("general/seed-1/checkpoints/best.safetensors", header(text),
                      "translate --model runs/tiny/general/seed-1 p.yaml"),
              "best.safetensors: "));
  }
}

TEST_CASE("regard: more threads than any machine uses are refused", "[cli]") {
  const PlanSandbox lab(tiny_plan("{general: {model.attention: general}}", "[1]", "1"));
  for (const char* number : {"99999999999", "2147483647", "4097", "99999999999999999999999"}) {
    CHECK(lab.run({"--threads", number})
              .err.starts_with(fmt::format("error: regard run: --threads takes a whole number from 1 to 4096, got "
                                           "\"{}\"; usage: regard run PLAN ",
                                           number)));
  }
  CHECK(
      has(lab.run({"--jobs", "99999999999"}).err, "regard run: --jobs takes a whole number from 1 to 4096, got "));
  CHECK(has(regard(lab.path(), {"translate", "--model", "x", "--threads", "4097"}).err,
            "regard translate: --threads takes a whole number from 1 to 4096, got \"4097\""));
  CHECK_FALSE(fs::exists(lab.path() / "runs"));
  CHECK(lab.run({"--threads", "4096", "--jobs", "1"}).code == 0);
}

TEST_CASE("regard check: a width that would take minutes is refused", "[cli]") {
  const TempFolder folder;
  const Ended end = regard(folder.path(), {"check", "general", "--query", "1000000"});
  CHECK(end.code == 2);
  CHECK(end.err.starts_with(
      "error: regard check: --query takes a whole number from 1 to 256, got \"1000000\"; usage: regard check "));
  CHECK(regard(folder.path(), {"check", "dot", "--key", "257"})
            .err.starts_with("error: regard check: --key takes a whole number from 1 to 256, got \"257\""));
}

TEST_CASE("regard run: runs at a time that no memory holds together are refused", "[cli]") {
  // One run takes some 45 % of the memory: about 9 h^2 parameters of 16 bytes with their gradients and Adam's moments.
  const double bytes = static_cast<double>(shared_memory().bytes);
  const long half = std::lround(std::sqrt(0.45 * bytes / (9 * 16)) / 2);
  const PlanSandbox lab(
      tiny_plan(fmt::format("{{general: {{model.attention: general, model.hidden: {}}}}}", 2 * half), "1-3", "1"));
  const Ended end = lab.run({"--jobs", "3"});
  INFO(end.out << end.err);
  CHECK(end.code == 2);
  CHECK(std::regex_match(
      end.err,
      std::regex("error: --jobs 3: so many of these runs at a time take more than the [0-9.]+ GB that they may "
                 "take together \\([^)]*\\); [12] may fit\n")));
  CHECK_FALSE(fs::exists(lab.path() / "runs"));
}

TEST_CASE("regard run: a model that does not fit into memory is refused before it is allocated", "[cli]") {
  const PlanSandbox lab(tiny_plan("{general: {model.attention: general, model.hidden: 65536}}", "[1]", "1"));
  const std::regex sentence(
      "model\\.hidden: 65536 gives system 'general' [0-9]+ parameters, whose training needs at least "
      "[0-9]+\\.[0-9] GB, but this process may use [0-9]+\\.[0-9] GB \\(.*\\); choose a smaller width");
  const Ended end = lab.run();
  INFO(end.out << end.err);
  CHECK(end.code == 2);
  CHECK(std::regex_search(end.err, sentence));
  CHECK(end.seconds < 20);
  CHECK_FALSE(fs::exists(lab / "general"));
  const Ended dry = lab.run({"--dry-run"});
  CHECK(std::regex_search(dry.out, sentence));
}

}  // namespace regard::test
