#include "framework/evaluation/trie.h"

#include <functional>
#include <utility>

namespace regard::evaluation {

void Trie::clear() {
  counts_.assign(1, Counts{});
  if (++epoch_ == 0) {
    for (Slot& slot : slots_) slot.epoch = 0;
    epoch_ = 1;
  }
}

std::size_t Trie::slot_of(std::uint64_t key) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::uint64_t hash = key * 0x9E3779B97F4A7C15ULL;
  hash ^= hash >> 32;
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  while (slots_[at].epoch == epoch_ && slots_[at].key != key) at = (at + 1) & mask;
  return at;
}

void Trie::grow() {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  for (const Slot& slot : old) {
    if (slot.epoch == epoch_) slots_[slot_of(slot.key)] = slot;
  }
}

Trie::Node Trie::insert(Node prefix, std::uint32_t token) {
  const std::uint64_t key = (static_cast<std::uint64_t>(prefix) << 32) | token;
  std::size_t at = slot_of(key);
  if (slots_[at].epoch == epoch_) return slots_[at].node;
  if (counts_.size() * 2 >= slots_.size()) {
    grow();
    at = slot_of(key);
  }
  slots_[at] = {key, nodes(), epoch_};
  counts_.emplace_back();
  return slots_[at].node;
}

Trie::Node Trie::find(Node prefix, std::uint32_t token) const noexcept {
  const Slot& slot = slots_[slot_of((static_cast<std::uint64_t>(prefix) << 32) | token)];
  return slot.epoch == epoch_ ? slot.node : none;
}

void Words::clear() {
  count_ = 0;
  if (++epoch_ == 0) {
    for (Slot& slot : slots_) slot.epoch = 0;
    epoch_ = 1;
  }
}

std::size_t Words::slot_of(std::string_view word) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = std::hash<std::string_view>{}(word)&mask;
  while (slots_[at].epoch == epoch_ && slots_[at].word != word) at = (at + 1) & mask;
  return at;
}

void Words::grow() {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  for (const Slot& slot : old) {
    if (slot.epoch == epoch_) slots_[slot_of(slot.word)] = slot;
  }
}

std::uint32_t Words::insert(std::string_view word) {
  std::size_t at = slot_of(word);
  if (slots_[at].epoch == epoch_) return slots_[at].id;
  if (static_cast<std::size_t>(count_) * 2 >= slots_.size()) {
    grow();
    at = slot_of(word);
  }
  slots_[at] = {word, count_, epoch_};
  return count_++;
}

std::uint32_t Words::find(std::string_view word) const noexcept {
  const Slot& slot = slots_[slot_of(word)];
  return slot.epoch == epoch_ ? slot.id : none;
}

}  // namespace regard::evaluation
