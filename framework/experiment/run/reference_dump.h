#pragma once
// Writes the results of a finished run's model on a real batch to a file for Python. tools/peers/load_in_pytorch.py
// compares them with PyTorch's.
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Runs the first `sentences` pairs of the validation set through the best parameters of a run, in double and
// without dropout, and writes safetensors to `out`:
//   batch/source [B, S], batch/target_in, batch/target_out [B, T], batch/source_lengths, batch/target_lengths [B]
//   logits [rows, V]      of the target positions without padding, sentence by sentence
//   weights [B, T, S]     of attention, if the model has attention
//   loss [1]              the sum over these positions, in nats
//   gradients/PATH        of the loss, for each parameter
// Token ids are written as floating-point numbers. Throws the errors of reading the plan, the corpus and the
// checkpoint, and of writing a file.
void write_reference_dump(const runs::RunFolder& folder, const std::string& system, Index seed, Index sentences,
                          const Path& out);

}  // namespace regard::experiment
