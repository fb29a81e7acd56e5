// Not with the address sanitizer, which has its own allocator.
#if !defined(__SANITIZE_ADDRESS__)
#include <atomic>
#include <cstdlib>
#include <new>
#include <random>

#include "tests/support/catch.h"
#include "tests/tensor/gemm/gemm_problem.h"

namespace {
std::atomic<long> allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* p = std::aligned_alloc(alignment, (size + alignment) / alignment * alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
}  // namespace

// For the whole test program, libregard included.
void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace regard::testing {

TEST_CASE("gemm: own kernels do not allocate on the heap after warm-up") {
  for (const GemmPath& path : gemm_paths()) {
    if (path.backend != Backend::own) continue;
    const ForcedPath forced(path);
    set_threads(2);
    std::mt19937_64 random(1);
    for (const Kind kind : {Kind::plain, Kind::batched}) {
      const Problem<float> problem({kind, Transpose::yes, Transpose::no, {300, 400, 600}, 0, true, false}, random);
      problem.run(path.precision);
      const long before = allocations;
      for (int i = 0; i < 5; ++i) problem.run(path.precision);
      const long taken = allocations - before;
      INFO(describe(path, problem.what, false));
      CHECK(taken == 0);
    }
  }
}

}  // namespace regard::testing
#endif
