#pragma once
// The guards of the ops: one line each, called before an op computes. Every message names the op, the argument and
// the shapes. All throw ShapeError.
#include <span>
#include <string_view>

#include "framework/autodiff/tape.h"

namespace regard {

void require_rank(std::string_view op, std::string_view name, const Var& x, int rank);
void require_shape(std::string_view op, std::string_view name, const Var& x, const Shape& expected,
                   std::string_view why);
void require_same_shape(std::string_view op, std::string_view a_name, const Var& a, std::string_view b_name,
                        const Var& b);
// Checks the inner dimensions of a product: "matmul: a [32, 512] x b [500, 512]: a's last (512) must equal b's
// first (500)".
void require_inner(std::string_view op, const Var& a, const Var& b, Index a_inner, std::string_view a_which,
                   Index b_inner, std::string_view b_which);
// Requires one length for each sentence, each in 1 … longest.
void require_lengths(std::string_view op, std::span<const Index> lengths, Index batch, Index longest);
// Requires every entry in low … high - 1.
void require_range(std::string_view op, std::string_view name, std::span<const Index> values, Index low,
                   Index high);

// Requires a share in [0, 1).
void require_share(std::string_view op, std::string_view name, double share);
// Requires one target for each row, each -1 (skip the row) or a word of the vocabulary.
void require_targets(std::string_view op, std::span<const Index> targets, Index rows, Index vocabulary);

}  // namespace regard
