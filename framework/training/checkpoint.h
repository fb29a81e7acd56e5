#pragma once
// Writes and reads checkpoints: safetensors files that are complete or missing. `last` has the complete state of a
// training, which resumes bit for bit; `best` has only parameters. Parameters have their own names in both. The
// optimiser's state is under "moments/", and the counters are JSON in the metadata.
#include <filesystem>

#include "framework/nn/params.h"
#include "framework/training/optimizer.h"
#include "framework/training/state.h"

namespace regard::training {

inline constexpr const char* kLast = "last.safetensors";
inline constexpr const char* kPrevious =
    "previous.safetensors";  // the checkpoint before the last, during a training
inline constexpr const char* kBest = "best.safetensors";
// The best checkpoint before a validation that was only made because the training ended (State::before_extra).
inline constexpr const char* kBestBefore = "best.before.safetensors";

// "update-00001200.safetensors": the checkpoint of a validation that `training.keep_checkpoints` keeps.
[[nodiscard]] std::string checkpoint_name(Index update);

// Writes only the parameters. FolderError if the file cannot be written.
void save_parameters(const std::filesystem::path& file, const nn::ParamStore& params);

// Reads the parameters of a file of either kind. Throws CheckpointError and changes nothing unless the file is valid
// and has exactly the parameters of the store, with their shapes and element type.
void load_parameters(const std::filesystem::path& file, const nn::ParamStore& params);

// The parameters that a warm start copied, and those that keep their initial values.
struct CopiedParameters {
  std::vector<std::string> copied;
  std::vector<std::string> initial;
};
// Copies every parameter that the file has with the same name, shape and element type. CheckpointError unless the
// file is valid and has at least one such parameter.
CopiedParameters copy_parameters(const std::filesystem::path& file, const nn::ParamStore& params);

// Writes the complete state to `file`; the old file becomes kPrevious in the same folder. After the first call there is
// a complete file at every moment.
void save_training(const std::filesystem::path& file, const nn::ParamStore& params, const Optimizer& optimizer,
                   const Identity& identity, const State& state);

// Gives `file` a second name in the same folder, atomically: a link if the file system supports it, else a copy.
// FolderError if this fails.
void link_checkpoint(const std::filesystem::path& file, const std::string& name);

// Removes kept checkpoints except those of the last `count` updates; 0 removes all.
void prune_checkpoints(const std::filesystem::path& folder, Index count);

// Returns the state, and sets parameters and optimiser from the file. Throws CheckpointError and changes nothing in the
// cases of load_parameters, and for a file of another training (`identity` differs) or without a training state.
[[nodiscard]] State load_training(const std::filesystem::path& file, const nn::ParamStore& params,
                                  const Optimizer& optimizer, const Identity& identity);

}  // namespace regard::training
