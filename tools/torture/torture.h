#pragma once
// Kills a plan many times, at random moments and at chosen places, and starts it again with other numbers of jobs
// and threads until it is finished. Then its digest is compared with that of an uninterrupted run.
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::torture {

// The stages of a process of regard, as framework/base/stage.h names them.
inline constexpr std::array<const char*, 6> kPlaces{"train", "valid", "save", "decode", "score", "report"};

struct Settings {
  std::string program;           // regard
  std::filesystem::path folder;  // an empty or a new folder, for all files
  Index kills = 50;
  std::uint64_t seed = 1;  // of the random moments; the machine's speed also matters
  std::string plan = {};   // YAML; empty: the small plan of standard_plan()
};

struct Outcome {
  Index kills = 0;
  Index starts = 0;
  Index rounds = 0;                           // finished plans
  std::vector<std::string> differences = {};  // files that differ from the uninterrupted run's, one line each
  std::map<std::string, Index> landed = {};   // place, or "between", -> processes that died there
  [[nodiscard]] bool all_places_hit() const;
};

// Two systems with two seeds on short rows, seconds long, with an end between two validations and kept
// checkpoints.
[[nodiscard]] std::string default_plan();

// `say` gets one line for each kill. Throws Error if the program cannot run the plan at all.
[[nodiscard]] Outcome torture(const Settings& settings, const std::function<void(const std::string&)>& say);

}  // namespace regard::torture
