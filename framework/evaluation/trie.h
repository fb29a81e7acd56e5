#pragma once
// Counts n-grams of one segment exactly with a trie in a hash table. A node is an n-gram. Its key is the node of the
// n-gram without its last token, and the last token; so n-grams are compared as integers and nothing is hashed twice.
//
// One Trie is used for many segments, one after the other: clear() removes the nodes and keeps the memory. Not
// thread-safe.
#include <cstdint>
#include <string_view>
#include <vector>

namespace regard::evaluation {

class Trie {
 public:
  using Node = std::uint32_t;
  static constexpr Node root = 0;  // the empty n-gram
  static constexpr Node none = ~0U;

  Trie() { clear(); }
  void clear();

  // Returns the n-gram `prefix` followed by `token`; adds it if it is new.
  [[nodiscard]] Node insert(Node prefix, std::uint32_t token);
  // Returns the same n-gram if it exists, else none.
  [[nodiscard]] Node find(Node prefix, std::uint32_t token) const noexcept;

  struct Counts {
    std::uint32_t here = 0;  // count in the current sequence
    std::uint32_t most = 0;  // the largest count in a reference so far
    std::uint32_t used = 0;  // matches already given to the hypothesis
  };
  [[nodiscard]] Counts& counts(Node node) noexcept { return counts_[node]; }
  [[nodiscard]] std::uint32_t nodes() const noexcept { return static_cast<std::uint32_t>(counts_.size()); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Node node = 0;
    std::uint32_t epoch = 0;  // of the segment that wrote it; slots of other epochs are free
  };
  [[nodiscard]] std::size_t slot_of(std::uint64_t key) const noexcept;
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::vector<Counts> counts_;
  std::uint32_t epoch_ = 0;
};

// Numbers the distinct words of one segment 0, 1, …. The views must stay valid until clear().
class Words {
 public:
  static constexpr std::uint32_t none = ~0U;
  void clear();
  [[nodiscard]] std::uint32_t insert(std::string_view word);
  [[nodiscard]] std::uint32_t find(std::string_view word) const noexcept;

 private:
  struct Slot {
    std::string_view word;
    std::uint32_t id = 0;
    std::uint32_t epoch = 0;
  };
  [[nodiscard]] std::size_t slot_of(std::string_view word) const noexcept;
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(256);
  std::uint32_t count_ = 0;
  std::uint32_t epoch_ = 1;
};

}  // namespace regard::evaluation
