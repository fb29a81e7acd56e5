#include "framework/experiment/plan/seeds.h"

#include "framework/base/errors.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

// The tree afterwards as YAML, or the message.
std::string listed(const std::string& text) {
  try {
    return config::to_yaml(with_seed_lists(config::parse_yaml(text, "p.yaml")));
  } catch (const ConfigError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("seeds: numbers and ranges become a list in their order") {
  CHECK(listed("seeds: 1-3,7\n") == listed("seeds: [1, 2, 3, 7]\n"));
  CHECK(listed("seeds: 4\n") == listed("seeds: [4]\n"));
  CHECK(listed("seeds: 9,2-2,0\n") == listed("seeds: [9, 2, 0]\n"));
  CHECK(listed("tune: {seeds: 2-3, grid: {}}\nseeds: 1\n") ==
        listed("tune: {seeds: [2, 3], grid: {}}\nseeds: [1]\n"));
}

TEST_CASE("seeds: a plan without them and lists stay as they are") {
  CHECK(listed("name: x\n") == "name: x\n");
  CHECK(listed("seeds: [1-2]\n").find("1-2") != std::string::npos);  // an item is no range: its reader says so
}

TEST_CASE("seeds: each of the list is where the text is") {
  const config::Node root = with_seed_lists(config::parse_yaml("seeds: 1-2\n", "p.yaml"));
  REQUIRE(root.get("seeds")->items.size() == 2);
  CHECK(root.get("seeds")->origin.text() == "p.yaml:1:8");
  CHECK(root.get("seeds")->items[1].origin.text() == "p.yaml:1:8");
}

TEST_CASE("seeds: other text and ranges that are empty or too long are refused at their place") {
  const std::string expected =
      "seeds: expected a list of whole numbers, or numbers and ranges such as 1-3,7, got ";
  for (const char* text : {"1-", "-3", "1,,2", "1,", "1-2-3", "a", "1.5", "1234567890"}) {
    CHECK(listed(std::string("seeds: ") + text + "\n") == "p.yaml:1:8: " + expected + '"' + text + '"');
  }
  CHECK(listed("tune: {seeds: x}\n") == "p.yaml:1:15: tune." + expected + "\"x\"");
  CHECK(listed("seeds: 3-1\n") == "p.yaml:1:8: seeds: the range 3-1 is empty or too long");
  CHECK(listed("seeds: 5,0-10001\n") == "p.yaml:1:8: seeds: the range 0-10001 is empty or too long");
  CHECK(listed("seeds: 0-10000\n").find("10000") != std::string::npos);
}

}  // namespace regard::experiment
