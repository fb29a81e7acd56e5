#include "framework/tensor/gemm/gemm.h"

#include <cmath>
#include <fstream>
#include <iostream>
#include <limits>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "framework/base/errors.h"
#include "framework/tensor/gemm/without_gain.h"
#include "framework/tensor/simd/product/kernels.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/tensor/gemm/gemm_problem.h"

namespace regard::testing {
namespace {

template <class T>
void compare_with_f64(const GemmPath& path, const std::vector<Case>& cases, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (const Case& c : cases) {
    const Problem<T> problem(c, random);
    problem.run(path.precision);
    const Precision precision = sizeof(T) == 4 && c.kind != Kind::batched ? path.precision : Precision::float32;
    const double worst = problem.worst(precision);
    const bool untouched = problem.c.padding_untouched();
    if (worst > 1 || !untouched) {
      INFO(describe(path, c, sizeof(T) == 8) << " uses " << worst << " of the allowed error");
      CHECK(worst <= 1);
      CHECK(untouched);
    }
  }
}

// The sets of this processor by the flags that the operating system lists, independent of cpu.cpp.
InstructionSet set_by_cpuinfo() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line) && line.rfind("flags", 0) != 0) {
  }
  std::istringstream words(line);
  std::set<std::string> flags;
  for (std::string word; words >> word;) flags.insert(word);
  const auto has = [&](std::initializer_list<const char*> all) {
    for (const char* flag : all) {
      if (!flags.contains(flag)) return false;
    }
    return true;
  };
  if (!has({"avx2", "fma", "f16c"})) return InstructionSet::baseline;
  if (!has({"avx512f", "avx512dq", "avx512bw", "avx512vl"})) return InstructionSet::avx2;
  if (!has({"avx512_bf16"})) return InstructionSet::avx512;
  return has({"amx_tile", "amx_bf16"}) ? InstructionSet::amx : InstructionSet::avx512_bf16;
}

std::set<GemmPath> exercised;

}  // namespace

TEST_CASE("gemm: every backend and instruction set and precision agrees with f64 within the bound of rounding") {
  for (const GemmPath& path : gemm_paths()) {
    const ForcedPath forced(path);
    std::mt19937_64 random(20);
    compare_with_f64<float>(path, random_cases(random, 240, 70), 1);
    compare_with_f64<float>(path, large_cases(), 2);
    if (path.precision == Precision::float32) {
      compare_with_f64<double>(path, random_cases(random, 120, 70), 3);
      compare_with_f64<double>(path, large_cases(), 4);
    }
    exercised.insert(path);
    SUCCEED();
  }
}

TEST_CASE("gemm: every path that this processor supports was tested") {
  if (exercised.empty()) REGARD_SKIP("run together with the comparison with f64");
  const InstructionSet best = set_by_cpuinfo();
  CHECK(name_of(best_instruction_set()) == name_of(best));
  for (int i = 0; i <= static_cast<int>(best); ++i) {
    const auto set = static_cast<InstructionSet>(i);
    CHECK(exercised.contains({Backend::own, set, Precision::float32}));
    if (set >= InstructionSet::avx2) {
      CHECK(exercised.contains({Backend::own, set, Precision::bfloat16}));
      CHECK(exercised.contains({Backend::own, set, Precision::bfloat16x3}));
    }
  }
  CHECK(exercised.contains({Backend::eigen, best, Precision::float32}));
  if (is_available(Backend::onednn)) CHECK(exercised.contains({Backend::onednn, best, Precision::float32}));
  // Each set has its own kernels, except sets that differ only in bfloat16.
  if (best >= InstructionSet::avx2) {
    CHECK(simd::f32_kernels(InstructionSet::avx2) != simd::f32_kernels(InstructionSet::baseline));
  }
  if (best >= InstructionSet::avx512) {
    CHECK(simd::f32_kernels(InstructionSet::avx512) != simd::f32_kernels(InstructionSet::avx2));
  }
}

// For tools/ran_here: prints a line for each path of our kernels that is right on this machine.
TEST_CASE("paths of gemm that run here", "[.]") {
  for (const GemmPath& path : gemm_paths()) {
    if (path.backend != Backend::own) continue;
    const ForcedPath forced(path);
    std::mt19937_64 random(21);
    bool right = true;
    for (const Case& c : random_cases(random, 60, 70)) {
      const Problem<float> problem(c, random);
      problem.run(path.precision);
      const Precision precision = c.kind != Kind::batched ? path.precision : Precision::float32;
      right = right && problem.worst(precision) <= 1 && problem.c.padding_untouched();
    }
    CHECK(right);
    if (right) std::cout << "path " << name_of(path.set) << ' ' << name_of(path.precision) << '\n';
  }
}

TEST_CASE("gemm: results have the same bytes for any number of threads") {
  for (const GemmPath& path : gemm_paths()) {
    const ForcedPath forced(path);
    std::mt19937_64 random(5);
    for (const Case& c : large_cases()) {
      const Problem<float> problem(c, random);
      set_threads(1);
      problem.run(path.precision);
      const GuardedMatrix<float> one(c.shape.m, c.shape.n, 0);
      one.copy(problem.c);
      for (const int count : {2, 3, 4}) {
        set_threads(count);
        problem.run(path.precision);
        INFO(describe(path, c, false) << " threads " << count);
        REQUIRE(problem.c.same_bytes(one));
      }
    }
  }
}

TEST_CASE("gemm: the caller's own threads may multiply at the same time") {
  std::mt19937_64 random(11);
  const Case what{Kind::packed, Transpose::no, Transpose::yes, {150, 200, 300}, 0, false, false};
  const Problem<float> first(what, random), second(what, random);
  const GuardedMatrix<float> alone(150, 200, 0);
  first.run(Precision::float32);
  alone.copy(first.c);
  std::thread other([&] {
    for (int i = 0; i < 20; ++i) second.run(Precision::float32);
  });
  bool same = true;
  for (int i = 0; i < 20; ++i) {
    first.run(Precision::float32);
    same = same && first.c.same_bytes(alone);
  }
  other.join();
  CHECK(same);
  CHECK(second.worst(Precision::float32) <= 1);
}

TEST_CASE("gemm: own kernels give a row the same bytes for any other rows") {
  for (const GemmPath& path : gemm_paths()) {
    if (path.backend != Backend::own) continue;
    const ForcedPath forced(path);
    std::mt19937_64 random(6);
    for (const Kind kind : {Kind::plain, Kind::packed, Kind::batched}) {
      const Case all{kind, Transpose::no, Transpose::yes, {67, 75, 530}, 0, false, false};
      const Problem<float> problem(all, random);
      problem.run(path.precision);
      for (const Index row : {0, 13, 66}) {
        Case one = all;
        one.shape.m = 1;
        const Problem<float> single(one, random);
        for (Index p = 0; p < all.shape.k; ++p) single.a(0, p) = problem.a(row, p);
        single.b.copy(problem.b);
        single.run(path.precision);
        INFO(describe(path, all, false) << " row " << row);
        CHECK(std::memcmp(&single.c(0, 0), &problem.c(row, 0), 75 * sizeof(float)) == 0);
      }
    }
  }
}

TEST_CASE("gemm: nan and infinity affect exactly their row and column") {
  for (const GemmPath& path : gemm_paths()) {
    const ForcedPath forced(path);
    for (const Kind kind : {Kind::plain, Kind::packed, Kind::batched}) {
      std::mt19937_64 random(8);
      const Problem<float> problem({kind, Transpose::no, Transpose::yes, {19, 37, 45}, 0, false, false}, random);
      problem.a(3, 44) = std::numeric_limits<float>::quiet_NaN();
      problem.b(36, 7) = std::numeric_limits<float>::infinity();
      problem.run(path.precision);
      INFO(describe(path, problem.what, false));
      Index wrong = 0;
      for (Index i = 0; i < 19; ++i) {
        for (Index j = 0; j < 37; ++j) {
          const float x = problem.c(i, j);
          const bool right = i == 3 ? std::isnan(x) : (j == 36 ? !std::isfinite(x) : std::isfinite(x));
          if (!right) ++wrong;
        }
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("gemm: k of 0 gives zeros or the bias or keeps the accumulated result") {
  for (const GemmPath& path : gemm_paths()) {
    const ForcedPath forced(path);
    std::mt19937_64 random(9);
    const Problem<float> zero({Kind::plain, Transpose::no, Transpose::no, {3, 5, 0}, 0, false, false}, random);
    zero.run(path.precision);
    CHECK(zero.c(2, 4) == 0.0F);
    const Problem<float> kept({Kind::plain, Transpose::no, Transpose::no, {3, 5, 0}, 0, true, false}, random);
    kept.run(path.precision);
    CHECK(kept.c(2, 4) == kept.start(2, 4));
    const Problem<float> bias({Kind::packed, Transpose::no, Transpose::no, {3, 5, 0}, 0, false, true}, random);
    bias.run(path.precision);
    CHECK(bias.c(2, 4) == bias.bias(0, 4));
  }
}

TEST_CASE("gemm: a batch equals its single products") {
  for (const GemmPath& path : gemm_paths()) {
    if (path.precision != Precision::float32) continue;
    const ForcedPath forced(path);
    std::mt19937_64 random(10);
    const GuardedMatrix<float> a(7 * 11, 33, 0), b(7 * 9, 33, 0), c(7 * 11, 9, 0), one(11, 9, 0);
    a.fill(random);
    b.fill(random);
    gemm_batched(DType::f32, Transpose::no, Transpose::yes, {11, 9, 33}, {7, 11 * 33, 9 * 33, 11 * 9}, a.data(),
                 33, b.data(), 33, false, c.data(), 9);
    for (Index i = 0; i < 7; ++i) {
      gemm_batched(DType::f32, Transpose::no, Transpose::yes, {11, 9, 33}, {1, 0, 0, 0}, a.data() + i * 11 * 33,
                   33, b.data() + i * 9 * 33, 33, false, one.data(), 9);
      CHECK(std::memcmp(one.data(), c.data() + i * 11 * 9, 11 * 9 * sizeof(float)) == 0);
    }
  }
}

TEST_CASE("gemm: a backend is found by its name and an unknown name is refused") {
  CHECK(gemm_backend_named("eigen") == Backend::eigen);
  CHECK_THROWS_WITH(gemm_backend_named("mkl"), "REGARD_GEMM: expected own, onednn or eigen, got \"mkl\"");
  if (!is_available(Backend::onednn)) {
    CHECK_THROWS_WITH(
        gemm_backend_named("onednn"),
        "REGARD_GEMM: this build has no onednn; install its development package and build again, or take own");
  }
}

TEST_CASE("gemm: a precision that is not faster has a reason in one line") {
  const ForcedPath eigen({Backend::eigen, InstructionSet::baseline, Precision::float32});
  CHECK_FALSE(supports(Precision::bfloat16));
  CHECK_FALSE(fallback_reason(Precision::float32).has_value());
  CHECK(fallback_reason(Precision::bfloat16) ==
        "this processor, or the instruction set or backend chosen, "
        "has no products of bfloat16: they are taken as float32");
  accept_without_gain(true);
  CHECK(fallback_reason(Precision::bfloat16).has_value());  // not to be had at all
  accept_without_gain(false);
  if (best_instruction_set() < InstructionSet::avx2) return;
  {
    const ForcedPath widened({Backend::own, InstructionSet::avx2, Precision::float32});
    for (const Precision slower : {Precision::bfloat16, Precision::bfloat16x3}) {
      CHECK(supports(slower));
      CHECK(fallback_reason(slower) ==
            "this processor, or the instruction set or backend chosen, "
            "has no products of bfloat16: they are taken as float32");
      accept_without_gain(true);
      CHECK_FALSE(fallback_reason(slower).has_value());
      accept_without_gain(false);
    }
  }
  if (best_instruction_set() < InstructionSet::avx512_bf16) return;
  const ForcedPath vectors({Backend::own, InstructionSet::avx512_bf16, Precision::float32});
  CHECK_FALSE(fallback_reason(Precision::bfloat16).has_value());
  CHECK(fallback_reason(Precision::bfloat16x3) ==
        "bfloat16x3 needs tile registers (AMX) to be faster than float32: products are taken as float32");
}

TEST_CASE("gemm: a bias and accumulation exclude each other") {
  float x = 1;
  const Memory memory = aligned_memory(PackedMatrix::bytes(DType::f32, 1, 1));
  const PackedMatrix packed(DType::f32, Transpose::no, 1, 1, &x, 1, memory.get());
  CHECK_THROWS_WITH(gemm_packed(1, &x, 1, packed, true, &x, &x, 1),
                    EndsWith("gemm_packed: a bias starts C, so it cannot also be accumulated"));
}

}  // namespace regard::testing
