#include "tests/support/heap_count.h"

#include <atomic>
#include <memory>

#include "framework/autodiff/tape.h"
#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "tests/support/catch.h"

namespace regard {
namespace {

using testing::HeapCount;
using testing::HeapUses;

std::atomic<char*> kept{nullptr};  // so that the compiler does not remove a new and its delete

}  // namespace

TEST_CASE("heap count: it is empty without an allocation") {
  HeapCount count;
  const HeapUses uses = count.stop();
  CHECK(uses.all() == "");
  CHECK(uses.ours() == "");
}

// A list of a type that only libregard uses. With std::string the allocation could belong to the program: if both
// have the function that grows the list, the loader uses the program's for both.
TEST_CASE("heap count: allocations of libregard are found and named") {
  float number = 1;
  Tape tape;
  HeapCount count;
  (void)tape.input(Tensor(&number, DType::f32, {1}));
  const HeapUses uses = count.stop();
  CHECK(uses.calls("libregard") == 2);  // the list of nodes and the list of gradients
  CHECK(uses.ours().starts_with("libregard: 2 calls, "));
  CHECK(uses.ours() == uses.all());
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("heap count: allocations of the program are found on every thread") {
  const int before = threads();
  set_threads(2);
  const auto take = [] {
    parallel_for(2, 1, [](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) delete[] kept.exchange(new char[100]);
    });
  };
  take();
  HeapCount count;
  take();
  const HeapUses uses = count.stop();
  delete[] kept.exchange(nullptr);
  set_threads(before);
  CHECK(uses.ours() == "program: 2 calls, 200 bytes");
}

TEST_CASE("heap count: too many allocations are reported") {
  HeapCount count;
  for (int i = 0; i < 5000; ++i) delete[] kept.exchange(new char[1]);
  const HeapUses uses = count.stop();
  delete[] kept.exchange(nullptr);
  CHECK(uses.ours() == "program: 4096 calls, 4096 bytes\nand more than is remembered");
}
#endif

TEST_CASE("heap count: a second count at the same time is refused") {
  HeapCount count;
  CHECK_THROWS_AS(HeapCount(), InternalError);
}

}  // namespace regard
