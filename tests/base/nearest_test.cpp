#include "framework/base/nearest.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace regard {

TEST_CASE("edit distance: insert and delete and replace and swap count one each") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("dropuot", "dropout") == 1);
  CHECK(edit_distance("ca", "abc") == 3);  // the restricted form: 2 without the restriction
  CHECK(edit_distance("beam_size", "Beam-Size") == 0);
}

TEST_CASE("nearest: a misspelling finds its name and a far word finds none") {
  const std::vector<std::string> known{"concat", "dot", "dropout", "general", "hidden", "learning_rate"};
  CHECK(nearest("dropuot", known) == "dropout");
  CHECK(nearest("dott", known) == "dot");
  CHECK(nearest("Learning-Rate", known) == "learning_rate");
  CHECK(nearest("hid", known) == "hidden");
  CHECK(nearest("learning", known) == "learning_rate");
  CHECK(nearest("dto", known) == "dot");
  CHECK(nearest("xyz", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest("l", known).empty());
  CHECK(nearest(std::string(1000000, 'd'), known).empty());
  CHECK(nearest("a", {}).empty());
}

TEST_CASE("nearest: the name with the fewest edits is found and the earlier one of equals") {
  CHECK(nearest("tests", std::vector<std::string>{"text", "test"}) == "test");
  CHECK(nearest("b1", std::vector<std::string>{"b2", "b3"}) == "b2");
  CHECK(nearest("x", std::vector<std::string>{"y"}).empty());
}

TEST_CASE("did you mean: it is a question or empty") {
  const std::vector<std::string> known{"dot"};
  CHECK(did_you_mean("dit", known) == "; did you mean 'dot'?");
  CHECK(did_you_mean("general", known).empty());
}

}  // namespace regard
