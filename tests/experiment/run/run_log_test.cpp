#include "framework/experiment/run/run_log.h"

#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
namespace {

// Checks the form of "2026-01-31 12:00:00 text" and returns it without the time.
std::string without_time(const std::string& line) {
  std::string shape = line.substr(0, 20);
  for (char& c : shape) c = c >= '0' && c <= '9' ? '0' : c;
  CHECK(shape == "0000-00-00 00:00:00 ");
  return line.substr(20);
}

}  // namespace

TEST_CASE("run log: lines have their time and are appended after complete ones") {
  const test::TempFolder folder;
  const Path file = folder / "log.txt";
  RunLog(file).line("epoch {} of {}", 1, 2);
  std::ofstream(file, std::ios::app) << "a line that a kill has cu";
  RunLog(file).line("first\nsecond");
  const auto lines = read_log(file);
  REQUIRE(lines.size() == 2);
  CHECK(without_time(lines[0]) == "epoch 1 of 2");
  CHECK(without_time(lines[1]) == "first second");
}

}  // namespace regard::experiment
