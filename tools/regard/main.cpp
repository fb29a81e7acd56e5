#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "framework/base/errors.h"

int main(int, char**) {
  try {
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
