#pragma once
// The only include of Catch2: version 2.13 of Debian 12 here; version 3 would change this file and main.cpp alone.
#include <catch2/catch.hpp>
