#pragma once
// Ends a diverging training with a NonFiniteError that names the step, the first value that is not finite, the batch
// and the last checkpoint.
#include "framework/autodiff/tape.h"
#include "framework/data/batch.h"
#include "framework/data/dataset.h"
#include "framework/nn/params.h"

namespace regard::training {

// The position of the training, for the message.
struct Moment {
  Index step = 0;
  const data::Dataset& train;
  const data::Batch& batch;   // the current one
  Index last_checkpoint = 0;  // its step; 0: none
};

// Throws, for example, "step 1840: loss is nan; first non-finite value came from …; the batch has lines 12, 40, 7 and
// 61 more; the last checkpoint is of step 1800".
void require_finite_loss(double loss, const nn::ParamStore& params, const Tape& tape, const Moment& moment);
void require_finite_gradients(double norm, const nn::ParamStore& params, const Moment& moment);
void require_finite_validation(double loss, Index step);

// Throws if `loss`, the cross-entropy in nats a word, is more than `limit` times that of uniform guessing. A limit of 0
// turns the check off.
void require_no_explosion(double loss, double limit, Index vocabulary, const Moment& moment);

}  // namespace regard::training
