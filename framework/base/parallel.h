#pragma once
// The only place that uses threads. All parallel code in regard uses parallel_for, so that the number of threads is one
// setting, which the manifest records, and there are never more threads than this.
#include <type_traits>
#include <utility>

#include "framework/base/base.h"

namespace regard {

// Sets how many threads parallel_for may use. The initial value is OMP_NUM_THREADS or the number of cores. Uses fewer
// if a limit of addresses (ulimit -v) is too small for their stacks. Must not be called while a parallel_for runs.
void set_threads(int count);
[[nodiscard]] int threads() noexcept;

// The largest number of threads or of simultaneous runs that a user may set. One loop uses at most 256 threads.
inline constexpr int kMostThreads = 4096;

namespace detail {
using RangeBody = void (*)(void* context, Index begin, Index end);
using EnterBody = void (*)(void* context);
using ItemBody = void (*)(void* context, Index item);
void parallel_for_raw(Index count, Index grain, void* context, RangeBody body) noexcept;
void parallel_draw_raw(Index count, void* context, EnterBody enter, ItemBody work) noexcept;
}  // namespace detail

// Calls body(begin, end) for disjoint ranges that together are [0, count), none much shorter than `grain`, several for
// each thread. A thread that has finished its ranges runs ranges of other threads. The ranges depend on the number of
// threads, so a result must not depend on them: compute each output element in one call, in an order that depends only
// on its index. body must not throw. Runs as one range in the calling thread if count <= grain, with one thread, or
// inside another parallel_for.
template <class Body>
void parallel_for(Index count, Index grain, Body&& body) noexcept {
  using Plain = std::remove_reference_t<Body>;
  detail::parallel_for_raw(
      count, grain, const_cast<void*>(static_cast<const void*>(&body)),
      [](void* context, Index begin, Index end) { (*static_cast<Plain*>(context))(begin, end); });
}

// Calls work(0) … work(count - 1), each once. Each thread first does its own share in order (always the same share, for
// its caches), then helps with the shares of others. enter() is called first in every thread that works. Neither may
// throw. They run in the calling thread in the same cases as for parallel_for.
template <class Enter, class Work>
void parallel_draw(Index count, Enter&& enter, Work&& work) noexcept {
  struct Both {
    Enter& enter;
    Work& work;
  } both{enter, work};
  detail::parallel_draw_raw(
      count, &both, [](void* x) { static_cast<Both*>(x)->enter(); },
      [](void* x, Index item) { static_cast<Both*>(x)->work(item); });
}

}  // namespace regard
