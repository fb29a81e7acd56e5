#pragma once
// Computes attention while the decoder is forced to write the reference (as for table 6 of Luong et al. 2015). It
// can be compared between systems and seeds and with gold alignments; the attention of their own translations
// cannot.
#include "framework/experiment/data/corpora.h"
#include "framework/models/seq2seq.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Writes, for test set `test` (its position) of a model with attention, the weights of the first `kept` sentences
// (attention/TEST.forced.jsonl), and, where the test set has gold alignments, for every sentence the source word
// on which most of each target word's weight lies (attention/TEST.forced.align, Pharaoh form; weights of subwords
// are summed over a word's source pieces and averaged over its target pieces). A line is empty where the tokens
// cannot be matched with the line's words. Writes nothing without attention.
void write_forced_attention(const models::Seq2Seq& model, const Corpora& corpora, std::size_t test, Index kept,
                            const runs::RunPaths& paths);

}  // namespace regard::experiment
