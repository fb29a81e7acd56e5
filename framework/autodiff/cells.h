#pragma once
// What the recurrent ops of ops.h take: directions, weights and a cell's inputs. Letters as there.
#include <array>
#include <cstdint>

#include "framework/autodiff/tape.h"

namespace regard {

enum class Direction : std::uint8_t { forward, backward };

struct LstmWeights {
  Var W_x;  // [4H, E]; gates in the order input, forget, cell, output, as in PyTorch
  Var W_h;  // [4H, H]
  Var b;    // [4H]
};
struct GruWeights {
  Var W_x;       // [3H, E]; gates in the order reset, update, new, as in PyTorch
  Var W_h;       // [3H, H]
  Var b_x, b_h;  // [3H]
};

// What enters a cell at one step beside its state: the gates of that step, W_x x + b, already computed for one
// step [B, n H] or for all of them [B, T, n H], plus x W^T for all that is fed (what another step had to make
// first).
struct CellInput {
  struct Fed {
    Var x;  // [B, k]; an empty one is not there
    Var W;  // [n H, k]
  };
  CellInput(Var of, Index at = 0) : gates(of), t(at) {}  // NOLINT(google-explicit-constructor): gates may be all
  Var gates;
  Index t;
  std::array<Fed, 2> fed = {};
};

}  // namespace regard
