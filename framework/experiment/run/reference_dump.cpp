#include "framework/experiment/run/reference_dump.h"

#include <algorithm>
#include <numeric>

#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"
#include "framework/nn/safetensors.h"
#include "framework/training/checkpoint.h"

namespace regard::experiment {
namespace {

// Returns the model of a run in double precision, with the single-precision values of its checkpoint.
models::Seq2Seq in_double(const System& system, Index seed, const data::Prepared& data, const Path& checkpoint) {
  const auto make = [&](DType type) {
    return models::Seq2Seq(system.model, data.source.size(), data.target.size(), static_cast<std::uint64_t>(seed),
                           type);
  };
  const models::Seq2Seq single = make(DType::f32);
  training::load_parameters(checkpoint, single.params());
  models::Seq2Seq model = make(DType::f64);
  for (const nn::Param& param : model.params().all()) {
    const Tensor from = single.params().find(param.name())->value();
    for (Index i = 0; i < from.size(); ++i) param.value().set(i, from.at(i));
  }
  return model;
}

Tensor numbers(Tape& tape, std::span<const Index> values, Shape shape) {
  const Tensor tensor = tape.tensor(shape);
  for (Index i = 0; i < tensor.size(); ++i)
    tensor.set(i, static_cast<double>(values[static_cast<std::size_t>(i)]));
  return tensor;
}

}  // namespace

void write_reference_dump(const runs::RunFolder& folder, const std::string& system_name, Index seed,
                          Index sentences, const Path& out) {
  const Plan plan = read_plan(folder.resolved_plan().string());
  const System& system = system_named(plan, system_name);
  const Corpora corpora = load_corpora(plan, folder);
  models::Seq2Seq model =
      in_double(system, seed, corpora.prepared, folder.run(system_name, seed).best_checkpoint());

  const data::Dataset& valid = corpora.prepared.valid;
  std::vector<Index> first(static_cast<std::size_t>(std::min(sentences, valid.size())));
  std::iota(first.begin(), first.end(), Index{0});
  data::Batch batch;
  data::fill(valid, first, batch);

  Tape tape(DType::f64);
  const nn::Pass pass{tape};
  model.params().begin_update();
  const Var loss = model.loss(pass, batch);
  tape.backward(loss);
  model.params().finish_backward(tape);

  Tape forward(DType::f64, Tape::Mode::evaluate);
  const models::Forced forced = model.forced({forward}, batch);
  std::vector<nn::NamedTensor> tensors = {
      {"batch/source", numbers(tape, batch.source, {batch.B, batch.S})},
      {"batch/source_lengths", numbers(tape, batch.source_lengths, {batch.B})},
      {"batch/target_in", numbers(tape, batch.target_in, {batch.B, batch.T})},
      {"batch/target_out", numbers(tape, batch.target_out, {batch.B, batch.T})},
      {"batch/target_lengths", numbers(tape, batch.target_lengths, {batch.B})},
      {"logits", model.output().logits(forced.rows.readout).value()},
      {"loss", loss.value()}};
  if (!forced.weights.empty()) tensors.push_back({"weights", forced.weights.value()});
  for (const nn::Param& param : model.params().all())
    tensors.push_back({"gradients/" + param.name(), param.grad()});
  nn::write_safetensors(out, tensors, {});
}

}  // namespace regard::experiment
