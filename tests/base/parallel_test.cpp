#include "framework/base/parallel.h"

#include <vector>

#include "tests/support/catch.h"

namespace regard {

TEST_CASE("parallel_for: every index is visited once whatever the number of threads") {
  const int before = threads();
  for (const int count : {1, 2, 3, 4}) {
    set_threads(count);
    for (const Index n : {0, 1, 2, 7, 1000}) {
      std::vector<int> visits(static_cast<std::size_t>(n), 0);
      parallel_for(n, 3, [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
      });
      CHECK(visits == std::vector<int>(static_cast<std::size_t>(n), 1));
    }
  }
  set_threads(before);
}

}  // namespace regard
