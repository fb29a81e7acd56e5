#pragma once
// Counts what is taken from the heap between two marks, on all threads, and says which library took it. Linked
// only into the programs that count (CMake target regard_heap_count): it stands in for malloc and its kin. One
// count at a time; not from several threads.
//
//   HeapCount count;                 // from here
//   step();
//   const HeapUses uses = count.stop();  // to here
//   CHECK(uses.ours() == "");
//
// Under a sanitizer, which has a malloc of its own, what the program itself takes is not seen.
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::testing {

// What one library took. A library is named by its file, up to the first dot: "libregard", "libgomp"; the program
// itself is "program". Taken by: the innermost caller outside of the C and C++ runtimes, so that a std::vector
// counts for who holds it.
struct HeapUse {
  std::string library;
  Index calls = 0;
  Index bytes = 0;
};

struct HeapUses {
  std::vector<HeapUse> libraries;  // sorted by name
  bool complete = true;            // false where more was taken than is remembered
  // What libregard and the program took: "libregard: 2 calls, 4096 bytes", one a line; empty for nothing.
  [[nodiscard]] std::string ours() const;
  // The same for everyone.
  [[nodiscard]] std::string all() const;
  [[nodiscard]] Index calls(const std::string& library) const;
};

class HeapCount {
 public:
  HeapCount();
  ~HeapCount();
  HeapCount(const HeapCount&) = delete;
  HeapCount& operator=(const HeapCount&) = delete;
  [[nodiscard]] HeapUses stop();
};

}  // namespace regard::testing
