// The main function of all test programs.
#define CATCH_CONFIG_RUNNER  // Catch2 2 is compiled here; version 3 is a library
#include "tests/support/catch.h"

int main(int count, char* arguments[]) { return Catch::Session().run(count, arguments); }
