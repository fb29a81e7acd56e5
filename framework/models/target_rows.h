#pragma once
// The real target positions of a batch, without padding, as rows of a matrix.
#include <span>

#include "framework/autodiff/tape.h"
#include "framework/data/batch.h"

namespace regard::models {

// Returns the rows b T + t of the batch's real target positions, sentence by sentence, on the tape:
// [batch.target_tokens].
[[nodiscard]] std::span<const Index> target_rows(Tape& tape, const data::Batch& batch);

// Returns these rows of x [B, T, n]: [R, n].
[[nodiscard]] Var at_rows(Var x, std::span<const Index> rows);

}  // namespace regard::models
