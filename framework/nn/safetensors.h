#pragma once
// Writes and reads tensors in the safetensors format (huggingface/safetensors, README "Format"), which Python can open.
// Eight bytes are the length of the header, little-endian. The header is JSON:
//   {"name": {"dtype", "shape", "data_offsets": [begin, end]}, …, "__metadata__": {"key": "text"}}
// Then come the elements, row-major, without gaps.
//
// The same tensors and metadata give the same bytes. The metadata of our files have an entry "sha256": the SHA-256 of
// the header without that entry (keys sorted, no white space) followed by the elements. Every file with this entry is
// checked.
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/tensor/tensor.h"

namespace regard::nn {

struct NamedTensor {
  std::string name;
  Tensor value;
};

using Metadata = std::map<std::string, std::string>;
inline constexpr const char* kChecksum = "sha256";  // the key in the metadata

// Writes the file atomically (AtomicFile), with the tensors in the given order. InternalError for two tensors with one
// name, or a "sha256" in the metadata. FolderError for a full disk or another write error.
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const Metadata& metadata);
// Returns the same bytes in memory.
[[nodiscard]] std::string safetensors_bytes(std::span<const NamedTensor> tensors, const Metadata& metadata);

// A file that was read and checked. It owns its bytes and does not change.
class Safetensors final {
 public:
  struct Entry {
    std::string name;
    DType type = DType::f32;
    Shape shape;
    std::string_view bytes;  // of the file; not aligned

    // Copies the elements to a tensor of the same type and shape.
    void copy_to(const Tensor& to) const;
  };

  // Reads a file, also of another program. Throws CheckpointError "path: …", one sentence, for every fault: a file that
  // is too short; a header that is too long, is not JSON or has duplicate keys; offsets that overlap, leave gaps or are
  // out of range; sizes that do not match; element types other than F32 and F64; more than four axes; a wrong checksum.
  [[nodiscard]] static Safetensors read(const std::filesystem::path& path);
  // Does the same for bytes in memory. Messages start with `path`.
  [[nodiscard]] static Safetensors parse(std::string bytes, std::string path);

  Safetensors(Safetensors&&) = default;
  Safetensors& operator=(Safetensors&&) = default;
  Safetensors(const Safetensors&) = delete;
  Safetensors& operator=(const Safetensors&) = delete;
  ~Safetensors() = default;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const Metadata& metadata() const noexcept { return metadata_; }
  // Returns the tensors in the order of their elements in the file.
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
  [[nodiscard]] const Entry* find(std::string_view name) const;
  [[nodiscard]] bool has_checksum() const { return metadata_.contains(kChecksum); }

 private:
  Safetensors() = default;

  std::string path_;
  std::unique_ptr<std::string> bytes_;  // keeps its address when this object moves
  Metadata metadata_;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

}  // namespace regard::nn
