#include "framework/config/value.h"

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::config {

TEST_CASE("options: a value is read by name and type") {
  Options options;
  options.put("hidden", {Index{128}, {Origin::Kind::file, "x.yaml", 3, 4}});
  options.put("rate", {0.5});
  options.put("bias", {true});
  options.put("word", {std::string("dot")});
  options.put("file", {Path("a.en")});
  options.put("empty", {});
  CHECK(options.integer("hidden") == 128);
  CHECK(options.number("hidden") == 128);
  CHECK(options.number("rate") == 0.5);
  CHECK(options.boolean("bias"));
  CHECK(options.text("word") == "dot");
  CHECK(options.path("file").given == "a.en");
  CHECK(options.has("hidden"));
  CHECK_FALSE(options.has("empty"));
  CHECK_FALSE(options.has("none"));
  CHECK(options.origin("hidden").text() == "x.yaml:3:4");
  options.put("hidden", {Index{64}});
  CHECK(options.integer("hidden") == 64);
  CHECK(options.entries().size() == 6);
}

TEST_CASE("options: an undeclared name or type is an internal error") {
  Options options;
  options.put("hidden", {Index{128}});
  CHECK_THROWS_AS(options.integer("hiden"), InternalError);
  CHECK_THROWS_WITH(options.integer("hiden"), "option 'hiden' was not declared");
  CHECK_THROWS_WITH(options.text("hidden"), "option 'hidden' was not declared as text");
  CHECK_THROWS_WITH(options.boolean("hidden"), "option 'hidden' was not declared as true or false");
}

}  // namespace regard::config
