// The same results on every x86-64 processor with AVX2 and FMA, as far as one machine can show it: in each of its
// instruction sets.
#include <fmt/format.h>
#include <signal.h>

#include <sstream>

#include "framework/base/sha256.h"
#include "framework/tensor/cpu.h"
#include "tests/cli/plan_sandbox.h"
#include "tests/support/skip.h"

namespace regard::test {
namespace {

// Of all results but those that list the options, which change with every new key. It changes with the version too,
// which the signatures of BLEU name.
constexpr const char* kGolden = "193cfaad092aeca4c2790d1fbc2be59505ead4b3b629bdfd2cde7eec8d0f08cf";

// Both cells, every built-in attention, and what else computes. No width is a multiple of sixteen.
constexpr const char* kPlan = R"(name: tiny
data:
  corpus: {type: reverse, train: 48, valid: 8, test: 8, test_long: 4, symbols: 9, min_length: 2, max_length: 5,
           long_min_length: 6, long_max_length: 8}
model: {embedding: 20, hidden: 20, dropout: {embedding: 0.1, layers: 0.1, readout: 0.1}}
systems:
  vanilla: {model.attention: none, model.decoder.final_state: every_step}
  vanilla_gru: {model.attention: none, model.cell: gru, training.optimizer: {type: sgd, momentum: 0.9}}
  dot: {model.attention: dot, model.decoder.input_feeding: true, decoding.length_norm: gnmt, decoding.coverage_penalty: 0.2}
  general: {model.attention: general, model.cell: gru, model.encoder.layers: 2, model.decoder.layers: 2,
            model.residual: true, model.layer_norm: true, model.dropout.states: 0.1}
  concat: {model.attention: concat, model.decoder.order: bahdanau, model.decoder.readout: maxout,
           model.decoder.bridge: mean, training.optimizer: adadelta}
  coverage: {model.attention: coverage, model.cell: gru, training.label_smoothing: 0.1, training.averaging.kind: ema,
             training.averaging.decay: 0.9}
  scaled_dot: {model.attention: scaled_dot, model.tied_embeddings: target, training.schedule: inverse_sqrt}
  multi_head: {model.attention: multi_head, model.cell: gru, model.dropout.variational: true}
  location: {model.attention: location, training.optimizer: adamw}
  local_m: {model.attention: {type: local_m, D: 2}, model.cell: gru, decoding.temperature: 0.7}
  local_p: {model.attention: {type: local_p, D: 2, score: concat}, model.decoder.input_feeding: true}
training: {epochs: 2, batch: {sentences: 8}, learning_rate: 0.01}
decoding: {beam: 3}
)";

bool lists_options(const std::string& file) { return file == "plan.resolved.yaml" || file.ends_with("/run.yaml"); }

std::string numbers_of(const PlanSandbox& lab) {
  std::istringstream lines(regard(lab.path(), {"digest", "runs/tiny", "--files"}).out);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t file = line.find("  ");
    if (file != std::string::npos && !lists_options(line.substr(file + 2))) kept += line + "\n";
  }
  return kept;
}

Ended run_by(InstructionSet set, const PlanSandbox& lab, const std::string& more) {
  const Ended end = shell(lab.path(), fmt::format("REGARD_ISA={} $REGARD run p.yaml {}", name_of(set), more));
  INFO(end.err);
  CHECK(end.code == 0);
  return end;
}

}  // namespace

TEST_CASE("portable: a small plan has its digest in every instruction set and by any number of threads", "[cli]") {
  if (best_instruction_set() < InstructionSet::avx2) REGARD_SKIP("there is no avx2 here");
  std::string first;
  for (int i = static_cast<int>(best_instruction_set()); i >= static_cast<int>(InstructionSet::avx2); --i) {
    for (const int threads : {1, 2}) {
      const PlanSandbox lab(kPlan);
      const auto set = static_cast<InstructionSet>(i);
      static_cast<void>(run_by(set, lab, fmt::format("--jobs 1 --threads {}", threads)));
      const std::string numbers = numbers_of(lab);
      if (first.empty()) first = numbers;
      INFO(name_of(set) << ", threads " << threads);
      CHECK(numbers == first);
      CHECK(sha256(numbers) == kGolden);
    }
  }
}

TEST_CASE("portable: a run that was killed on one processor goes on on another", "[cli]") {
  if (best_instruction_set() < InstructionSet::avx512) REGARD_SKIP("there is no avx512 here");
  const std::string plan = tiny_plan("{concat: {model.attention: concat}}", "[1]", "30");
  const PlanSandbox lab(plan);
  {
    Program begun(lab.path(), {"REGARD_ISA=avx512", REGARD_PROGRAM, "run", "p.yaml"}, false, "/usr/bin/env");
    CHECK(wait_until(begun, [&] { return fs::exists(lab / "concat/seed-1/checkpoints/previous.safetensors"); }));
    begun.signal_group(SIGKILL);
    begun.wait();
  }
  REQUIRE(!fs::exists(lab / "concat/seed-1/status.json"));
  CHECK(json_of(lab / "concat/seed-1/manifest.json").at("instruction_set") == "avx512");
  const std::string said = run_by(InstructionSet::avx2, lab, "").err;
  INFO(said);
  CHECK(said.find("warning: runs", 1) == std::string::npos);  // the first is of the kill
  CHECK(has(said, "was killed; its runs resume from their last checkpoints\n1 run to do, 0 done before; "));
  const PlanSandbox whole(plan);
  static_cast<void>(run_by(InstructionSet::avx512, whole, ""));
  CHECK(lab.digest() == whole.digest());
  for (const PlanSandbox* one : {&lab, &whole}) {
    const auto manifest = json_of(*one / "concat/seed-1/manifest.json");
    CHECK(manifest.at("instruction_set") == (one == &lab ? "avx2" : "avx512"));
    CHECK(manifest.at("portable") == true);
    CHECK(manifest.at("not_portable") == "");
  }
}

TEST_CASE("portable: a manifest says why a run is not", "[cli]") {
  if (best_instruction_set() < InstructionSet::avx2) REGARD_SKIP("there is no avx2 here");
  const PlanSandbox lab(tiny_plan("{vanilla: {model.attention: none}}", "[1]", "1"));
  const auto why = [&lab] {
    const auto manifest = json_of(lab / "vanilla/seed-1/manifest.json");
    CHECK(manifest.at("portable") == manifest.at("not_portable").get<std::string>().empty());
    return manifest.at("not_portable").get<std::string>();
  };
  const std::string no_fma =
      "instruction set baseline has no fused multiply-add, so sums are rounded in other places";
  const auto page = [&lab] { return read_file(lab / "report/index.html"); };
  static_cast<void>(run_by(InstructionSet::avx2, lab, ""));
  CHECK(why() == "");
  CHECK(has(page(), "\nthe same bytes on every x86-64 processor with AVX2 and FMA\n"));
  static_cast<void>(run_by(InstructionSet::baseline, lab, "--set training.epochs=2"));
  CHECK(why() == no_fma);
  CHECK(has(page(), "\ndepends on the processor: " + no_fma + "\n"));
  static_cast<void>(run_by(InstructionSet::avx2, lab, "--set training.epochs=3"));  // of its beginning
  CHECK(why() == no_fma);
  static_cast<void>(run_by(InstructionSet::avx2, lab, "--retrain --set model.precision=bfloat16"));
  CHECK(why() ==
        "model.precision bfloat16: processors add products of bfloat16 in different orders, and those that gain "
        "nothing use float32");
  const Ended eigen = shell(lab.path(), "REGARD_ISA=avx2 REGARD_GEMM=eigen $REGARD run p.yaml --retrain");
  CHECK(eigen.code == 0);
  CHECK(why() == "products by eigen are added in an order that it chooses by the processor");
  // A folder of before manifests said it.
  static_cast<void>(run_by(InstructionSet::avx2, lab, "--retrain --set model.hidden=6"));
  const fs::path file = lab / "vanilla/seed-1/manifest.json";
  auto old = json_of(file);
  CHECK(old.at("portable") == true);
  old.erase("portable");
  old.erase("not_portable");
  write_file(file, old.dump());
  static_cast<void>(run_by(InstructionSet::avx2, lab, "--set model.hidden=6 --set training.epochs=2"));
  CHECK(why() == "its training was begun by an earlier version of regard");
}

}  // namespace regard::test
