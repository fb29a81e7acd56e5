#include "framework/base/json.inl"

#include "tests/support/catch.h"

namespace regard {
namespace {

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

}  // namespace

TEST_CASE("parse_json: every kind of value is parsed") {
  CHECK(parse_json(" {\"a\": [1, 2.5, \"[[{\\\"[\"]} ").at("a").size() == 3);
  CHECK(parse_json("null").is_null());
}

TEST_CASE("parse_json: text that is not JSON is reported with the place of the error") {
  for (const char* text : {"", "{", "[1,]", "{} x", "\"a", "[\"\\"}) {
    INFO(text);
    CHECK_THROWS_WITH(parse_json(text), "is not JSON");
  }
  try {
    static_cast<void>(parse_json("[1, x]"));
    CHECK(false);
  } catch (const JsonError& error) {
    CHECK(error.byte() == 5);
  }
  CHECK_THROWS_WITH(parse_json("[1e999]"), "has a number beyond any double");
}

TEST_CASE("parse_json: depth is limited and brackets in strings do not count") {
  CHECK(parse_json(nested(100)).is_array());
  CHECK_THROWS_WITH(parse_json(nested(101)), "is JSON nested more than 100 deep");
  CHECK_THROWS_WITH(parse_json(std::string(200'000, '[')), "is JSON nested more than 100 deep");
  CHECK_THROWS_WITH(parse_json(std::string(200'000, '{')), "is JSON nested more than 100 deep");
  CHECK(parse_json("\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"").is_string());
  std::string wide = "[";
  for (int i = 0; i < 1000; ++i) wide += "[{}],";
  CHECK(parse_json(wide + "0]").size() == 1001);
}

TEST_CASE("parse_json: a key that an object has twice is an error when it is read") {
  std::string twice;
  static_cast<void>(parse_json("{\"a\": {\"b\": 1}, \"b\": 2}", &twice));
  CHECK(twice.empty());
  CHECK(parse_json("{\"a\": {\"b\": 1, \"c\": 2, \"b\": 3}, \"a\": 4}", &twice).at("a") == 4);
  CHECK(twice == "b");
}

}  // namespace regard
