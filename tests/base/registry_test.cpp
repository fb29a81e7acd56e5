#include "framework/base/registry.h"

#include <dlfcn.h>

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace regard {
namespace {

struct Cell {
  static constexpr const char* kind = "cell";
  std::string name;
  std::string summary;
  std::vector<std::string> aliases = {};
  int width = 0;
};

struct Plain {
  static constexpr const char* kind = "schedule";
  std::string name;
  std::string summary;
};

Registry<Cell> three_cells() {
  Registry<Cell> cells;
  cells.add({.name = "lstm", .summary = "four gates", .width = 4});
  cells.add({.name = "gru", .summary = "three gates", .aliases = {"gated"}, .width = 3}, "cells/gru.cpp", 12);
  cells.add({.name = "rnn", .summary = "no gate"});
  return cells;
}

}  // namespace

TEST_CASE("registry: entries are found by name and alias and listed by name") {
  const Registry<Cell> cells = three_cells();
  CHECK(cells.names() == std::vector<std::string>{"gru", "lstm", "rnn"});
  CHECK(cells.entries().size() == 3);
  CHECK(cells.entries()[1]->name == "lstm");
  CHECK(cells.at("lstm").width == 4);
  CHECK(&cells.at("gated") == &cells.at("gru"));
  CHECK(cells.at("gated").name == "gru");
  CHECK(cells.find("none") == nullptr);
}

TEST_CASE("registry: an unknown name lists the known ones and the nearest") {
  const Registry<Cell> cells = three_cells();
  CHECK_THROWS_AS(cells.at("lstn"), ConfigError);
  CHECK_THROWS_WITH(cells.at("lstn"),
                    "unknown cell 'lstn'; did you mean 'lstm'? Known: gru (three gates), "
                    "lstm (four gates), rnn (no gate)");
  CHECK_THROWS_WITH(cells.at("gatde"),
                    "unknown cell 'gatde'; did you mean 'gated'? Known: gru (three gates), "
                    "lstm (four gates), rnn (no gate)");
  CHECK_THROWS_WITH(cells.registration("transformer"),
                    "unknown cell 'transformer'. Known: gru (three gates), "
                    "lstm (four gates), rnn (no gate)");
  CHECK_THROWS_WITH(Registry<Plain>().at("cosine"), "unknown schedule 'cosine'. Known: none");
}

TEST_CASE("registry: a name given twice is an error at first use with both places") {
  Registry<Cell> cells = three_cells();
  cells.add({.name = "gru", .summary = "mine"}, "mine/gru.cpp", 7);
  const std::string message =
      "cell 'gru' is registered twice: at cells/gru.cpp:12 and at mine/gru.cpp:7; give one another name";
  CHECK_THROWS_AS(cells.find("lstm"), PluginError);
  CHECK_THROWS_WITH(cells.find("lstm"), message);
  CHECK_THROWS_WITH(cells.at("gru"), message);
  CHECK_THROWS_WITH(cells.names(), message);
  CHECK_THROWS_WITH(cells.entries(), message);
}

TEST_CASE("registry: an alias may not be another entry's name") {
  Registry<Cell> cells = three_cells();
  cells.add({.name = "mine", .summary = "mine", .aliases = {"gru"}}, "mine.cpp", 7);
  CHECK_THROWS_WITH(
      cells.names(),
      "cell 'gru' is registered twice: at cells/gru.cpp:12 and at mine.cpp:7; give one another name");
}

TEST_CASE("registry: an entry records its place in the source and its library") {
  Registry<Plain> schedules;
  schedules.add({"constant", "no change"});
  const int line = __LINE__ - 1;
  const Registration& here = schedules.registration("constant");
  CHECK(here.line == line);
  CHECK(here.file.ends_with("tests/base/registry_test.cpp"));
  CHECK(here.plugin.ends_with("test_base"));  // this test program is not libregard
}

TEST_CASE("registry: entries of libregard are built in") {
  const void* inside =
      ::dlsym(RTLD_DEFAULT, "_ZN6regard13edit_distanceESt17basic_string_viewIcSt11char_traitsIcEES3_");
  REQUIRE(inside != nullptr);
  CHECK(plugin_of(inside).empty());
  CHECK_FALSE(plugin_of(::dlsym(RTLD_DEFAULT, "malloc")).empty());
}

}  // namespace regard
