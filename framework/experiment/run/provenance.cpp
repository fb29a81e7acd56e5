#include "framework/experiment/run/provenance.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "framework/attention/registry.h"
#include "framework/base/parallel.h"
#include "framework/base/version.h"
#include "framework/tensor/cpu.h"
#include "framework/tensor/gemm/gemm.h"

namespace regard::experiment {
namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

// Returns versions by name, from "Eigen3 3.4.0, fmt 9.1.0" of the build; the C library's version is that at run time.
std::map<std::string, std::string> library_versions() {
  std::map<std::string, std::string> versions{{"glibc", gnu_get_libc_version()}};
  const std::string all(libraries());
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find(", ", begin), all.size());
    const std::size_t space = std::min(all.find(' ', begin), end);
    versions[all.substr(begin, space - begin)] =
        all.substr(std::min(space + 1, end), end - std::min(space + 1, end));
    begin = end + 2;
  }
  return versions;
}

std::string part_of(std::string_view name) {
  if (name.find("/embedding/") != std::string_view::npos) return "embedding";
  if (name.find("/attention/") != std::string_view::npos) return "attention";
  return std::string(name.substr(0, name.find('/')));
}

}  // namespace

runs::Manifest describe_build() {
  runs::Manifest manifest;
  manifest.regard = version();
  manifest.commit = commit();
  manifest.tree_clean = tree_clean();
  manifest.compiler = compiler();
  manifest.flags = flags();
  manifest.cpu = processor();
  manifest.instruction_set = name_of(instruction_set());
  manifest.backend = name_of(gemm_backend());
  manifest.threads = threads();
  manifest.libraries = library_versions();
  manifest.started = now_utc();
  return manifest;
}

std::string why_not_portable(models::Precision precision) {
  if (instruction_set() == InstructionSet::baseline) {
    return "instruction set baseline has no fused multiply-add, so sums are rounded in other places";
  }
  if (gemm_backend() != Backend::own) {
    return fmt::format("products by {} are added in an order that it chooses by the processor",
                       name_of(gemm_backend()));
  }
  if (precision == models::Precision::bfloat16 || precision == models::Precision::bfloat16x3) {
    return fmt::format(
        "model.precision {}: processors add products of bfloat16 in different orders, and those that gain "
        "nothing use float32",
        precision == models::Precision::bfloat16 ? "bfloat16" : "bfloat16x3");
  }
  return {};
}

std::string attention_by(const models::ModelOptions& options) {
  const attention::Variant* variant = models::attention_of(options);
  if (variant == nullptr) return "none";
  return variant->looks_at_content() ? runs::kByContent : runs::kByPosition;
}

void count_parameters(const nn::ParamStore& params, runs::Manifest& manifest) {
  manifest.parameters = params.count();
  manifest.parameters_by_part.clear();
  for (const nn::Param& param : params.all())
    manifest.parameters_by_part[part_of(param.name())] += param.value().size();
}

double flops_per_token(const nn::ParamStore& params, Index source_tokens, Index target_tokens, Index sentences,
                       Index width) {
  if (target_tokens == 0 || sentences == 0) return 0;
  const double sources_a_target = static_cast<double>(source_tokens) / static_cast<double>(target_tokens);
  double operations = 0;
  for (const nn::Param& param : params.all()) {
    if (param.value().shape().rank() < 2 || part_of(param.name()) == "embedding") continue;
    const double once = 2 * static_cast<double>(param.value().size());
    operations += part_of(param.name()) == "encoder" ? once * sources_a_target : once;
  }
  const double source_length = static_cast<double>(source_tokens) / static_cast<double>(sentences);
  return operations + 4 * source_length * static_cast<double>(width);
}

std::string now_utc() {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

Index peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<Index>(usage.ru_maxrss) * 1024;
}

}  // namespace regard::experiment
