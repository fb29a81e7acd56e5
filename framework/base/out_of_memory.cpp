#include "framework/base/out_of_memory.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

namespace regard {
namespace {

const char* last_line = "";
int last_descriptor = STDERR_FILENO;
std::terminate_handler before = nullptr;

void at_terminate() {
  try {
    if (const auto error = std::current_exception()) std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    std::fflush(stdout);  // keeps earlier output
    static_cast<void>(!write(last_descriptor, last_line, std::strlen(last_line)));
    _exit(1);
  } catch (...) {
  }
  before();
}

}  // namespace

void say_out_of_memory(const char* line, int descriptor) {
  last_line = line;
  last_descriptor = descriptor;
  const std::terminate_handler now = std::set_terminate(at_terminate);
  if (now != at_terminate) before = now;
}

}  // namespace regard
