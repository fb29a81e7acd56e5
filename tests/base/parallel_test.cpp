#include "framework/base/parallel.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/support/catch.h"

namespace regard {

TEST_CASE("parallel_for: every index is visited once for any number of threads") {
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

TEST_CASE("parallel_for: a thread that has finished takes work of a slow one") {
  const int before = threads();
  set_threads(2);
  std::atomic<Index> done = 0;
  Index behind = 0;
  parallel_for(1000, 1, [&](Index begin, Index end) {
    // The thread with the first range waits for all other ranges, some of which are its own share.
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (begin == 0 && done < 1000 - end && std::chrono::steady_clock::now() < patience)
      std::this_thread::yield();
    if (begin == 0) behind = 1000 - end - done;
    done += end - begin;
  });
  set_threads(before);
  CHECK(behind == 0);
  CHECK(done == 1000);
}

TEST_CASE("parallel_draw: each item is drawn once and every thread that works has entered") {
  const int before = threads();
  for (const int count : {1, 2, 3, 4}) {
    set_threads(count);
    for (const Index n : {0, 1, 2, 7, 1000}) {
      std::vector<int> visits(static_cast<std::size_t>(n), 0);
      static thread_local bool entered;
      entered = false;
      std::atomic<int> entries = 0, strangers = 0;
      parallel_draw(
          n, [&] { entered = true, ++entries; },
          [&](Index item) {
            if (!entered) ++strangers;
            ++visits[static_cast<std::size_t>(item)];
          });
      CHECK(visits == std::vector<int>(static_cast<std::size_t>(n), 1));
      CHECK(strangers == 0);
      CHECK(entries == std::max<Index>(1, std::min<Index>(n, count)));
    }
  }
  set_threads(before);
}

}  // namespace regard
