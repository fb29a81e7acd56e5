#include "framework/base/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace regard {
namespace {

char folded(char c) {
  if (c == '-') return '_';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

Index edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<Index> before_last(width), last(width), now(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = static_cast<Index>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<Index>(i);
    for (std::size_t j = 1; j < width; ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) now[j] = std::min(now[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::string nearest(std::string_view name, std::span<const std::string> known) {
  const std::string* best = nullptr;
  Index fewest = 0;
  for (const std::string& candidate : known) {
    const auto longer = static_cast<Index>(std::max(name.size(), candidate.size()));
    const auto shorter = static_cast<Index>(std::min(name.size(), candidate.size()));
    const Index allowed = std::min((longer + 2) / 3, longer - 1);
    if (longer - shorter > allowed) continue;  // a lower bound of the edits, so that very long names are fast
    const Index edits = edit_distance(name, candidate);
    if (edits <= allowed && (best == nullptr || edits < fewest)) {
      best = &candidate;
      fewest = edits;
    }
  }
  if (best != nullptr) return *best;
  if (name.size() < 3) return {};
  const auto prefixed =
      std::find_if(known.begin(), known.end(), [&](const std::string& k) { return k.starts_with(name); });
  return prefixed == known.end() ? std::string() : *prefixed;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> known) {
  const std::string near = nearest(name, known);
  return near.empty() ? near : fmt::format("; did you mean '{}'?", near);
}

std::string unknown_name(std::string_view kind, std::string_view name, std::span<const Known> known) {
  std::vector<std::string> spellings;
  std::string list;
  for (const Known& entry : known) {
    spellings.push_back(entry.name);
    spellings.insert(spellings.end(), entry.aliases.begin(), entry.aliases.end());
    list += fmt::format("{}{}", list.empty() ? "" : ", ", entry.name);
    if (!entry.summary.empty()) list += fmt::format(" ({})", entry.summary);
  }
  const std::string hint = did_you_mean(name, spellings);
  return fmt::format("unknown {} '{}'{} Known: {}", kind, name, hint.empty() ? "." : hint,
                     list.empty() ? "none" : list);
}

}  // namespace regard
