// Adds to the output what the figures depend on beside the code.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "bench/peak.h"
#include "framework/base/environment.h"
#include "framework/base/parallel.h"
#include "framework/base/version.h"
#include "framework/tensor/cpu.h"
#include "framework/tensor/gemm/gemm.h"

namespace regard::bench {
namespace {

const bool registered = [] {
  const auto say = [](const char* what, const std::string& text) { benchmark::AddCustomContext(what, text); };
  const std::string data = environment("MULTI30K");
  say("instruction set", std::string(name_of(instruction_set())));
  say("products", std::string(name_of(gemm_backend())));
  say("threads", std::to_string(threads()));
  say("float32 peak", fmt::format("{:.0f} GFLOP/s", float32_peak()));
  if (const double peak = bfloat16_peak(); peak > 0) say("bfloat16 peak", fmt::format("{:.0f} GFLOP/s", peak));
  say("compiler", fmt::format("{} {}", compiler(), flags()));
  say("commit", fmt::format("{}{}", commit(), tree_clean() ? "" : " and changes"));
  say("sentences", data.empty() ? "random" : "Multi30k");
  return true;
}();

}  // namespace
}  // namespace regard::bench
