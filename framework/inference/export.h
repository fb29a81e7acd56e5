#pragma once
// Exports a trained run to a folder that can be copied anywhere and translates there.
#include "framework/inference/trained_run.h"

namespace regard::inference {

// Writes the files that TrainedRun reads, under the names that they have in a run folder: plan.resolved.yaml,
// data/data.json, source.vocab, target.vocab and the tokenisers' models, plug-ins, and of the run itself run.yaml,
// manifest.json, the best checkpoint and the dictionary. FolderError unless the folder is empty or absent.
void export_run(const TrainedRun& run, const Path& to);

}  // namespace regard::inference
