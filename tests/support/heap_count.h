#pragma once
// Counts heap allocations between two points, on all threads, by the library that made them. It replaces malloc
// and related functions, so it is linked only into programs that count (CMake target regard_heap_count). One count
// at a time; not from several threads.
//
//   HeapCount count;                 // from here
//   step();
//   const HeapUses uses = count.stop();  // to here
//   CHECK(uses.ours() == "");
//
// Under a sanitizer, which has its own malloc, allocations of the program itself are not counted.
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::testing {

// The allocations of one library. Its name is that of its file, up to the first dot: "libregard", "libgomp"; the
// program itself is "program". An allocation belongs to the innermost caller outside of the C and C++ runtimes, so
// that of a std::vector belongs to the library that uses the vector.
struct HeapUse {
  std::string library;
  Index calls = 0;
  Index bytes = 0;
};

struct HeapUses {
  std::vector<HeapUse> libraries;  // sorted by name
  bool complete = true;            // false if there were more allocations than the count can store
  // Returns the allocations of libregard and the program, one line each, such as "libregard: 2 calls, 4096 bytes";
  // empty if there are none.
  [[nodiscard]] std::string ours() const;
  // Returns the same for all libraries.
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
