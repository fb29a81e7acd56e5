#pragma once
// The folder in which a relative path of a plan starts: that of the file which has the path. A path of --set, or after
// a leading environment variable, starts in the current folder.
#include "framework/base/files.h"
#include "framework/config/options.h"

namespace regard::experiment {

// Returns the folder where relative paths of a plan's file start. For the plans that a run folder keeps
// (plan.resolved.yaml and plan.yaml) that is the folder of the plan that was run, which plan.folder names; for a
// resolved plan without that file, which older versions wrote, it is the current folder.
[[nodiscard]] Path folder_of_plan(const Path& file);

// Returns the text of plan.folder: the path from the run folder to `plan_folder`, with a line break.
[[nodiscard]] std::string plan_folder_text(const Path& run_folder, const Path& plan_folder);

// Returns the tree with every relative path rewritten so that it starts in `folder`: paths of a file in another folder
// (`extends`) and of --set change. Origin::folder of each value is set to `folder`. `rows` say which values are paths;
// those of `plugins` are not changed.
[[nodiscard]] config::Node with_paths_from(config::Node root, const Path& folder,
                                           const std::vector<config::OptionRow>& rows);

}  // namespace regard::experiment
