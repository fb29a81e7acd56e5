#pragma once
// Writes event files for TensorBoard and other readers of its format (`report.tensorboard`): scalars of each
// validation, and attention as an image. Events contain times, so the files count as measurements.
//
// A file is a sequence of records: length (8 bytes, little-endian), its masked CRC-32C, the bytes, their masked
// CRC-32C. The bytes are a protocol buffer `Event` (tensorflow/core/util/event.proto, framework/summary.proto).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/runs/results.h"

namespace regard::experiment {

[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);  // Castagnoli, reflected; "123456789" gives E3069283

struct Scalar {
  std::string tag;  // "valid/bleu"
  double value = 0;
};

// An image of weights, one grey square for each pair of words: white is 0, black is 1.
struct HeatMap {
  std::string tag;
  WeightMatrix weights;
};

// Return complete records, to be written one after the other. The first record of a file must be version_record().
[[nodiscard]] std::string version_record(double wall_time);
[[nodiscard]] std::string scalars_record(double wall_time, Index step, const std::vector<Scalar>& scalars);
[[nodiscard]] std::string image_record(double wall_time, Index step, const HeatMap& map);

// Returns the image: 8-bit grey, `scale` pixels for each weight.
[[nodiscard]] std::string png_of(const WeightMatrix& weights, Index scale);

// Returns the scalars of a validation.
[[nodiscard]] std::vector<Scalar> scalars_of(const HistoryEntry& entry, const TimingEntry& time);

// The event file of one run: rewritten from the history at the start, then appended to. FolderError if it cannot be
// written.
class EventFile final {
 public:
  EventFile(const runs::RunPaths& paths, const std::vector<HistoryEntry>& history,
            const std::vector<TimingEntry>& timing);

  void add(const HistoryEntry& entry, const TimingEntry& time);
  void add(Index step, const HeatMap& map);
  // Adds the attention of each test set's first sentence, where the run's folder has it.
  void add_attention(const runs::RunPaths& paths, const runs::Scores& scores, Index step);

 private:
  void append(const std::string& record);

  Path file_;
};

// Writes the event file of a finished run from what its folder has. FolderError.
void write_events(const runs::RunPaths& paths);

}  // namespace regard::experiment
