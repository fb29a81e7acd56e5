// Reads safetensors. The bytes are not trusted: every number is checked before it is used.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/base/json.inl"
#include "framework/base/sha256.h"
#include "framework/nn/safetensors.h"

namespace regard::nn {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 100'000'000;  // the limit of the format's own reader
constexpr const char* kMetadata = "__metadata__";

// Returns a name from an untrusted file, quoted and shortened for a message of one line.
std::string shown(std::string_view name) {
  constexpr std::size_t kMost = 100;
  std::string text(name.substr(0, kMost));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }, '?');
  return fmt::format("'{}{}'", text, name.size() > kMost ? "…" : "");
}

class Reader final {
 public:
  Reader(std::string_view bytes, const std::string& path) : bytes_(bytes), path_(path) {}

  void run() {
    split();
    parse_header();
    for (const auto& [name, value] : header_.items()) {
      if (name == kMetadata) {
        read_metadata(value);
      } else {
        read_tensor(name, value);
      }
    }
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return a.bytes.data() != b.bytes.data() ? a.bytes.data() < b.bytes.data() : a.bytes.size() < b.bytes.size();
    });
    require_all_bytes_used();
    require_checksum();
  }

  Metadata metadata;
  std::vector<Safetensors::Entry> entries;

 private:
  template <class... Args>
  [[noreturn]] void fail(fmt::format_string<Args...> text, Args&&... args) const {
    throw CheckpointError(path_ + ": " + fmt::format(text, std::forward<Args>(args)...));
  }

  void split() {
    if (bytes_.size() < kLengthBytes) {
      fail("is not a safetensors file or is truncated: it has {} bytes, but the length of the header needs 8",
           bytes_.size());
    }
    std::uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), kLengthBytes);
    const std::size_t rest = bytes_.size() - kLengthBytes;
    if (length > kMaxHeader) {
      fail("is not a safetensors file or is damaged: its header would have {} bytes, more than {}", length,
           kMaxHeader);
    }
    if (length > rest) fail("is truncated: its header has {} bytes, but there are only {}", length, rest);
    text_ = bytes_.substr(kLengthBytes, static_cast<std::size_t>(length));
    data_ = bytes_.substr(kLengthBytes + static_cast<std::size_t>(length));
  }

  void parse_header() {
    std::string twice;
    try {
      header_ = parse_json(text_, &twice);
    } catch (const JsonError& error) {
      if (error.byte() == 0) fail("its header {}", error.what());
      fail("its header is not valid JSON (byte {} of {})", error.byte(), text_.size());
    }
    if (!header_.is_object()) fail("its header must be a JSON object");
    if (!twice.empty()) fail("its header has {} twice", shown(twice));
  }

  void read_metadata(const json& value) {
    if (!value.is_object()) fail("its __metadata__ must be an object of texts");
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) fail("its __metadata__ must be an object of texts, but {} is not a text", shown(key));
      metadata[key] = text.get<std::string>();
    }
  }

  const json& member(const std::string& name, const json& value, const char* key) const {
    if (!value.is_object() || !value.contains(key)) fail("tensor {} has no {}", shown(name), key);
    return value[key];
  }

  void read_tensor(const std::string& name, const json& value) {
    Safetensors::Entry entry;
    entry.name = name;
    const json& dtype = member(name, value, "dtype");
    if (dtype != "F32" && dtype != "F64") {
      fail("tensor {} has the dtype {}; only F32 and F64 can be read", shown(name),
           dtype.is_string() ? shown(dtype.get<std::string>()) : "that is not a text");
    }
    entry.type = dtype == "F32" ? DType::f32 : DType::f64;

    const json& shape = member(name, value, "shape");
    if (!shape.is_array()) fail("tensor {} has a shape that is not a list", shown(name));
    if (shape.size() > Shape::kMaxRank) {
      fail("tensor {} has {} axes; at most 4 are allowed", shown(name), shape.size());
    }
    // Computed in 128 bits, which is enough for four axes below 2^31 and the size of an element.
    constexpr std::uint64_t kMaxAxis = 0x7fffffff;
    __extension__ using Wide = unsigned __int128;
    Wide size = static_cast<Wide>(size_of(entry.type));
    for (const json& axis : shape) {
      if (!axis.is_number_unsigned() || axis.get<std::uint64_t>() > kMaxAxis) {
        fail("tensor {} has an axis that is not a whole number from 0 to {}", shown(name), kMaxAxis);
      }
      size *= axis.get<std::uint64_t>();
      entry.shape.push_back(axis.get<Index>());
    }

    const json& offsets = member(name, value, "data_offsets");
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned()) {
      fail("tensor {} needs two whole numbers as data_offsets", shown(name));
    }
    const auto begin = offsets[0].get<std::uint64_t>();
    const auto end = offsets[1].get<std::uint64_t>();
    if (begin > end) fail("tensor {} ends at byte {} before it starts at {}", shown(name), end, begin);
    if (end > data_.size()) {
      fail("is truncated or damaged: tensor {} ends at byte {} of the elements, but there are only {}",
           shown(name), end, data_.size());
    }
    if (size != end - begin) {
      fail("tensor {} of shape {} does not have the {} bytes of its data_offsets", shown(name), entry.shape.text(),
           end - begin);
    }
    entry.bytes = data_.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    entries.push_back(std::move(entry));
  }

  void require_all_bytes_used() const {
    const char* at = data_.data();
    const Safetensors::Entry* before = nullptr;
    for (const auto& entry : entries) {
      if (entry.bytes.data() < at) fail("tensors {} and {} overlap", shown(before->name), shown(entry.name));
      if (entry.bytes.data() > at)
        fail("{} bytes before tensor {} belong to no tensor", entry.bytes.data() - at, shown(entry.name));
      at = entry.bytes.data() + entry.bytes.size();
      before = &entry;
    }
    const auto left = static_cast<std::size_t>(data_.data() + data_.size() - at);
    if (left > 0) fail("{} bytes after the last tensor belong to no tensor", left);
  }

  void require_checksum() {
    const auto given = metadata.find(kChecksum);
    if (given == metadata.end()) return;
    header_[kMetadata].erase(kChecksum);
    Sha256 hash;
    hash.update(header_.dump());
    hash.update(data_);
    if (hash.hex() != given->second) fail("is damaged: its content does not have the checksum in its metadata");
  }

  std::string_view bytes_;
  const std::string& path_;
  std::string_view text_;
  std::string_view data_;
  json header_;
};

}  // namespace

Safetensors Safetensors::read(const std::filesystem::path& path) {
  std::string reason;
  auto bytes = try_read_file(path, reason);
  if (!bytes) throw CheckpointError(fmt::format("{}: cannot be read: {}", path.string(), reason));
  return parse(std::move(*bytes), path.string());
}

Safetensors Safetensors::parse(std::string bytes, std::string path) {
  Safetensors file;
  file.path_ = std::move(path);
  file.bytes_ = std::make_unique<std::string>(std::move(bytes));
  Reader reader(*file.bytes_, file.path_);
  reader.run();
  file.metadata_ = std::move(reader.metadata);
  file.entries_ = std::move(reader.entries);
  for (std::size_t at = 0; at < file.entries_.size(); ++at) file.by_name_[file.entries_[at].name] = at;
  return file;
}

}  // namespace regard::nn
