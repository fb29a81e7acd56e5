#pragma once
// The one owner of threads. Everything parallel in regard goes through parallel_for, so that the number of threads
// is one setting, recorded in the manifest, and nothing oversubscribes.
#include <type_traits>
#include <utility>

#include "framework/base/base.h"

namespace regard {

// How many threads parallel_for may use; at first OMP_NUM_THREADS or the number of cores.
// Not to be called while a parallel_for runs.
void set_threads(int count);
[[nodiscard]] int threads() noexcept;

namespace detail {
using RangeBody = void (*)(void* context, Index begin, Index end);
void parallel_for_raw(Index count, Index grain, void* context, RangeBody body) noexcept;
}  // namespace detail

// Calls body(begin, end) for disjoint ranges that together are [0, count), each at least `grain` long (but the
// last). A range is worked by one thread; the ranges depend on the number of threads, so a result must not depend
// on where ranges begin: each output element is computed within one call, in an order fixed by its index alone.
// body may not throw. Runs in the calling thread where count <= grain, with one thread, or inside another
// parallel_for.
template <class Body>
void parallel_for(Index count, Index grain, Body&& body) noexcept {
  using Plain = std::remove_reference_t<Body>;
  detail::parallel_for_raw(
      count, grain, const_cast<void*>(static_cast<const void*>(&body)),
      [](void* context, Index begin, Index end) { (*static_cast<Plain*>(context))(begin, end); });
}

}  // namespace regard
