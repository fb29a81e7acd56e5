#include "framework/nn/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/base/sha256.h"

namespace regard::nn {
namespace {

using nlohmann::json;
static_assert(std::endian::native == std::endian::little, "elements are written in the byte order of memory");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kAlignment = 8;  // of the first element, in the file
constexpr const char* kMetadata = "__metadata__";

std::string_view bytes_of(const Tensor& tensor) {
  return {static_cast<const char*>(tensor.raw()), static_cast<std::size_t>(tensor.bytes())};
}

const char* dtype_name(DType type) { return type == DType::f32 ? "F32" : "F64"; }

json header_of(std::span<const NamedTensor> tensors, const Metadata& metadata) {
  json header = json::object();
  Index begin = 0;
  for (const auto& [name, value] : tensors) {
    check(name != kMetadata && !header.contains(name), "names of tensors in a file must be unique");
    json shape = json::array();
    for (int axis = 0; axis < value.shape().rank(); ++axis) shape.push_back(value.shape()[axis]);
    header[name] = {{"dtype", dtype_name(value.type())},
                    {"shape", std::move(shape)},
                    {"data_offsets", {begin, begin + value.bytes()}}};
    begin += value.bytes();
  }
  check(!metadata.contains(kChecksum), "this function writes the checksum itself");
  header[kMetadata] = metadata;
  return header;
}

// Returns length and header, padded with spaces so that the first element is aligned.
std::string prefix_of(std::span<const NamedTensor> tensors, const Metadata& metadata) {
  json header = header_of(tensors, metadata);
  Sha256 hash;
  hash.update(header.dump());
  for (const NamedTensor& tensor : tensors) hash.update(bytes_of(tensor.value));
  header[kMetadata][kChecksum] = hash.hex();
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  std::string prefix(kLengthBytes, '\0');
  const std::uint64_t length = text.size();
  std::memcpy(prefix.data(), &length, kLengthBytes);
  return prefix + text;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const Metadata& metadata) {
  AtomicFile file(path);
  file.write(prefix_of(tensors, metadata));
  for (const NamedTensor& tensor : tensors) file.write(bytes_of(tensor.value));
  file.commit();
}

std::string safetensors_bytes(std::span<const NamedTensor> tensors, const Metadata& metadata) {
  std::string bytes = prefix_of(tensors, metadata);
  for (const NamedTensor& tensor : tensors) bytes += bytes_of(tensor.value);
  return bytes;
}

void Safetensors::Entry::copy_to(const Tensor& to) const {
  check(to.type() == type && to.shape() == shape,
        "a tensor of a file is copied to one of the same type and shape");
  if (!bytes.empty()) std::memcpy(to.raw(), bytes.data(), bytes.size());
}

const Safetensors::Entry* Safetensors::find(std::string_view name) const {
  const auto at = by_name_.find(name);
  return at == by_name_.end() ? nullptr : &entries_[at->second];
}

}  // namespace regard::nn
