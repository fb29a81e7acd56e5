#pragma once
// Ends a diverging training with a NonFiniteError that names the step, the first value that is not finite, the
// batch and the last checkpoint.
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
  Index last_checkpoint = 0;  // its step; 0: there is none
};

// Throws "step 1840: loss is nan; first non-finite value came from …; the batch has lines 12, 40, 7 and 61 more;
// the last checkpoint is that of step 1800"
void require_finite_loss(double loss, const nn::ParamStore& params, const Tape& tape, const Moment& moment);
void require_finite_gradients(double norm, const nn::ParamStore& params, const Moment& moment);
void require_finite_validation(double loss, Index step);

// `loss` is the words' cross-entropy, in nats a word; more than `limit` times what guessing costs is an explosion.
// A limit of 0: none is.
void require_no_explosion(double loss, double limit, Index vocabulary, const Moment& moment);

}  // namespace regard::training
