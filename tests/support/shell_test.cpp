#include "tests/support/shell.h"

#include "tests/support/catch.h"

namespace regard::test {

TEST_CASE("shell: output and errors are one text in their order and the code is the line's") {
  const Said said = shell("echo one; echo two >&2; echo three; cat; exit 3");
  CHECK(said.text == "one\ntwo\nthree\n");
  CHECK(said.code == 3);
}

TEST_CASE("shell: a line that a signal ends has 128 and its number") { CHECK(shell("kill -9 $$").code == 137); }

}  // namespace regard::test
