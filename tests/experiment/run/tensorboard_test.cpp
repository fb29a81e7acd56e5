// Reads the format by hand, from the README of TensorFlow's record files and the two .proto files.
#include "framework/experiment/run/tensorboard.h"

#include <zlib.h>

#include <cstring>

#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
namespace {

std::uint64_t number(std::string_view bytes, std::size_t at, int count) {
  std::uint64_t value = 0;
  for (int i = count; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return value;
}

std::uint64_t unmasked(std::uint64_t crc) {
  const auto value = static_cast<std::uint32_t>(crc) - 0xA282EAD8U;
  return value << 15 | value >> 17;
}

// Returns the bytes of each record, and checks the checksums.
std::vector<std::string> records(const std::string& bytes) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto size = static_cast<std::size_t>(number(bytes, at, 8));
    CHECK(unmasked(number(bytes, at + 8, 4)) == crc32c(std::string_view(bytes).substr(at, 8)));
    all.push_back(bytes.substr(at + 12, size));
    CHECK(unmasked(number(bytes, at + 12 + size, 4)) == crc32c(all.back()));
    at += 16 + size;
  }
  return all;
}

// Returns the data of the first PNG chunk with this type.
std::string chunk_of(const std::string& png, const std::string& type) {
  const std::size_t at = png.find(type);
  std::uint32_t size = 0;
  for (std::size_t i = at - 4; i < at; ++i) size = size << 8 | static_cast<unsigned char>(png[i]);
  return png.substr(at + 4, size);
}

std::string inflated(const std::string& data) {
  uLongf size = 1 << 20;
  std::string out(size, '\0');
  CHECK(uncompress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                   static_cast<uLong>(data.size())) == Z_OK);
  out.resize(size);
  return out;
}

}  // namespace

TEST_CASE("tensorboard: the checksum is CRC-32C") {
  CHECK(crc32c("123456789") == 0xE3069283);
  CHECK(crc32c("") == 0);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AA);  // RFC 3720, B.4
}

TEST_CASE("tensorboard: a record has an event in the form of its protocol buffer") {
  const auto events = records(version_record(1.5) + scalars_record(2, 300, {{"a", 0.25}, {"bc", -1}}));
  REQUIRE(events.size() == 2);
  CHECK(events[0] == std::string("\x09\0\0\0\0\0\0\xF8\x3F\x1A\x0D"
                                 "brain.Event:2",
                                 24));
  CHECK(events[1] == std::string("\x09\0\0\0\0\0\0\0\x40\x10\xAC\x02\x2A\x15"
                                 "\x0A\x08\x0A\x01"
                                 "a"
                                 "\x15\0\0\x80\x3E"
                                 "\x0A\x09\x0A\x02"
                                 "bc"
                                 "\x15\0\0\x80\xBF",
                                 35));
}

TEST_CASE("tensorboard: weights are an image of grey squares") {
  const std::string png = png_of({2, 3, {0, 1, 0.5, 2, -1, 0}}, 2);
  CHECK(png.starts_with(std::string("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x06\0\0\0\x04\x08\0\0\0\0", 29)));
  CHECK(png.ends_with(std::string("\0\0\0\0IEND\xAE\x42\x60\x82", 12)));
  const std::string rows = inflated(chunk_of(png, "IDAT"));
  CHECK(rows.size() == 4 * 7);
  CHECK(rows.substr(0, 14) == std::string("\0\xFF\xFF\0\0\x80\x80\0\xFF\xFF\0\0\x80\x80", 14));
  CHECK(rows.substr(14, 7) == std::string("\0\0\0\xFF\xFF\xFF\xFF", 7));
  CHECK(png_of({}, 2).size() > 40);
}

TEST_CASE("tensorboard: an image has a fiftieth of the bytes of its pixels") {
  const WeightMatrix weights{20, 30, std::vector<double>(600, 0.25)};
  const std::string png = png_of(weights, 16);
  CHECK(inflated(chunk_of(png, "IDAT")).size() == 20 * 16 * (30 * 16 + 1));
  CHECK(png.size() < 20 * 16 * 30 * 16 / 50);
}

TEST_CASE("tensorboard: losses and watched numbers of attention have tags of their own") {
  HistoryEntry entry;
  entry.losses = {{"attention_entropy", 0.5}};
  entry.watched = {{"gate", 0.25}};
  const std::vector<Scalar> scalars = scalars_of(entry, {});
  REQUIRE(scalars.size() == 10);
  CHECK(scalars[8].tag == "train/loss_attention_entropy");
  CHECK(scalars[8].value == 0.5);
  CHECK(scalars[9].tag == "watched/gate");
  CHECK(scalars[9].value == 0.25);
}

TEST_CASE("tensorboard: a file is written again from the history and then grows") {
  const test::TempFolder folder;
  const runs::RunPaths paths{folder.path()};
  HistoryEntry entry;
  entry.update = 5;
  const TimingEntry time{.epoch = 1, .update = 5, .seconds = 3, .tokens_per_second = 7};
  EventFile file(paths, {entry}, {time});
  CHECK(records(read_file(paths.events())).size() == 2);
  file.add(entry, time);
  file.add(5, {"attention/test", {1, 1, {0.5}}});
  CHECK(records(read_file(paths.events())).size() == 4);
  EventFile again(paths, {entry}, {time});
  CHECK(records(read_file(paths.events())).size() == 2);
}

}  // namespace regard::experiment
