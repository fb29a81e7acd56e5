// Killed at any moment and started again, a plan ends as one that was never interrupted.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "framework/base/files.h"
#include "tests/cli/program.h"
#include "tests/support/catch.h"

namespace regard::test {
namespace {

namespace fs = std::filesystem;

std::ptrdiff_t lines_of(const fs::path& file) {
  std::string reason;
  const auto text = try_read_file(file, reason);
  return text ? std::count(text->begin(), text->end(), '\n') : 0;
}

}  // namespace

TEST_CASE("regard run: killed at many moments it ends with the digest of one never interrupted", "[cli]") {
  const std::string plan =
      tiny_plan("{vanilla: {model.attention: none}, general: {model.attention: general}}", "[1, 2]", "8");
  const TempFolder whole;
  write_file(whole / "p.yaml", plan);
  REQUIRE(regard(whole.path(), {"run", "p.yaml", "--jobs", "2", "--threads", "2"}).code == 0);
  const std::string expected = regard(whole.path(), {"digest", "runs/tiny"}).out;
  REQUIRE(expected.size() == 65);

  const TempFolder broken;
  write_file(broken / "p.yaml", plan);
  const fs::path runs = broken / "runs/tiny";
  const std::vector<std::pair<const char*, std::function<bool()>>> moments{
      {"start", [] { return true; }},
      {"plan", [&] { return fs::exists(runs / "plan.resolved.yaml"); }},
      {"first checkpoint", [&] { return fs::exists(runs / "vanilla/seed-1/checkpoints/best.safetensors"); }},
      {"training", [&] { return lines_of(runs / "vanilla/seed-1/history.jsonl") >= 3; }},
      {"decoding", [&] { return fs::exists(runs / "vanilla/seed-1/hypotheses"); }},
      {"later training", [&] { return lines_of(runs / "general/seed-1/history.jsonl") >= 6; }},
      {"writing attention", [&] { return fs::exists(runs / "general/seed-1/attention"); }},
      {"scores", [&] { return fs::exists(runs / "general/seed-1/scores.json"); }},
      {"another seed", [&] { return lines_of(runs / "vanilla/seed-2/history.jsonl") >= 1; }},
      {"last decoding", [&] { return fs::exists(runs / "general/seed-2/hypotheses"); }},
      {"report", [&] { return fs::exists(runs / "report"); }},
  };
  const unsigned seed = std::random_device{}();
  INFO("delays from seed " << seed);
  std::mt19937 random(seed);
  int kills = 0;
  int number = 0;
  for (const auto& [name, happened] : moments) {
    const std::string jobs = ++number % 2 == 0 ? "2" : "1";  // resumed with another number, too
    Program program(broken.path(), {"run", "p.yaml", "--jobs", jobs, "--threads", jobs});
    if (!wait_until(program, happened)) continue;
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20000));
    program.signal_group(SIGKILL);
    kills += program.wait().signal == SIGKILL ? 1 : 0;
  }
  CHECK(kills >= 6);
  const Ended end = regard(broken.path(), {"run", "p.yaml"});
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(regard(broken.path(), {"digest", "runs/tiny"}).out == expected);
  if (regard(broken.path(), {"digest", "runs/tiny"}).out != expected) {
    CHECK(regard(broken.path(), {"digest", "runs/tiny", "--files"}).out ==
          regard(whole.path(), {"digest", "runs/tiny", "--files"}).out);
  }
}

}  // namespace regard::test
