#pragma once
// One model of models.py: its options and PyTorch's results.
#include <vector>

#include "framework/models/options.h"

namespace regard::golden {

struct GoldenOptions {
  models::Cell cell = models::Cell::lstm;
  Index layers = 1;
  bool bidirectional = true;
  bool reverse = false;
  models::Order order = models::Order::luong;
  bool feeding = false;
  models::ReadoutKind readout = models::ReadoutKind::attentional;
  Index readout_size = 0;
  models::Bridge bridge = models::Bridge::copy;
  models::FinalState final_state = models::FinalState::init;
  bool residual = false;
  bool layer_norm = false;
  models::Tied tied = models::Tied::none;
  const char* attention = "none";
};

struct GoldenModel {
  GoldenOptions options;
  double loss = 0;
  double logits = 0;              // the sum of number i times cos(0.3 i)
  std::vector<double> gradients;  // the same for each parameter, in the order of their names
};

}  // namespace regard::golden
