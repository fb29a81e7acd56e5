#pragma once
// Exports a trained run to a folder that can be copied to another machine and used there to translate.
#include "framework/inference/trained_run.h"

namespace regard::inference {

// Writes the files that TrainedRun reads, with the same names as in a run folder: plan.resolved.yaml, data/data.json,
// source.vocab, target.vocab, the tokenisers' models and plug-ins; and of the run itself run.yaml, manifest.json, the
// best checkpoint and the dictionary. FolderError if the folder exists and is not empty.
void export_run(const TrainedRun& run, const Path& to);

}  // namespace regard::inference
