#include "framework/data/random_chooser.h"

#include <array>
#include <set>
#include <vector>

#include "tests/support/catch.h"

namespace regard::data {

TEST_CASE("random chooser: the same key gives the same draws and they continue along the key") {
  const Key key(7, "dice");
  RandomChooser one(key), two(key);
  for (Index i = 0; i < 50; ++i) {
    const Index roll = one.below(1000);
    CHECK(roll == two.below(1000));
    CHECK(roll == key.below(1000, i));
  }
}

TEST_CASE("random chooser: weights are shares and weight 0 is never drawn") {
  RandomChooser dice(Key(7, "dice"));
  std::array<int, 4> seen{};
  for (int i = 0; i < 8000; ++i) ++seen[static_cast<std::size_t>(dice.weighted({1, 0, 2, 5}))];
  CHECK(seen[1] == 0);
  CHECK(seen[0] == Approx(1000).margin(120));
  CHECK(seen[2] == Approx(2000).margin(160));
  CHECK(seen[3] == Approx(5000).margin(180));
}

TEST_CASE("random chooser: chance and pick use the whole range") {
  RandomChooser dice(Key(7, "dice"));
  int heads = 0;
  std::set<int> picked;
  const std::vector<int> items = {3, 5, 8};
  for (int i = 0; i < 4000; ++i) {
    heads += dice.chance(25) ? 1 : 0;
    picked.insert(dice.pick(std::span<const int>(items)));
  }
  CHECK(heads == Approx(1000).margin(110));
  CHECK(picked == std::set<int>{3, 5, 8});
  CHECK_FALSE(dice.chance(0));
  CHECK(dice.chance(100));
}

}  // namespace regard::data
