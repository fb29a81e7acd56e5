#pragma once
// Attention while the decoder is made to write the reference (as for table 6 of Luong et al. 2015): comparable
// between systems and seeds, and with gold alignments, which the attention of their own translations is not.
#include "framework/experiment/data/corpora.h"
#include "framework/models/seq2seq.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// For test set `test` (its position) of a model with attention: the weights of the first `kept` sentences
// (attention/TEST.forced.jsonl), and, where the test set has gold alignments, for every sentence the source word
// on which most of each target word's weight lies (attention/TEST.forced.align, Pharaoh form; weights of subwords
// are summed over a word's source pieces and averaged over its target pieces). A line is empty where the tokens
// cannot be matched with the line's words. Without attention nothing is written.
void write_forced_attention(const models::Seq2Seq& model, const Corpora& corpora, std::size_t test, Index kept,
                            const runs::RunPaths& paths);

}  // namespace regard::experiment
