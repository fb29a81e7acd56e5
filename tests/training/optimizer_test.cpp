#include "framework/training/optimizer.h"

#include <vector>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

}  // namespace

TEST_CASE("optimizer: options that are not given have their defaults") {
  nn::ParamStore store(DType::f64, 1);
  store.add("w", {1}, nn::ones);
  config::Options options = config::defaults(optimizers().at("sgd").options);
  CHECK(options.number("momentum") == 0);
  options.put("momentum", {0.5});
  CHECK(make_optimizer({.name = "sgd"}, store)->state().empty());
  CHECK(make_optimizer({.name = "sgd", .options = options}, store)->state().size() == 1);
}

TEST_CASE("optimizer: a registration says where it is from") {
  for (const char* name : {"adam", "sgd", "adadelta"}) {
    const Registration& where = optimizers().registration(name);
    CHECK(where.file == std::string("framework/training/optimizers/") + name + ".cpp");
    CHECK(where.line > 0);
    CHECK(where.plugin.empty());
  }
}

TEST_CASE("optimizer: an unknown one is refused with the nearest") {
  const nn::ParamStore store(DType::f32, 1);
  const std::string text = thrown<ConfigError>([&] { static_cast<void>(make_optimizer({.name = "adm"}, store)); });
  INFO(text);
  CHECK(text.starts_with("unknown optimizer 'adm'; did you mean 'adam'? Known: adadelta ("));
}

TEST_CASE("optimizer: moments are zero and named after their parameter and as wide as it") {
  for (const DType type : {DType::f32, DType::f64}) {
    nn::ParamStore store(type, 1);
    store.add("x/W", {2, 3}, nn::ones);
    store.add("x/b", {4}, nn::ones);
    const Moments moments(store, "m");
    REQUIRE(moments.all().size() == 2);
    CHECK(moments.all()[0].name == "moments/x/W/m");
    CHECK(moments.all()[1].name == "moments/x/b/m");
    CHECK(moments[0].shape() == Shape{2, 3});
    CHECK(moments[1].shape() == Shape{4});
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(moments[i].type() == type);
      CHECK(moments[i].raw() == moments.all()[i].value.raw());
      for (const double x : numbers(moments[i])) CHECK(x == 0);
      moments[i].set(0, 1);
    }
    CHECK(numbers(moments[0])[0] == 1);  // memory of its own
    CHECK(numbers(store.all()[0].value()) == std::vector<double>(6, 1));
  }
}

}  // namespace regard::training
