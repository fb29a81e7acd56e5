#pragma once
// A plan that is killed again and again, at random moments and at chosen places, and started again with other
// numbers of jobs and threads, until it is done; then its digest is held against that of the plan run in one go.
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::torture {

// What a process of regard can be at, as framework/base/stage.h names it.
inline constexpr std::array<const char*, 6> kPlaces{"train", "valid", "save", "decode", "score", "report"};

struct Settings {
  std::string program;           // regard
  std::filesystem::path folder;  // empty, or not there yet; all that is written goes there
  Index kills = 50;
  std::uint64_t seed = 1;  // of the moments; the machine's speed has its say too
  std::string plan = {};   // YAML; empty: the small one of default_plan()
};

struct Outcome {
  Index kills = 0;
  Index starts = 0;
  Index rounds = 0;                           // plans brought to their end
  std::vector<std::string> differences = {};  // files that differ from the plan run in one go, one line each
  std::map<std::string, Index> landed = {};   // place, or "between", -> processes that died there
  [[nodiscard]] bool all_places_hit() const;
};

// Two systems with two seeds on short rows, seconds long, with an end between two validations and kept
// checkpoints.
[[nodiscard]] std::string default_plan();

// `say` gets one line a kill. Throws Error where the program can't be run at all.
[[nodiscard]] Outcome torture(const Settings& settings, const std::function<void(const std::string&)>& say);

}  // namespace regard::torture
