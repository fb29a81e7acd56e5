#include "framework/tensor/gemm/gemm.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include "framework/base/environment.h"
#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/tensor/cpu.h"
#include "framework/tensor/gemm/backends.h"
#include "framework/tensor/gemm/without_gain.h"
#include "framework/tensor/simd/product/kernels.h"

namespace regard {
namespace {

using gemm_detail::Call;

constexpr std::array<std::string_view, 3> kBackends = {"own", "onednn", "eigen"};
constexpr std::array<std::string_view, 3> kPrecisions = {"float32", "bfloat16x3", "bfloat16"};

void require_available(std::string_view where, Backend backend) {
  if (is_available(backend)) return;
  throw ConfigError(
      fmt::format("{}: this build has no {}; install its development package and build again, or take own", where,
                  name_of(backend)));
}

Backend from_environment() {
  const std::string text = environment("REGARD_GEMM");
  return text.empty() ? Backend::own : gemm_backend_named(text);
}

std::atomic<Backend>& choice() {
  static std::atomic<Backend> backend = from_environment();
  return backend;
}

// Whether bfloat16 is used even if it is slower than float32: REGARD_BFLOAT16=always.
bool always_from_environment() {
  const std::string text = environment("REGARD_BFLOAT16");
  if (text.empty()) return false;
  if (text == "always") return true;
  throw ConfigError(fmt::format("REGARD_BFLOAT16: expected always, or no such variable, got \"{}\"", text));
}

std::atomic<bool>& without_gain() {
  static std::atomic<bool> always = always_from_environment();
  return always;
}

void compute(Call call, Backend backend) {
  if (call.arithmetic.dtype == DType::f64) call.arithmetic.precision = Precision::float32;
  check(call.arithmetic.precision == Precision::float32 || supports(call.arithmetic.precision),
        "gemm: this precision is not supported here; ask supports() first");
  if (call.shape.m == 0 || call.shape.n == 0) return;
  switch (backend) {
    case Backend::eigen:
      return gemm_detail::eigen_gemm(call);
    case Backend::onednn:
#if defined(REGARD_HAVE_ONEDNN)
      return gemm_detail::onednn_gemm(call);
#endif
    case Backend::own:
      break;
  }
  gemm_detail::own_gemm(call);
}

// Eigen and oneDNN use a plain copy.
template <class T>
void copy_plain(Transpose tb, Index k, Index n, const T* b, Index ldb, T* out) {
  parallel_for(k, 16, [&](Index begin, Index end) {
    for (Index p = begin; p < end; ++p) {
      for (Index j = 0; j < n; ++j) out[p * n + j] = tb == Transpose::yes ? b[j * ldb + p] : b[p * ldb + j];
    }
  });
}

}  // namespace

std::string_view name_of(Backend backend) noexcept { return kBackends[static_cast<std::size_t>(backend)]; }
std::string_view name_of(Precision precision) noexcept { return kPrecisions[static_cast<std::size_t>(precision)]; }

std::string_view name_of(Arithmetic arithmetic) noexcept {
  return arithmetic.dtype == DType::f64 ? "float64" : name_of(arithmetic.precision);
}

bool is_available(Backend backend) noexcept {
#if defined(REGARD_HAVE_ONEDNN)
  static_cast<void>(backend);
  return true;
#else
  return backend != Backend::onednn;
#endif
}

Backend gemm_backend_named(std::string_view name) {
  for (std::size_t i = 0; i < kBackends.size(); ++i) {
    if (kBackends[i] != name) continue;
    require_available("REGARD_GEMM", static_cast<Backend>(i));
    return static_cast<Backend>(i);
  }
  throw ConfigError(fmt::format("REGARD_GEMM: expected own, onednn or eigen, got \"{}\"", name));
}

Backend gemm_backend() { return choice().load(std::memory_order_relaxed); }

void set_gemm_backend(Backend backend) {
  require_available("set_gemm_backend", backend);
  choice().store(backend, std::memory_order_relaxed);
}

void gemm(Arithmetic arithmetic, Transpose ta, Transpose tb, GemmShape shape, const void* a, Index lda,
          const void* b, Index ldb, bool accumulate, void* c, Index ldc) {
  compute({arithmetic, ta, tb, shape, a, lda, b, ldb, false, accumulate, nullptr, c, ldc}, gemm_backend());
}

void gemm_batched(DType dtype, Transpose ta, Transpose tb, GemmShape shape, Batch batch, const void* a, Index lda,
                  const void* b, Index ldb, bool accumulate, void* c, Index ldc) {
  if (shape.m == 0 || shape.n == 0) return;
  const Call call{dtype, ta, tb, shape, a, lda, b, ldb, false, accumulate, nullptr, c, ldc};
  if (gemm_backend() != Backend::eigen) return gemm_detail::own_batched(call, batch);
  const Index size = size_of(dtype);
  for (Index i = 0; i < batch.count; ++i) {
    Call one = call;
    one.a = static_cast<const std::byte*>(a) + i * batch.a_stride * size;
    one.b = static_cast<const std::byte*>(b) + i * batch.b_stride * size;
    one.c = static_cast<std::byte*>(c) + i * batch.c_stride * size;
    gemm_detail::eigen_gemm(one);
  }
}

PackedMatrix::PackedMatrix(Arithmetic arithmetic, Transpose tb, Index k, Index n, const void* b, Index ldb,
                           void* memory)
    : arithmetic_(arithmetic), backend_(gemm_backend()), k_(k), n_(n), memory_(memory) {
  if (backend_ == Backend::own) {
    gemm_detail::own_pack(arithmetic, tb, k, n, b, ldb, memory);
  } else if (arithmetic.dtype == DType::f64) {
    copy_plain(tb, k, n, static_cast<const double*>(b), ldb, static_cast<double*>(memory));
  } else {
    copy_plain(tb, k, n, static_cast<const float*>(b), ldb, static_cast<float*>(memory));
  }
}

Index PackedMatrix::bytes(Arithmetic arithmetic, Index k, Index n) {
  if (gemm_backend() == Backend::own) return gemm_detail::own_packed_bytes(arithmetic, k, n);
  return k * n * size_of(arithmetic.dtype);
}

void gemm_packed(Index m, const void* a, Index lda, const PackedMatrix& b, bool accumulate, const void* bias,
                 void* c, Index ldc) {
  check(bias == nullptr || !accumulate, "gemm_packed: a bias starts C, so it cannot also be accumulated");
  compute({b.arithmetic(),
           Transpose::no,
           Transpose::no,
           {m, b.n(), b.k()},
           a,
           lda,
           b.memory(),
           b.n(),
           true,
           accumulate,
           bias,
           c,
           ldc},
          b.backend());
}

bool supports(Precision precision) {
  if (precision == Precision::float32) return true;
  return gemm_backend() == Backend::own && simd::bfloat16_kernels(instruction_set()) != nullptr;
}

void accept_without_gain(bool always) { without_gain().store(always, std::memory_order_relaxed); }

std::optional<std::string_view> fallback_reason(Precision precision) {
  if (precision == Precision::float32) return std::nullopt;
  if (supports(precision) && without_gain().load(std::memory_order_relaxed)) return std::nullopt;
  if (!supports(precision) || instruction_set() < InstructionSet::avx512_bf16) {
    return "this processor, or the instruction set or backend chosen, "
           "has no products of bfloat16: they are taken as float32";
  }
  // Pairs double the rate of AVX-512, but three products of half the cost are slower than one product.
  if (precision == Precision::bfloat16x3 && instruction_set() != InstructionSet::amx) {
    return "bfloat16x3 needs tile registers (AMX) to be faster than float32: products are taken as float32";
  }
  return std::nullopt;
}

}  // namespace regard
