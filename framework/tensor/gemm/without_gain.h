#pragma once
namespace regard {

// Has fallback_reason() (gemm.h) let pass what is supported but slower than float32, to see what a precision does to a
// model; the environment variable REGARD_BFLOAT16=always does the same from the start (ConfigError for another
// word).
void take_without_gain(bool always);

}  // namespace regard
