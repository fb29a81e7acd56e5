#include "framework/experiment/run/provenance.h"

#include <cctype>

#include "framework/base/parallel.h"
#include "framework/base/version.h"
#include "framework/tensor/cpu.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

// A store with a parameter of each part.
struct Store {
  nn::ParamStore params{DType::f32, 1};
  Store() {
    params.add("encoder/embedding/W", {9, 9}, nn::zeros);
    params.add("encoder/layer0/W_x", {2, 3}, nn::zeros);
    params.add("encoder/layer0/b", {100}, nn::zeros);
    params.add("decoder/attention/W_a", {4, 4}, nn::zeros);
    params.add("decoder/W_c/W", {4, 5}, nn::zeros);
    params.add("output/W", {7, 2}, nn::zeros);
  }
};

}  // namespace

TEST_CASE("provenance: a build says what numbers depend on") {
  const runs::Manifest build = describe_build();
  CHECK(build.regard == version());
  CHECK(build.commit == commit());
  CHECK(build.compiler == compiler());
  CHECK(build.instruction_set == name_of(instruction_set()));
  CHECK(build.threads == threads());
  CHECK_FALSE(build.cpu.empty());
  CHECK_FALSE(build.backend.empty());
  CHECK(build.libraries.contains("fmt"));
  CHECK(build.libraries.contains("glibc"));
  for (const auto& [library, release] : build.libraries) {
    INFO(library << " " << release);
    CHECK(library.find_first_of(" ,") == std::string::npos);
    CHECK(release.find(", ") == std::string::npos);
  }
  CHECK(build.parameters == 0);
}

TEST_CASE("provenance: a time is in UTC to the second") {
  std::string shape = now_utc();
  for (char& c : shape) c = std::isdigit(static_cast<unsigned char>(c)) ? '9' : c;
  CHECK(shape == "9999-99-99T99:99:99Z");
}

TEST_CASE("provenance: parameters are counted by part and embeddings and attention are parts of their own") {
  const Store store;
  runs::Manifest manifest;
  manifest.parameters_by_part["old"] = 3;
  count_parameters(store.params, manifest);
  CHECK(manifest.parameters == 81 + 6 + 100 + 16 + 20 + 14);
  CHECK(manifest.parameters_by_part ==
        std::map<std::string, Index>{
            {"attention", 16}, {"decoder", 20}, {"embedding", 81}, {"encoder", 106}, {"output", 14}});
}

TEST_CASE("provenance: operations of a word are two a weight and those of the encoder once a source word") {
  const Store store;
  // Three source words to two target words; sentences of 3 source words.
  const double matrices = 2 * 6 * 1.5 + 2 * (16 + 20 + 14);
  CHECK(flops_per_token(store.params, 30, 20, 10, 0) == Approx(matrices));
  CHECK(flops_per_token(store.params, 30, 20, 10, 7) == Approx(matrices + 4 * 3 * 7));
  CHECK(flops_per_token(store.params, 30, 0, 10, 7) == 0);
  CHECK(flops_per_token(store.params, 30, 20, 0, 7) == 0);
}

TEST_CASE("provenance: the peak memory of a process never falls") {
  const Index before = peak_memory_bytes();
  CHECK(before > (Index{1} << 20));
  {
    std::vector<char> much(std::size_t{64} << 20);
    for (std::size_t i = 0; i < much.size(); i += 4096) much[i] = static_cast<char>(i);
    CHECK(much[8192] == static_cast<char>(8192));
  }
  CHECK(peak_memory_bytes() >= before);
  CHECK(peak_memory_bytes() > (Index{64} << 20));
}

}  // namespace regard::experiment
