#pragma once
// Checkpoints: safetensors files, whole or not there at all. `last` holds the complete state of a training and
// goes on bit for bit; `best` holds parameters alone. A parameter has its own name in both; what the optimiser
// remembers stands under "moments/", and the counters in the metadata as JSON.
#include <filesystem>

#include "framework/nn/params.h"
#include "framework/training/optimizer.h"
#include "framework/training/state.h"

namespace regard::training {

inline constexpr const char* kLast = "last.safetensors";
inline constexpr const char* kPrevious =
    "previous.safetensors";  // the last before the last, while a training runs
inline constexpr const char* kBest = "best.safetensors";
// The best but for a validation that only the end of the training asked for (State::before_extra).
inline constexpr const char* kBestBefore = "best.before.safetensors";

// "update-00001200.safetensors": the checkpoint of a validation that `training.keep_checkpoints` keeps.
[[nodiscard]] std::string kept_name(Index update);

// Parameters alone. FolderError when the file cannot be written.
void save_parameters(const std::filesystem::path& file, const nn::ParamStore& params);

// Takes the parameters of a file of either kind. CheckpointError, and nothing is changed, unless the file is sound
// and has exactly the parameters of the store, in their shapes and element type.
void load_parameters(const std::filesystem::path& file, const nn::ParamStore& params);

// What a warm start took over, and which parameters keep their first values.
struct Taken {
  std::vector<std::string> taken;
  std::vector<std::string> left;
};
// Takes every parameter that the file has under its name, in its shape and element type. CheckpointError unless
// the file is sound and has one such parameter at least.
Taken take_parameters(const std::filesystem::path& file, const nn::ParamStore& params);

// What stood at `file` becomes kPrevious beside it; from the first call on a whole file is there at every moment.
void save_training(const std::filesystem::path& file, const nn::ParamStore& params, const Optimizer& optimizer,
                   const Identity& identity, const State& state);

// Gives `file` a second name beside it, whole or not at all: a link where the file system has that, else a copy.
// FolderError.
void link_checkpoint(const std::filesystem::path& file, const std::string& name);

// Removes kept checkpoints but those of the last `count` updates; 0 removes all.
void prune_kept(const std::filesystem::path& folder, Index count);

// The state, with parameters and optimiser set to what the file holds. CheckpointError, and nothing is changed, as
// above, and for a file of another training (`identity` differs) or without the state of one.
[[nodiscard]] State load_training(const std::filesystem::path& file, const nn::ParamStore& params,
                                  const Optimizer& optimizer, const Identity& identity);

}  // namespace regard::training
