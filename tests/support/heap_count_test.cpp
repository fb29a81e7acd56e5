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

std::atomic<char*> kept{nullptr};  // keeps the compiler from leaving a new and its delete out

}  // namespace

TEST_CASE("heap count: taking nothing counts nothing") {
  HeapCount count;
  const HeapUses uses = count.stop();
  CHECK(uses.all() == "");
  CHECK(uses.ours() == "");
}

// Of a type that only libregard makes lists of: a std::string's would be the program's where both have the
// function that grows it, since the loader takes the program's for both.
TEST_CASE("heap count: what libregard takes is found and named") {
  float number = 1;
  Tape tape;
  HeapCount count;
  (void)tape.input(Tensor(&number, DType::f32, {1}));
  const HeapUses uses = count.stop();
  CHECK(uses.calls("libregard") == 2);  // the lists of the first node and of its gradient
  CHECK(uses.ours().starts_with("libregard: 2 calls, "));
  CHECK(uses.ours() == uses.all());
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("heap count: what the program takes is found on every thread") {
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

TEST_CASE("heap count: more than it remembers is said") {
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
