#pragma once
// What a finished run's model computes on a real batch, in a file that Python opens: the other side of
// tools/peers/load_in_pytorch.py.
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// The first `sentences` pairs of the validation set through the best parameters of a run, all in double and
// without dropout, as safetensors at `out`:
//   batch/source [B, S]   batch/target_in, batch/target_out [B, T]   batch/source_lengths, batch/target_lengths
//   [B] logits [rows, V]      of the real target positions, sentence by sentence weights [B, T, S]     of
//   attention, where there is one loss [1]              the sum over these positions, in nats gradients/PATH of
//   the loss, for each parameter
// Ids stand as numbers. Errors as those of reading the plan, the corpus and the checkpoint, and of writing a file.
void write_reference_dump(const runs::RunFolder& folder, const std::string& system, Index seed, Index sentences,
                          const Path& out);

}  // namespace regard::experiment
