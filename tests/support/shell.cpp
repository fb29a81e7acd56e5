#include "tests/support/shell.h"

#include "framework/base/process.h"
#include "tests/support/temp_folder.h"

namespace regard::test {

Said shell(const std::string& line) {
  const TempFolder folder;
  const Path text = folder / "text";
  Process process({"/bin/sh", "-c", line}, {}, {.output = text, .errors = text});
  process.wait();
  return {process.killed_by() == 0 ? process.exit_code() : 128 + process.killed_by(), read_file(text)};
}

}  // namespace regard::test
