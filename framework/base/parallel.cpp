#include "framework/base/parallel.h"

#include <omp.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>

#include "framework/base/memory.h"

namespace regard {
namespace {

// As many as have room for their stacks in a quarter of what a limit of addresses leaves: OpenMP's runtime ends
// the program where it cannot start one.
int within_addresses(int count) {
  const auto left = addresses_left();
  if (!left) return count;
  std::size_t stack = std::size_t{8} << 20;
  pthread_attr_t attributes;
  if (pthread_getattr_default_np(&attributes) == 0) {
    pthread_attr_getstacksize(&attributes, &stack);
    pthread_attr_destroy(&attributes);
  }
  const std::size_t most = 1 + *left / 4 / std::max<std::size_t>(1, stack);
  return static_cast<int>(std::min(static_cast<std::size_t>(count), most));
}

int thread_count = within_addresses(omp_get_max_threads());

// Pieces of a range for each thread. At the end, the others may have to wait for one piece.
constexpr Index kPieces = 4;
constexpr Index kMaxTeam = 256;

// The items that belong to a thread at the start. A thread without items takes items from others.
struct alignas(64) Share {
  std::atomic<Index> next;
  Index end = 0;
};

}  // namespace

void set_threads(int count) { thread_count = within_addresses(std::max(1, count)); }
int threads() noexcept { return thread_count; }

namespace detail {

void parallel_draw_raw(Index count, void* context, EnterBody enter, ItemBody work) noexcept {
  const Index team = std::min({static_cast<Index>(thread_count), count, kMaxTeam});
  if (team <= 1 || omp_in_parallel() != 0) {
    enter(context);
    for (Index item = 0; item < count; ++item) work(context, item);
    return;
  }
  Share shares[kMaxTeam];
  for (Index i = 0; i < team; ++i) {
    shares[i].next.store(count * i / team, std::memory_order_relaxed);
    shares[i].end = count * (i + 1) / team;
  }
#pragma omp parallel num_threads(static_cast <int>(team))
  {
    enter(context);
    const Index member = omp_get_thread_num();
    for (Index i = 0; i < team; ++i) {
      Share& share = shares[(member + i) % team];
      for (;;) {
        const Index item = share.next.fetch_add(1, std::memory_order_relaxed);
        if (item >= share.end) break;
        work(context, item);
      }
    }
  }
}

void parallel_for_raw(Index count, Index grain, void* context, RangeBody body) noexcept {
  if (count <= 0) return;
  const Index least = std::max<Index>(1, grain);
  const Index pieces = std::min<Index>(kPieces * thread_count, (count + least - 1) / least);
  if (pieces <= 1 || thread_count == 1 || omp_in_parallel() != 0) {
    body(context, 0, count);
    return;
  }
  parallel_draw(
      pieces, [] {}, [=](Index piece) { body(context, count * piece / pieces, count * (piece + 1) / pieces); });
}

}  // namespace detail
}  // namespace regard
