#pragma once
// The end of memory as one sentence. Most of regard lets std::bad_alloc pass to main(); but a loop on several
// threads cannot throw, and there the program would abort without a word.
namespace regard {

inline constexpr const char* kOutOfMemory = "out of memory; a smaller batch, model or beam needs less";

// From here on, where memory ends in code that cannot throw, `line` is written to the file descriptor and the
// process exits with 1. Any other call of std::terminate does what it did before. `line` is used at that time.
void say_out_of_memory(const char* line, int descriptor);

}  // namespace regard
