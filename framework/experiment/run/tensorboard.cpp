#include "framework/experiment/run/tensorboard.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <type_traits>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  return out;
}

std::string big_endian(std::uint32_t value) {
  std::string out = little_endian(value, 4);
  std::reverse(out.begin(), out.end());
  return out;
}

// ---- protocol buffers: a field is its number and wire type, then its value

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7F) | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}
std::string whole_field(std::uint64_t number, Index value) {
  return varint(number << 3) + varint(static_cast<std::uint64_t>(value));
}
std::string double_field(std::uint64_t number, double value) {
  return varint(number << 3 | 1) + little_endian(std::bit_cast<std::uint64_t>(value), 8);
}
std::string float_field(std::uint64_t number, float value) {
  return varint(number << 3 | 5) + little_endian(std::bit_cast<std::uint32_t>(value), 4);
}
std::string bytes_field(std::uint64_t number, std::string_view bytes) {
  return varint(number << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}

std::uint32_t masked(std::string_view bytes) {
  const std::uint32_t value = crc32c(bytes);
  return ((value >> 15) | (value << 17)) + 0xA282EAD8U;
}

std::string record(const std::string& event) {
  const std::string length = little_endian(event.size(), 8);
  return length + little_endian(masked(length), 4) + event + little_endian(masked(event), 4);
}

std::string event(double wall_time, Index step, const std::string& summary) {
  return record(double_field(1, wall_time) + whole_field(2, step) + bytes_field(5, summary));
}

// ---- PNG (RFC 2083)

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<std::uint32_t>(data.size())) + body + big_endian(static_cast<std::uint32_t>(sum));
}

std::string deflated(const std::string& data) {
  const auto whole = static_cast<uLong>(data.size());
  uLongf size = compressBound(whole);
  std::string out(size, '\0');
  const int state =
      compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()), whole);
  check(state == Z_OK, "zlib could not compress an image");
  out.resize(size);
  return out;
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

// zlib only has CRC-32, which uses another polynomial.
std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t value = 0xFFFFFFFF;
  for (const char c : bytes) {
    value ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78 : 0);
  }
  return ~value;
}

std::string version_record(double wall_time) {
  return record(double_field(1, wall_time) + bytes_field(3, "brain.Event:2"));
}

std::string scalars_record(double wall_time, Index step, const std::vector<Scalar>& scalars) {
  std::string summary;
  for (const Scalar& scalar : scalars) {
    summary += bytes_field(1, bytes_field(1, scalar.tag) + float_field(2, static_cast<float>(scalar.value)));
  }
  return event(wall_time, step, summary);
}

std::string image_record(double wall_time, Index step, const HeatMap& map) {
  constexpr Index kScale = 16;
  const std::string image = whole_field(1, map.weights.targets * kScale) +
                            whole_field(2, map.weights.sources * kScale) + whole_field(3, 1) +
                            bytes_field(4, png_of(map.weights, kScale));
  return event(wall_time, step, bytes_field(1, bytes_field(1, map.tag) + bytes_field(4, image)));
}

std::string png_of(const WeightMatrix& weights, Index scale) {
  std::string pixels;
  for (Index t = 0; t < weights.targets; ++t) {
    std::string line(1, '\0');  // the row's filter: none
    for (const double weight : weights.row(t)) {
      const float dark = std::isfinite(weight) ? std::clamp(static_cast<float>(weight), 0.0F, 1.0F) : 0.0F;
      line.append(static_cast<std::size_t>(scale), static_cast<char>(std::lround(255 * (1 - dark))));
    }
    for (Index i = 0; i < scale; ++i) pixels += line;
  }
  const std::string header = big_endian(static_cast<std::uint32_t>(weights.sources * scale)) +
                             big_endian(static_cast<std::uint32_t>(weights.targets * scale)) +
                             std::string("\x08\x00\x00\x00\x00", 5);
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", header) + chunk("IDAT", deflated(pixels)) + chunk("IEND", "");
}

std::vector<Scalar> scalars_of(const HistoryEntry& entry, const TimingEntry& time) {
  std::vector<Scalar> scalars{{"train/loss", entry.train_loss},
                              {"train/gradient_norm", entry.gradient_norm},
                              {"train/learning_rate", entry.learning_rate},
                              {"train/tokens", static_cast<double>(entry.tokens)},
                              {"train/tokens_per_second", time.tokens_per_second},
                              {"valid/loss", entry.valid_loss},
                              {"valid/perplexity", entry.valid_perplexity},
                              {"valid/bleu", entry.valid_bleu}};
  for (const auto& [name, loss] : entry.losses) scalars.push_back({"train/loss_" + name, loss});
  for (const auto& [name, mean] : entry.watched) scalars.push_back({"watched/" + name, mean});
  return scalars;
}

EventFile::EventFile(const runs::RunPaths& paths, const std::vector<HistoryEntry>& history,
                     const std::vector<TimingEntry>& timing)
    : file_(paths.events()) {
  make_folder(file_.parent_path());
  const double moment = now();
  const double last = timing.empty() ? 0 : timing.back().seconds;
  std::string bytes = version_record(moment - last);
  for (std::size_t i = 0; i < std::min(history.size(), timing.size()); ++i) {
    bytes +=
        scalars_record(moment - last + timing[i].seconds, history[i].update, scalars_of(history[i], timing[i]));
  }
  write_file(file_, bytes);
}

void EventFile::add(const HistoryEntry& entry, const TimingEntry& time) {
  append(scalars_record(now(), entry.update, scalars_of(entry, time)));
}

void EventFile::add(Index step, const HeatMap& map) { append(image_record(now(), step, map)); }

void EventFile::add_attention(const runs::RunPaths& paths, const runs::Scores& scores, Index step) {
  for (const auto& [test, ignored] : scores.tests) {
    const std::string file = paths.attention(test).string();
    const std::vector<std::string> lines = read_log(file);
    if (lines.empty()) continue;
    add(step,
        {fmt::format("attention/{}", test), runs::from_json<runs::AttentionExample>(lines.front(), file).weights});
  }
}

void write_events(const runs::RunPaths& paths) {
  const auto entries = [](auto& all, const Path& file) {
    using Entry = typename std::remove_reference_t<decltype(all)>::value_type;
    for (const std::string& line : read_log(file)) all.push_back(runs::from_json<Entry>(line, file.string()));
  };
  std::vector<HistoryEntry> history;
  std::vector<TimingEntry> timing;
  entries(history, paths.history());
  entries(timing, paths.timing());
  EventFile file(paths, history, timing);
  const auto status = runs::read_if_exists<runs::Status>(paths.status());
  const auto scores = runs::read_if_exists<runs::Scores>(paths.scores());
  if (status && scores) file.add_attention(paths, *scores, status->updates);
}

// Its readers follow a file as it grows, so a record is added in one write; what a kill cuts off they pass over.
void EventFile::append(const std::string& record) {
  const int descriptor = ::open(file_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const bool good =
      descriptor >= 0 && ::write(descriptor, record.data(), record.size()) == static_cast<ssize_t>(record.size());
  const int cause = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!good) throw FolderError(fmt::format("{}: cannot be written: {}", file_.string(), cause_of(cause)));
}

}  // namespace regard::experiment
