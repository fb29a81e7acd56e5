#pragma once
// Prints one sentence when memory is exhausted. Usually std::bad_alloc reaches main(). But a parallel loop cannot
// throw: there the program would abort without a message.
namespace regard {

inline constexpr const char* kOutOfMemory = "out of memory; a smaller batch, model or beam needs less";

// From now on, if memory is exhausted in code that cannot throw, `line` is written to the file descriptor and the
// process exits with 1. For other calls of std::terminate nothing changes. `line` must stay valid.
void say_out_of_memory(const char* line, int descriptor);

}  // namespace regard
