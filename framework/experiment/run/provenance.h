#pragma once
// What a manifest says of the build and the machine.
#include "framework/models/seq2seq.h"
#include "framework/runs/results.h"

namespace regard::experiment {

// Version, commit, compiler, processor, instruction set, backend, libraries, threads; `started` is now.
[[nodiscard]] runs::Manifest describe_build();

// Parameters in all and by part: encoder, decoder, attention, embedding, output.
void count_parameters(const nn::ParamStore& params, runs::Manifest& manifest);

// Floating-point operations that one target token costs in a forward pass, </s> counted, on sentences of these
// totals: two for each weight of a matrix that multiplies it (weights of the encoder once a source token;
// embeddings are looked up and cost nothing), and with attention of `width` (0: none) two products over the
// source, 4 S width: scores and weighted sum. Element-wise work is left out. Training costs about three times as
// much.
[[nodiscard]] double flops_per_token(const nn::ParamStore& params, Index source_tokens, Index target_tokens,
                                     Index sentences, Index width);

[[nodiscard]] std::string now_utc();      // ISO 8601
[[nodiscard]] Index peak_memory_bytes();  // of this process, so far

}  // namespace regard::experiment
