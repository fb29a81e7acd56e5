#pragma once
// What a manifest says of the build and the machine.
#include "framework/experiment/results.h"
#include "framework/models/seq2seq.h"

namespace regard::experiment {

// Version, commit, compiler, processor, instruction set, backend, libraries, threads; `started` is now.
[[nodiscard]] Manifest describe_build();

// Parameters in all and by part: encoder, decoder, attention, embedding, output.
void count_parameters(const nn::ParamStore& params, Manifest& manifest);

[[nodiscard]] std::string now_utc();      // ISO 8601
[[nodiscard]] Index peak_memory_bytes();  // of this process, so far

}  // namespace regard::experiment
