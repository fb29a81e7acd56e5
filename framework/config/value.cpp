#include "framework/config/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "framework/base/errors.h"

namespace regard::config {
namespace {

template <class T>
const T& get(const Options& options, std::string_view name, const char* type) {
  const T* value = std::get_if<T>(&options.at(name).data);
  if (value == nullptr) throw InternalError(fmt::format("option '{}' was not declared as {}", name, type));
  return *value;
}

const Options::Entry* find(const std::vector<Options::Entry>& entries, std::string_view name) {
  const auto at =
      std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
  return at == entries.end() ? nullptr : &*at;
}

}  // namespace

Options::Options() = default;
Options::Options(const Options&) = default;
Options::Options(Options&&) noexcept = default;
Options& Options::operator=(const Options&) = default;
Options& Options::operator=(Options&&) noexcept = default;
Options::~Options() = default;

bool Options::has(std::string_view name) const noexcept {
  const Entry* entry = find(entries_, name);
  return entry != nullptr && !std::holds_alternative<std::monostate>(entry->value.data);
}

bool Options::boolean(std::string_view name) const { return get<bool>(*this, name, "true or false"); }
Index Options::integer(std::string_view name) const { return get<Index>(*this, name, "an integer"); }
double Options::number(std::string_view name) const {
  const auto* whole = std::get_if<Index>(&at(name).data);
  return whole != nullptr ? static_cast<double>(*whole) : get<double>(*this, name, "a number");
}
const std::string& Options::text(std::string_view name) const { return get<std::string>(*this, name, "text"); }
const Path& Options::path(std::string_view name) const { return get<Path>(*this, name, "a path"); }
const Origin& Options::origin(std::string_view name) const { return at(name).origin; }

const Value& Options::at(std::string_view name) const {
  const Entry* entry = find(entries_, name);
  if (entry == nullptr) throw InternalError(fmt::format("option '{}' was not declared", name));
  return entry->value;
}

void Options::put(std::string name, Value value) {
  if (const Entry* entry = find(entries_, name)) {
    entries_[static_cast<std::size_t>(entry - entries_.data())].value = std::move(value);
  } else {
    entries_.push_back({std::move(name), std::move(value)});
  }
}

}  // namespace regard::config
