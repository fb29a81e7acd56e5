#include "framework/evaluation/random.h"

#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("random: seed 12345 starts like NumPy's PCG64") {
  NumpyRandom random(default_seed);
  CHECK(random.state() == "33261208707367790463622745601869196757");
  CHECK(random.increment() == "268209174141567072605526753992732310247");
  for (const std::uint32_t draw : {699U, 227U, 788U, 316U, 204U, 797U, 642U, 676U})
    CHECK(random.below(1000) == draw);
}

TEST_CASE("random: the bits of a draw are NumPy's booleans") {
  NumpyRandom random(default_seed);
  const std::uint32_t bits = random.next32();
  std::string text;
  for (int i = 0; i < 12; ++i) text += ((bits >> i) & 1U) != 0 ? '1' : '0';
  CHECK(text == "101110011000");
}

TEST_CASE("random: a bound of one draws nothing") {
  NumpyRandom random(7);
  const std::string before = random.state();
  CHECK(random.below(1) == 0);
  CHECK(random.state() == before);
}

TEST_CASE("random: without a seed two generators differ") {
  CHECK(NumpyRandom({}).state() != NumpyRandom({}).state());
  CHECK(seed_text({}) == "none");
  CHECK(seed_text(12345) == "12345");
}

}  // namespace regard::evaluation
