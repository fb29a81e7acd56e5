#pragma once
// Computes attention while the decoder is forced to write the reference (as for table 6 of Luong et al. 2015). This
// attention can be compared between systems and seeds and with gold alignments; the attention of systems' own
// translations cannot.
#include "framework/experiment/data/corpora.h"
#include "framework/models/seq2seq.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Writes two files for the test set at position `test`:
//   attention/TEST.forced.jsonl  the weights of the first `kept` sentences
//   attention/TEST.forced.align  only with gold alignments: for each target word of every sentence the source word
//                                with the largest weight, in Pharaoh form
// Weights of subwords are summed over a word's source pieces and averaged over its target pieces. A line of the second
// file is empty if the tokens cannot be matched with the words of the sentence. Writes nothing for a model without
// attention.
void write_forced_attention(const models::Seq2Seq& model, const Corpora& corpora, std::size_t test, Index kept,
                            const runs::RunPaths& paths);

}  // namespace regard::experiment
