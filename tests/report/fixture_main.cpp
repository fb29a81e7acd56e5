// report_fixture FOLDER: writes the tests' made-up run folder there, and its report, to look at.
#include <fmt/format.h>

#include "framework/report/report.h"
#include "tests/report/fixture.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  regard::fixture::Options options;
  if (argc > 2) options.sentences = std::stoll(argv[2]);
  regard::fixture::write_run_folder(argv[1], options);
  fmt::print("{}{}\n", regard::report::terminal_table(regard::experiment::load_results(argv[1])),
             regard::report::make_report(argv[1]).string());
}
