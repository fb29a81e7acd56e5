#pragma once
// A registry of entries that register themselves: attention variants, cells, optimisers, schedules, tokenisers,
// corpora.
//
//   struct Cell {                                           // an Entry: these members at least
//     static constexpr const char* kind = "cell";
//     std::string name, summary;
//     std::vector<std::string> aliases;                     // optional: other names of the same thing
//   };
//   Registry<Cell>& cells() { static Registry<Cell> registry; return registry; }   // in one .cpp: shared by
//                                                                                  // libregard and all plug-ins
//   bool register_cell(Cell cell, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
//     return cells().add(std::move(cell), file, line);
//   }
//   [[maybe_unused]] const bool registered = register_cell({.name = "lstm", .summary = "…"});   // in lstm.cpp
//
// A registry is filled while libraries are loaded (by one thread) and read-only afterwards. If a name is registered
// twice, the error with both places is thrown at the first use, because nothing could catch it before main(). Entries
// never move.
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/errors.h"
#include "framework/base/nearest.h"

namespace regard {

// Returns the file of the shared object that contains `address`, or "" if that is libregard itself.
[[nodiscard]] std::string plugin_of(const void* address);

// The place where an entry was registered. `plugin` is the file of the plug-in, or "" for a built-in entry.
struct Registration {
  std::string file;
  int line = 0;
  std::string plugin;
};

template <class Entry>
class Registry {
 public:
  // `file` must be the __builtin_FILE() of the caller, because its address also identifies the library of the caller.
  bool add(Entry entry, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    const std::string name(entry.name);
    Registration here{file, line, plugin_of(file)};
    if constexpr (requires { entry.aliases; }) {
      for (const auto& alias : entry.aliases) claim(std::string(alias), name, here);
    }
    if (claim(name, name, here)) entries_.emplace(name, Record{std::move(entry), std::move(here)});
    return true;
  }

  // Returns the entry with that name or alias, or nullptr. The canonical name is that of the entry (find(alias)->name).
  [[nodiscard]] const Entry* find(std::string_view name) const {
    const auto* record = look_up(name);
    return record == nullptr ? nullptr : &record->entry;
  }
  // Like find, but throws a ConfigError with the text unknown(name) for an unknown name.
  [[nodiscard]] const Entry& at(std::string_view name) const {
    const auto* record = look_up(name);
    if (record == nullptr) throw ConfigError(unknown(name));
    return record->entry;
  }
  [[nodiscard]] const Registration& registration(std::string_view name) const {
    const auto* record = look_up(name);
    if (record == nullptr) throw ConfigError(unknown(name));
    return record->registration;
  }

  // Returns all entries, sorted by name, without aliases.
  [[nodiscard]] std::vector<const Entry*> entries() const {
    refuse_duplicates();
    std::vector<const Entry*> all;
    for (const auto& [name, record] : entries_) all.push_back(&record.entry);
    return all;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    refuse_duplicates();
    std::vector<std::string> all;
    for (const auto& [name, record] : entries_) all.push_back(name);
    return all;
  }

  // Returns the text of the error for an unknown name: see unknown_name().
  [[nodiscard]] std::string unknown(std::string_view name) const {
    std::vector<Known> known;
    for (const auto& [entry_name, record] : entries_) {
      const Entry& entry = record.entry;
      known.push_back({entry_name, entry.summary});
      if constexpr (requires { entry.aliases; }) known.back().aliases = entry.aliases;
    }
    return unknown_name(Entry::kind, name, known);
  }

 private:
  struct Record {
    Entry entry;
    Registration registration;
  };
  struct Owner {
    std::string name;
    Registration registration;
  };

  bool claim(const std::string& spelling, const std::string& name, const Registration& here) {
    const auto [owner, fresh] = owners_.try_emplace(spelling, Owner{name, here});
    if (fresh) return true;
    const Registration& there = owner->second.registration;
    duplicates_.push_back(fmt::format("{} '{}' is registered twice: at {}:{} and at {}:{}; give one another name",
                                      Entry::kind, spelling, there.file, there.line, here.file, here.line));
    return false;
  }
  void refuse_duplicates() const {
    if (!duplicates_.empty()) throw PluginError(duplicates_.front());
  }
  const Record* look_up(std::string_view name) const {
    refuse_duplicates();
    const auto owner = owners_.find(name);
    return owner == owners_.end() ? nullptr : &entries_.at(owner->second.name);
  }

  std::map<std::string, Record> entries_;
  std::map<std::string, Owner, std::less<>> owners_;  // by every spelling, including aliases
  std::vector<std::string> duplicates_;
};

}  // namespace regard
