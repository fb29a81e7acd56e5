#pragma once
namespace regard {

// Makes fallback_reason() (gemm.h) accept precisions that are supported but slower than float32, to study their
// effect on a model. The environment variable REGARD_BFLOAT16=always does the same from the start (ConfigError for
// another word).
void accept_without_gain(bool always);

}  // namespace regard
