#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>

#include "framework/base/errors.h"
#include "framework/base/version.h"

namespace {

void print_version() {
  fmt::print("regard {}\ncommit {}{}\nbuilt with {}: {}\n", regard::version(), regard::commit(),
             regard::tree_clean() ? "" : " and changes, or unknown", regard::compiler(), regard::flags());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc > 1 && std::string_view(argv[1]) == "--version") {
      print_version();
      return 0;
    }
    fmt::print("regard\n");
    return 0;
  } catch (const regard::Error& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
