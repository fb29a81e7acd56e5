#include "framework/tensor/gemm.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "framework/base/errors.h"
#include "framework/tensor/simd/product_kernels.h"
#include "tests/support/catch.h"
#include "tests/tensor/gemm_paths.h"
#include "tests/tensor/guarded_matrix.h"

namespace regard::testing {
namespace {

enum class Kind { plain, packed, batched };

struct Case {
  Kind kind;
  Transpose ta, tb;
  GemmShape shape;
  Index padding;
  bool accumulate;
  bool bias;
};

std::string describe(const GemmPath& path, const Case& c, bool f64) {
  return fmt::format("{} {} {}: {} {}{} m {} n {} k {} padding {} accumulate {} bias {} {}", name_of(path.backend),
                     name_of(path.set), name_of(path.precision), static_cast<int>(c.kind),
                     c.ta == Transpose::yes ? 't' : 'n', c.tb == Transpose::yes ? 't' : 'n', c.shape.m, c.shape.n,
                     c.shape.k, c.padding, c.accumulate, c.bias, f64 ? "f64" : "f32");
}

struct Release {
  void operator()(void* p) const { std::free(p); }
};
using Memory = std::unique_ptr<void, Release>;
Memory aligned_memory(Index bytes) {
  return Memory(std::aligned_alloc(64, static_cast<std::size_t>((bytes + 64) / 64 * 64)));
}

// What a precision may lose of a term a b (Higham 2002, section 3.1: k terms and a start lose k + 1 roundings
// more).
double term_loss(Precision precision) {
  switch (precision) {
    case Precision::bfloat16:
      return 0x1p-7 + 0x1p-16;  // two operands rounded to 8 bits, 2^-8 each
    case Precision::bfloat16x3:
      return 3.1 * 0x1p-16;  // low low is left out, the rests of both operands are rounded
    default:
      return 0;
  }
}

template <class T>
struct Problem {
  Case what;
  GuardedMatrix<T> a, b, start, c, bias;

  Problem(const Case& of, std::mt19937_64& random)
      : what(of),
        a(of.ta == Transpose::yes ? of.shape.k : of.shape.m, of.ta == Transpose::yes ? of.shape.m : of.shape.k,
          of.padding),
        b(of.tb == Transpose::yes ? of.shape.n : of.shape.k, of.tb == Transpose::yes ? of.shape.k : of.shape.n,
          of.padding),
        start(of.shape.m, of.shape.n, 0),
        c(of.shape.m, of.shape.n, of.padding),
        bias(1, of.shape.n, 0) {
    a.fill(random);
    b.fill(random);
    start.fill(random);
    bias.fill(random);
  }

  void run(Precision precision) const {
    constexpr DType kType = sizeof(T) == 4 ? DType::f32 : DType::f64;
    const Arithmetic arithmetic(kType, precision);
    const auto [m, n, k] = what.shape;
    c.copy(start);
    if (what.kind == Kind::packed) {
      const Memory memory = aligned_memory(PackedMatrix::bytes(arithmetic, k, n));
      const PackedMatrix packed(arithmetic, what.tb, k, n, b.data(), b.ld(), memory.get());
      gemm_packed(m, a.data(), a.ld(), packed, what.accumulate, what.bias ? bias.data() : nullptr, c.data(),
                  c.ld());
    } else if (what.kind == Kind::batched) {
      const Batch batch{1, 0, 0, 0};
      gemm_batched(kType, what.ta, what.tb, what.shape, batch, a.data(), a.ld(), b.data(), b.ld(), what.accumulate,
                   c.data(), c.ld());
    } else {
      gemm(arithmetic, what.ta, what.tb, what.shape, a.data(), a.ld(), b.data(), b.ld(), what.accumulate, c.data(),
           c.ld());
    }
  }

  [[nodiscard]] double a_at(Index i, Index p) const { return what.ta == Transpose::yes ? a(p, i) : a(i, p); }
  [[nodiscard]] double b_at(Index p, Index j) const { return what.tb == Transpose::yes ? b(j, p) : b(p, j); }

  [[nodiscard]] double begin(Index i, Index j) const {
    if (what.bias) return static_cast<double>(bias(0, j));
    return what.accumulate ? static_cast<double>(start(i, j)) : 0;
  }

  // The largest share of the allowed error that an element uses; above 1 is wrong.
  [[nodiscard]] double worst(Precision precision) const {
    const double eps = static_cast<double>(std::numeric_limits<T>::epsilon()) / 2;
    const auto [m, n, k] = what.shape;
    // Three products of a split add three terms a term.
    const double terms = static_cast<double>(precision == Precision::bfloat16x3 ? 3 * k : k) + 1;
    std::vector<double> wide(static_cast<std::size_t>(k * n)), exact(static_cast<std::size_t>(n)), size(exact);
    for (Index p = 0; p < k; ++p) {
      for (Index j = 0; j < n; ++j) wide[static_cast<std::size_t>(p * n + j)] = b_at(p, j);
    }
    double worst = 0;
    for (Index i = 0; i < m; ++i) {
      for (Index j = 0; j < n; ++j) {
        exact[static_cast<std::size_t>(j)] = begin(i, j);
        size[static_cast<std::size_t>(j)] = 0;
      }
      for (Index p = 0; p < k; ++p) {
        const double factor = a_at(i, p);
        const double* row = wide.data() + p * n;
        for (std::size_t j = 0; j < exact.size(); ++j) {
          exact[j] += factor * row[j];
          size[j] += std::abs(factor * row[j]);
        }
      }
      for (Index j = 0; j < n; ++j) {
        const auto at = static_cast<std::size_t>(j);
        const double allowed = (1.01 * terms * eps + term_loss(precision)) * size[at] +
                               (terms + 1) * eps * std::abs(begin(i, j)) + 1e-37;
        const double share = std::abs(static_cast<double>(c(i, j)) - exact[at]) / allowed;
        if (!(share <= worst)) worst = std::isfinite(share) ? share : 1e9;
      }
    }
    return worst;
  }
};

std::vector<Case> random_cases(std::mt19937_64& random, int count, Index largest) {
  const auto below = [&](Index n) { return static_cast<Index>(random() % static_cast<std::uint64_t>(n)); };
  std::vector<Case> cases;
  for (int i = 0; i < count; ++i) {
    Case c{};
    c.kind = static_cast<Kind>(i % 3);
    c.ta = c.kind != Kind::packed && below(2) != 0 ? Transpose::yes : Transpose::no;
    c.tb = below(2) != 0 ? Transpose::yes : Transpose::no;
    c.shape = {1 + below(largest), 1 + below(largest), 1 + below(largest)};
    if (below(4) == 0) c.shape.m = 1 + below(9);
    if (below(8) == 0) c.shape.k = below(3);
    c.padding = below(2) * below(20);
    c.bias = c.kind == Kind::packed && below(2) != 0;
    c.accumulate = !c.bias && below(2) != 0;
    cases.push_back(c);
  }
  return cases;
}

// Shapes that have several blocks of k, tiles of rows and of columns, with odd tails everywhere.
std::vector<Case> large_cases() {
  std::vector<Case> cases;
  for (const Kind kind : {Kind::plain, Kind::packed, Kind::batched}) {
    cases.push_back({kind, Transpose::no, Transpose::no, {261, 333, 517}, 3, false, kind == Kind::packed});
    cases.push_back({kind, Transpose::no, Transpose::yes, {61, 287, 1031}, 0, true, false});
    cases.push_back({kind, Transpose::no, Transpose::no, {7, 1029, 523}, 1, false, false});
  }
  cases.push_back({Kind::plain, Transpose::yes, Transpose::no, {531, 149, 540}, 5, true, false});
  cases.push_back({Kind::plain, Transpose::yes, Transpose::yes, {64, 259, 1026}, 0, false, false});
  return cases;
}

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

// The sets that the kernel's list of this processor's abilities names: found apart from cpu.cpp.
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

TEST_CASE("gemm: every path that this processor supports was exercised") {
  if (exercised.empty()) {
    WARN("skipped: run together with the comparison with f64");
    return;
  }
  const InstructionSet best = set_by_cpuinfo();
  CHECK(name_of(best_instruction_set()) == name_of(best));
  for (int i = 0; i <= static_cast<int>(best); ++i) {
    const auto set = static_cast<InstructionSet>(i);
    CHECK(exercised.contains({Backend::own, set, Precision::float32}));
    if (set >= InstructionSet::avx512_bf16) {
      CHECK(exercised.contains({Backend::own, set, Precision::bfloat16}));
      CHECK(exercised.contains({Backend::own, set, Precision::bfloat16x3}));
    }
  }
  CHECK(exercised.contains({Backend::eigen, best, Precision::float32}));
  if (is_available(Backend::onednn)) CHECK(exercised.contains({Backend::onednn, best, Precision::float32}));
  // Each set has kernels of its own, but those that differ in bfloat16 alone.
  if (best >= InstructionSet::avx2) {
    CHECK(simd::f32_kernels(InstructionSet::avx2) != simd::f32_kernels(InstructionSet::baseline));
  }
  if (best >= InstructionSet::avx512) {
    CHECK(simd::f32_kernels(InstructionSet::avx512) != simd::f32_kernels(InstructionSet::avx2));
  }
}

TEST_CASE("gemm: the same bytes for any number of threads") {
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

TEST_CASE("gemm: own kernels give a row the same bytes whatever rows stand beside it") {
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

TEST_CASE("gemm: own float32 products have the same bytes with avx2 as with avx512") {
  if (best_instruction_set() < InstructionSet::avx512) return;
  std::mt19937_64 random(7);
  const Problem<float> problem({Kind::plain, Transpose::yes, Transpose::no, {70, 90, 600}, 0, true, false},
                               random);
  const GuardedMatrix<float> narrow(70, 90, 0);
  {
    const ForcedPath forced({Backend::own, InstructionSet::avx2, Precision::float32});
    problem.run(Precision::float32);
    narrow.copy(problem.c);
  }
  const ForcedPath forced({Backend::own, InstructionSet::avx512, Precision::float32});
  problem.run(Precision::float32);
  CHECK(problem.c.same_bytes(narrow));
}

TEST_CASE("gemm: nan and infinity reach exactly their row and column") {
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

TEST_CASE("gemm: k of 0 leaves zeros or the bias or what is accumulated onto") {
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

TEST_CASE("gemm: a batch is its products") {
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

TEST_CASE("gemm: a precision that gains nothing says why in one line") {
  const ForcedPath eigen({Backend::eigen, InstructionSet::baseline, Precision::float32});
  CHECK_FALSE(supports(Precision::bfloat16));
  CHECK_FALSE(no_gain(Precision::float32).has_value());
  CHECK(no_gain(Precision::bfloat16) ==
        "this processor, or the instruction set or backend chosen, has no products of bfloat16: they are taken as "
        "float32");
  if (best_instruction_set() < InstructionSet::avx512_bf16) return;
  const ForcedPath vectors({Backend::own, InstructionSet::avx512_bf16, Precision::float32});
  CHECK_FALSE(no_gain(Precision::bfloat16).has_value());
  CHECK(no_gain(Precision::bfloat16x3) ==
        "bfloat16x3 needs tile registers (AMX) to be faster than float32: products are taken as float32");
}

TEST_CASE("gemm: a bias and accumulation exclude each other") {
  float x = 1;
  const Memory memory = aligned_memory(PackedMatrix::bytes(DType::f32, 1, 1));
  const PackedMatrix packed(DType::f32, Transpose::no, 1, 1, &x, 1, memory.get());
  CHECK_THROWS_WITH(gemm_packed(1, &x, 1, packed, true, &x, &x, 1),
                    Catch::Matchers::EndsWith("gemm_packed: a bias starts C, so it cannot also be accumulated"));
}

}  // namespace regard::testing
