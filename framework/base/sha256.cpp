#include "framework/base/sha256.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "framework/base/files.h"
#include "framework/base/sha256_block.h"

namespace regard {

void Sha256::block(const unsigned char* bytes) {
  if (sha256_detail::has_instructions()) return sha256_detail::block_by_instructions(state_, bytes);
  sha256_detail::block_in_words(state_, bytes);
}

void Sha256::update(std::string_view bytes) {
  std::size_t held = size_ % 64;
  size_ += bytes.size();
  while (!bytes.empty()) {
    if (held == 0 && bytes.size() >= 64) {
      block(reinterpret_cast<const unsigned char*>(bytes.data()));
      bytes.remove_prefix(64);
      continue;
    }
    const std::size_t taken = std::min(64 - held, bytes.size());
    std::memcpy(pending_.data() + held, bytes.data(), taken);
    bytes.remove_prefix(taken);
    held = (held + taken) % 64;
    if (held == 0) block(pending_.data());
  }
}

std::string Sha256::hex() {
  const std::uint64_t bits = size_ * 8;
  std::string tail(1, '\x80');
  while ((size_ + tail.size()) % 64 != 56) tail.push_back('\0');
  for (int shift = 56; shift >= 0; shift -= 8) tail.push_back(static_cast<char>(bits >> shift));
  update(tail);
  std::string text;
  for (const std::uint32_t word : state_) text += fmt::format("{:08x}", word);
  return text;
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string sha256_file(const std::filesystem::path& path) {
  Sha256 hash;
  for_each_piece(path, [&](std::string_view piece) { hash.update(piece); });
  return hash.hex();
}

}  // namespace regard
