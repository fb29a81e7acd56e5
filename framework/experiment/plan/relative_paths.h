#pragma once
// Where the relative paths of a plan start: where they are written. In a file that is the file's folder; in --set, and
// behind an environment variable that begins a path, it is the current folder.
#include "framework/base/files.h"
#include "framework/config/options.h"

namespace regard::experiment {

// Returns the folder where relative paths of a plan's file start. For the plans that a run folder keeps
// (plan.resolved.yaml and plan.yaml) that is the folder of the plan that was run, which plan.folder names; for a
// resolved plan without that file, which older versions wrote, it is the current folder.
[[nodiscard]] Path folder_of_plan(const Path& file);

// Returns the text of plan.folder: the way from the run folder to `plan_folder`, with a line break.
[[nodiscard]] std::string way_to_plan(const Path& run_folder, const Path& plan_folder);

// Returns the tree in which every relative path starts at `folder`, and notes the folder for readers
// (Origin::folder). A path of a file in another folder (`extends`) and one of --set is written as seen from `folder`.
// `rows` say which values are paths; those of `plugins` stay as they are.
[[nodiscard]] config::Node with_paths_from(config::Node root, const Path& folder,
                                           const std::vector<config::OptionRow>& rows);

}  // namespace regard::experiment
