#include <algorithm>
#include <atomic>

#include "framework/base/parallel.h"
#include "framework/tensor/gemm_backends.h"

namespace regard::gemm_detail {
namespace {

constexpr Index kMaxTeam = 256;
struct alignas(64) Share {
  std::atomic<Index> next;
  Index end = 0;
};

}  // namespace

void draw_tiles(Index count, Index team, void* context, void (*enter)(void*), void (*work)(void*, Index)) {
  team = std::min({team, count, kMaxTeam});
  if (team <= 1) {
    enter(context);
    for (Index tile = 0; tile < count; ++tile) work(context, tile);
    return;
  }
  Share shares[kMaxTeam];
  for (Index i = 0; i < team; ++i) {
    shares[i].next.store(count * i / team, std::memory_order_relaxed);
    shares[i].end = count * (i + 1) / team;
  }
  parallel_for(team, 1, [&](Index begin, Index end) {
    enter(context);
    for (Index member = begin; member < end; ++member) {
      for (Index i = 0; i < team; ++i) {
        Share& share = shares[(member + i) % team];
        for (;;) {
          const Index tile = share.next.fetch_add(1, std::memory_order_relaxed);
          if (tile >= share.end) break;
          work(context, tile);
        }
      }
    }
  });
}

}  // namespace regard::gemm_detail
