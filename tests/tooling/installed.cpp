#include "tests/tooling/installed.h"

#include "tests/support/catch.h"
#include "tests/tooling/shell.h"

namespace regard::test {

std::string require_ok(const std::string& line) {
  const Said said = shell(line);
  INFO(line << "\n" << said.text);
  REQUIRE(said.code == 0);
  return said.text;
}

const std::string& prefix() {
  static const Folder folder;
  static const std::string path = [] {
    require_ok("cmake --install " REGARD_BINARY_DIR " --prefix " + folder.path().string());
    return folder.path().string();
  }();
  return path;
}

std::string with_package() {
  return "export PATH=" + prefix() +
         "/bin:$PATH CXX=" REGARD_CXX " CXXFLAGS='" REGARD_SANITIZE_FLAGS "' OMP_WAIT_POLICY=passive && ";
}

}  // namespace regard::test
