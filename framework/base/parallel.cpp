#include "framework/base/parallel.h"

#include <omp.h>

#include <algorithm>

namespace regard {
namespace {
int thread_count = omp_get_max_threads();
}

void set_threads(int count) { thread_count = std::max(1, count); }
int threads() noexcept { return thread_count; }

namespace detail {

void parallel_for_raw(Index count, Index grain, void* context, RangeBody body) noexcept {
  if (count <= 0) return;
  const Index pieces =
      std::min<Index>(thread_count, (count + std::max<Index>(1, grain) - 1) / std::max<Index>(1, grain));
  if (pieces <= 1 || omp_in_parallel() != 0) {
    body(context, 0, count);
    return;
  }
#pragma omp parallel num_threads(static_cast <int>(pieces))
  {
    const Index piece = omp_get_thread_num();
    const Index team = omp_get_num_threads();
    const Index begin = count * piece / team;
    const Index end = count * (piece + 1) / team;
    if (begin < end) body(context, begin, end);
  }
}

}  // namespace detail
}  // namespace regard
