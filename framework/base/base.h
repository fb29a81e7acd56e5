#pragma once
// Declarations for every file of regard: the index type and the check for our own mistakes.
#include <cstddef>
#include <cstdint>

namespace regard {

// The type of dimensions, positions, token ids and counts. It is signed, so that differences and downward loops are
// safe.
using Index = std::int64_t;

}  // namespace regard
