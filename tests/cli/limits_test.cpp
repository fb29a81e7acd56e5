// What the program is told to take, and what it may take: deep files.
#include <fmt/format.h>

#include <cstring>

#include "tests/cli/plan_sandbox.h"

namespace regard::test {
namespace {

std::string deep(char open) { return std::string(200'000, open); }

}  // namespace

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

}  // namespace regard::test
