#pragma once
// Describes the build and the machine, for a manifest.
#include "framework/models/seq2seq.h"
#include "framework/runs/results.h"

namespace regard::experiment {

// Returns version, commit, compiler, processor, instruction set, backend, libraries, threads; `started` is now.
[[nodiscard]] runs::Manifest describe_build();

// Returns why a run's results depend on the processor, or "" where every x86-64 processor with AVX2 and FMA gives
// the same bytes. `precision` is what the plan says: a processor may use float32 in its place, and another not.
[[nodiscard]] std::string why_not_portable(models::Precision precision);

// Returns Manifest::attention_by of a model.
[[nodiscard]] std::string attention_by(const models::ModelOptions& options);

// Counts the parameters, in total and by part: encoder, decoder, attention, embedding, output.
void count_parameters(const nn::ParamStore& params, runs::Manifest& manifest);

// Returns the floating-point operations of a forward pass for one target token. The totals include </s>. Counted are
//   2 for each weight of a matrix (decoder: once for each target token; encoder: once for each source token)
//   4 S width for attention of `width` (0: no attention): scores and weighted sum over the S source positions
// Embeddings are looked up and cost nothing; element-wise operations are not counted. Training costs about three times
// as much.
[[nodiscard]] double flops_per_token(const nn::ParamStore& params, Index source_tokens, Index target_tokens,
                                     Index sentences, Index width);

[[nodiscard]] std::string now_utc();      // ISO 8601
[[nodiscard]] Index peak_memory_bytes();  // of this process, so far

}  // namespace regard::experiment
