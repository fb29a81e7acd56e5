#pragma once
// Lists the paths of a product on this machine, and forces one of them for a scope.
#include <vector>

#include "framework/base/parallel.h"
#include "framework/tensor/cpu.h"
#include "framework/tensor/gemm/gemm.h"

namespace regard::testing {

struct GemmPath {
  Backend backend;
  InstructionSet set;
  Precision precision;
  auto operator<=>(const GemmPath&) const = default;
};

class ForcedPath {
 public:
  explicit ForcedPath(GemmPath path) : backend_(gemm_backend()), set_(instruction_set()), threads_(threads()) {
    force_instruction_set(path.set);
    set_gemm_backend(path.backend);
  }
  ForcedPath(const ForcedPath&) = delete;
  ForcedPath& operator=(const ForcedPath&) = delete;
  ~ForcedPath() {
    force_instruction_set(set_);
    set_gemm_backend(backend_);
    set_threads(threads_);
  }

 private:
  Backend backend_;
  InstructionSet set_;
  int threads_;
};

// Returns every backend x instruction set x precision that gemm.h supports here. Eigen and oneDNN choose
// instructions themselves, so they appear only once.
inline std::vector<GemmPath> gemm_paths() {
  std::vector<GemmPath> paths;
  for (const Backend backend : {Backend::own, Backend::onednn, Backend::eigen}) {
    if (!is_available(backend)) continue;
    for (int i = 0; i <= static_cast<int>(best_instruction_set()); ++i) {
      const auto set = static_cast<InstructionSet>(i);
      if (backend != Backend::own && set != best_instruction_set()) continue;
      for (const Precision precision : {Precision::float32, Precision::bfloat16x3, Precision::bfloat16}) {
        const ForcedPath forced({backend, set, precision});
        if (supports(precision)) paths.push_back({backend, set, precision});
      }
    }
  }
  return paths;
}

}  // namespace regard::testing
