#pragma once
// SHA-256 (FIPS 180-4), which identifies the content of plans, data, plug-ins and result files.
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace regard {

// Hashes bytes that are given in any number of pieces. hex() ends this and returns 64 lower-case hexadecimal digits.
class Sha256 final {
 public:
  void update(std::string_view bytes);
  [[nodiscard]] std::string hex();

 private:
  void block(const unsigned char* bytes);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> pending_{};
  std::uint64_t size_ = 0;
};

[[nodiscard]] std::string sha256(std::string_view bytes);

// Returns the hash of a file; DataError if it cannot be read.
[[nodiscard]] std::string sha256_file(const std::filesystem::path& path);

}  // namespace regard
