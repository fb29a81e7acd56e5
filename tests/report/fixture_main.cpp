// report_fixture FOLDER [SENTENCES [SYSTEMS [SCRIPT [NOT_STARTED]]]]: writes the made-up run folder of the tests
// and its report. SCRIPT: latin, rtl or unspaced; NOT_STARTED: a system without a run. With more than 1000
// sentences, "test" and "test_long" have equally many.
#include <fmt/format.h>

#include "framework/report/report.h"
#include "tests/report/fixture.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  regard::fixture::Options options;
  if (argc > 2) options.sentences = std::stoll(argv[2]);
  if (argc > 3) {
    const std::vector<std::string> names{"vanilla", "dot",      "general",  "concat", "scaled_dot", "local_m",
                                         "local_p", "coverage", "location", "cosine", "sparsemax",  "multi_head"};
    options.systems.assign(names.begin(), names.begin() + std::stoll(argv[3]));
  }
  if (options.sentences >= 1000) options.long_share = 1;
  if (argc > 4) options.script = argv[4];
  regard::fixture::write_run_folder(argv[1], options);
  if (argc > 5) std::filesystem::remove_all(regard::Path(argv[1]) / argv[5]);
  fmt::print("{}{}\n", regard::report::terminal_table(regard::runs::load_results(argv[1])),
             regard::report::make_report(argv[1]).string());
}
