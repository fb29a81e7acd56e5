#pragma once
// Every op, by kind: one declaration and one comment a line. Each returns a Var on the tape of its first argument
// and throws ShapeError for shapes that do not fit. Formulas and gradients are at the top of
// framework/autodiff/ops/<file>.cpp. Letters: B batch, S source length, T target length, E embedding, H hidden,
// A attention's inner width, V vocabulary; `...` is any number of leading axes.
#include <array>
#include <span>

#include "framework/autodiff/cells.h"
#include "framework/autodiff/tape.h"
#include "framework/base/random.h"

namespace regard {

// ---- products (ops/matmul.cpp, ops/batched_matmul.cpp) ---------------------------------------------------------
Var matmul(Var a, Var b);             // a [..., k]  b [k, n]       -> [..., n]
Var matmul_nt(Var a, Var b);          // a [..., k]  b [n, k]       -> [..., n]     b as a weight matrix [out, in]
Var affine(Var x, Var W, Var b);      // x [..., k]  W [n, k] b [n] -> [..., n]     x W^T + b
Var batched_matmul(Var a, Var b);     // a [B, m, k] b [B, k, n]    -> [B, m, n]
Var batched_matmul_nt(Var a, Var b);  // a [B, m, k] b [B, n, k]    -> [B, m, n]

// ---- arithmetic with broadcasting (ops/arithmetic.cpp) ---------------------------------------------------------
// Shapes are aligned at the right; an axis of length 1 or a missing axis is repeated.
Var add(Var a, Var b);
Var sub(Var a, Var b);
Var mul(Var a, Var b);
Var div(Var a, Var b);

// ---- element by element (ops/pointwise.cpp) --------------------------------------------------------------------
Var scale(Var x, double factor);
Var add_number(Var x, double number);
Var tanh(Var x);
Var sigmoid(Var x);
Var relu(Var x);
Var exp(Var x);
Var log(Var x);
Var sqrt(Var x);

// ---- over neighbours (ops/maxout.cpp) --------------------------------------------------------------------------
Var maxout(Var x);  // [..., 2 n] -> [..., n]: the larger of each pair

// ---- sums (ops/reduce.cpp) -------------------------------------------------------------------------------------
Var sum(Var x);       // -> [1]
Var sum_last(Var x);  // [..., n] -> [..., 1]

// ---- shape (ops/shape.cpp) -------------------------------------------------------------------------------------
Var reshape(Var x, Shape shape);
Var concat(std::span<const Var> parts);           // along the last axis
Var concat(Var a, Var b);                         // the same for two
Var slice_last(Var x, Index begin, Index count);  // [..., n] -> [..., count]
Var slice_time(Var x, Index begin, Index count);  // [B, T, n] -> [B, count, n]
Var concat_time(std::span<const Var> parts);      // [B, T_i, n] … -> [B, sum of T_i, n]

// ---- rows (ops/rows.cpp) ---------------------------------------------------------------------------------------
Var embedding(Var W, std::span<const Index> ids, Shape shape);  // W [V, E], ids of `shape` -> [shape..., E]
Var gather_rows(Var x, std::span<const Index> rows);            // first axis: y[i] = x[rows[i]]

// ---- attention (ops/softmax.cpp, window_softmax.cpp, padding.cpp, additive_energies.cpp, entmax.cpp, monotonic.cpp)
Var softmax(Var x);                                  // over the last axis
Var softmax(Var x, std::span<const Index> lengths);  // x [B, T, S]; positions s >= lengths[b] get 0
// x [..., S], over positions begins[r] <= s < ends[r] of row r; all others get 0 and are not read.
Var window_softmax(Var x, std::span<const Index> begins, std::span<const Index> ends);
Var zero_padding(Var x, std::span<const Index> lengths);  // x [B, S, n]; rows s >= lengths[b] become 0, also NaN
Var additive_energies(Var q, Var keys, Var v);            // q [B, T, A] keys [B, S, A] v [A] -> [B, T, S]
// z [B, T, S], alpha [1] in (1, 2]: between softmax (1) and sparsemax (2); positions s >= lengths[b] get 0.
Var entmax(Var z, Var alpha, std::span<const Index> lengths);
// Where a scan from the last position stops: p [N, S] the probability to stop, a [N, S] where the step before stopped.
Var monotonic(Var p, Var a, std::span<const Index> lengths);

// ---- choices (ops/hardmax.cpp, ops/straight_through.cpp) -------------------------------------------------------
// x [B, T, S]: 1 at the largest of positions s < lengths[b], the first of equal ones, else 0. Without a gradient.
Var hardmax(Var x, std::span<const Index> lengths);
Var straight_through(Var hard, Var soft);  // the value of `hard` with the gradient of `soft`, of the same shape

// ---- regularisation (ops/dropout.cpp) --------------------------------------------------------------------------
// x [B, T, n]. The dropped units depend on the key, the sentence's number, the step and the unit; not on the place
// of the sentence in the batch. `first_step` is the number of x's first step (for loops over single steps).
Var dropout(Var x, double rate, Key key, std::span<const Index> sentences, Index first_step = 0);

// ---- normalisation (ops/layer_norm.cpp) ------------------------------------------------------------------------
// (x - mean) / sqrt(variance + 1e-5) over the last axis, times gain [n], plus bias [n]: x [..., n] -> [..., n]
Var layer_norm(Var x, Var gain, Var bias);

// ---- recurrent (ops/lstm.cpp, ops/lstm_cell.cpp, ops/gru.cpp, ops/gru_cell.cpp) --------------------------------
// x [B, T, E]; h_0, c_0 [B, H], or empty for zeros -> {h [B, T, H], h_n [B, H], c_n [B, H]}. h is 0 on padding;
// h_n and c_n are the states at each sentence's own end (its first position for Direction::backward).
// With h_mask [B, H], a constant, the recurrent product reads h_mask * h_{t-1} at every step: dropout of states.
std::array<Var, 3> lstm(Var x, std::span<const Index> lengths, const LstmWeights& weights, Var h_0, Var c_0,
                        Direction direction = Direction::forward, Var h_mask = {});
// One step -> {h [B, H], c [B, H]}
std::array<Var, 2> lstm_cell(const CellInput& input, Var W_h, Var h, Var c, Var h_mask = {});
// The same for a GRU (Cho et al. 2014, as PyTorch has it) -> {h [B, T, H], h_n [B, H]}
std::array<Var, 2> gru(Var x, std::span<const Index> lengths, const GruWeights& weights, Var h_0,
                       Direction direction = Direction::forward, Var h_mask = {});
// One step, with b_x in the input's gates -> h [B, H]
Var gru_cell(const CellInput& input, Var W_h, Var b_h, Var h, Var h_mask = {});

// ---- loss (ops/cross_entropy.cpp, ops/output_loss.cpp) ---------------------------------------------------------
// Sums over all rows whose target is >= 0; target -1 skips a row. `smoothing` in [0, 1) distributes that much
// probability equally over all V words (Szegedy et al. 2016, section 7).
Var cross_entropy(Var logits, std::span<const Index> targets, double smoothing = 0);  // logits [..., V] -> [1]
// The same for logits h W^T + b, without storing all logits at once: h [..., H], W [V, H], b [V] or empty.
Var output_loss(Var h, Var W, Var b, std::span<const Index> targets, double smoothing = 0);

}  // namespace regard
