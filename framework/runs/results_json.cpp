// The Writer and the Reader both use a struct's fields() (results_fields.h).
#include "framework/runs/results_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "framework/base/errors.h"
#include "framework/base/json.inl"
#include "framework/runs/results_fields.h"

namespace regard::runs {
namespace {

using Json = nlohmann::json;

const char* name_of_non_finite(double value) {
  if (std::isnan(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

class Writer {
 public:
  template <class T>
  void operator()(const char* key, const T& value) {
    object_[key] = json(value);
  }
  template <class T>
  void optional(const char* key, const T& value) {
    (*this)(key, value);
  }
  template <class T>
  void unless_empty(const char* key, const T& value) {
    if (!value.empty()) (*this)(key, value);
  }
  template <class T>
  void choice(const char* key, T value, std::span<const char* const> words) {
    object_[key] = words[static_cast<std::size_t>(value)];
  }
  [[nodiscard]] Json take() && { return std::move(object_); }

  template <class T>
  static Json json(const T& value) {
    if constexpr (std::floating_point<T>) {
      return std::isfinite(value) ? Json(static_cast<double>(value)) : Json(name_of_non_finite(value));
    } else if constexpr (requires { Json(value); }) {
      if constexpr (std::integral<T> || std::convertible_to<T, std::string>) {
        return Json(value);
      } else {
        return container(value);
      }
    } else {
      return container(value);
    }
  }

 private:
  template <class T>
  static Json container(const T& value) {
    if constexpr (requires { typename T::mapped_type; }) {
      Json object = Json::object();
      for (const auto& [key, item] : value) object[key] = json(item);
      return object;
    } else if constexpr (requires { value.begin(); }) {
      Json list = Json::array();
      for (const auto& item : value) list.push_back(json(item));
      return list;
    } else {
      Writer writer;
      fields(writer, value);
      return std::move(writer).take();
    }
  }

  Json object_ = Json::object();
};

class Reader {
 public:
  Reader(const Json& object, const std::string& where, std::string path)
      : object_(object), where_(where), path_(std::move(path)) {
    if (!object.is_object()) wrong(path_, "an object", object);
  }

  template <class T>
  void operator()(const char* key, T& value) {
    read(at(key), below(path_, key), value);
  }
  template <class T>
  void optional(const char* key, T& value) {  // if missing, keeps its value
    if (object_.contains(key)) (*this)(key, value);
  }
  template <class T>
  void unless_empty(const char* key, T& value) {
    optional(key, value);
  }
  template <class T>
  void choice(const char* key, T& value, std::span<const char* const> words) {
    const Json& found = at(key);
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (found != words[i]) continue;
      value = static_cast<T>(i);
      return;
    }
    wrong(below(path_, key),
          fmt::format("\"{}\" or \"{}\"", fmt::join(words.begin(), words.end() - 1, "\", \""), words.back()),
          found);
  }

 private:
  static std::string below(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
  }

  const Json& at(const char* key) const {
    const auto found = object_.find(key);
    if (found == object_.end()) throw FolderError(fmt::format("{}: {}: is missing", where_, below(path_, key)));
    return *found;
  }

  [[noreturn]] void wrong(const std::string& path, std::string_view expected, const Json& given) const {
    std::string shown = given.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (shown.size() > 60) shown = shown.substr(0, 60) + "...";
    throw FolderError(
        fmt::format("{}: {}expected {}, got {}", where_, path.empty() ? "" : path + ": ", expected, shown));
  }

  void read(const Json& json, const std::string& path, bool& value) const {
    if (!json.is_boolean()) wrong(path, "true or false", json);
    value = json.get<bool>();
  }
  void read(const Json& json, const std::string& path, Index& value) const {
    if (!json.is_number_integer()) wrong(path, "a whole number", json);
    value = json.get<Index>();
  }
  template <std::floating_point T>
  void read(const Json& json, const std::string& path, T& value) const {
    if (json.is_number()) {
      value = json.get<T>();
    } else if (json == "NaN") {
      value = std::numeric_limits<T>::quiet_NaN();
    } else if (json == "Infinity" || json == "-Infinity") {
      value = json == "Infinity" ? std::numeric_limits<T>::infinity() : -std::numeric_limits<T>::infinity();
    } else {
      wrong(path, "a number", json);
    }
  }
  void read(const Json& json, const std::string& path, std::string& value) const {
    if (!json.is_string()) wrong(path, "text", json);
    value = json.get<std::string>();
  }
  void read(const Json& json, const std::string& path, WeightMatrix& matrix) const {
    std::vector<std::vector<float>> rows;
    read(json, path, rows);
    matrix = {};
    for (std::size_t t = 0; t < rows.size(); ++t) {
      if (rows[t].size() != rows[0].size()) {
        throw FolderError(fmt::format("{}: {}[{}]: expected {} numbers, as in the row before, got {}", where_,
                                      path, t, rows[0].size(), rows[t].size()));
      }
      matrix.add_row(std::span<const float>(rows[t]));
    }
  }
  template <class T>
  void read(const Json& json, const std::string& path, T& value) const {
    if constexpr (requires { typename T::mapped_type; }) {
      if (!json.is_object()) wrong(path, "an object", json);
      value.clear();
      for (const auto& [key, item] : json.items()) read(item, below(path, key), value[key]);
    } else if constexpr (requires { value.begin(); }) {
      if (!json.is_array()) wrong(path, "a list", json);
      if constexpr (requires { value.resize(json.size()); }) value.resize(json.size());
      if (value.size() != json.size()) wrong(path, fmt::format("a list of {}", value.size()), json);
      for (std::size_t i = 0; i < value.size(); ++i) read(json[i], fmt::format("{}[{}]", path, i), value[i]);
    } else {
      Reader reader(json, where_, path);
      fields(reader, value);
    }
  }

  const Json& object_;
  const std::string& where_;
  std::string path_;
};

template <class T>
std::string file_text(const T& value) {
  return Writer::json(value).dump(2) + "\n";
}

template <class T>
std::string line_text(const T& value) {
  return Writer::json(value).dump() + "\n";
}

// Checks rules that concern several fields of a struct.
template <class T>
void require_consistent(const T&, const std::string&) {}

void require_consistent(const AttentionExample& entry, const std::string& where) {
  if (entry.weights.targets != static_cast<Index>(entry.target.size())) {
    throw FolderError(fmt::format("{}: weights: expected {} rows, one for each target token, got {}", where,
                                  entry.target.size(), entry.weights.targets));
  }
  if (!entry.weights.empty() && entry.weights.sources != static_cast<Index>(entry.source.size())) {
    throw FolderError(fmt::format("{}: weights[0]: expected {} numbers, one for each source token, got {}", where,
                                  entry.source.size(), entry.weights.sources));
  }
  for (std::size_t n = 0; n < entry.maps.size(); ++n) {
    const WeightMatrix& map = entry.maps[n];
    if (map.targets == entry.weights.targets && map.sources == entry.weights.sources) continue;
    throw FolderError(fmt::format("{}: maps[{}]: expected {} rows of {} numbers, as the weights", where, n,
                                  entry.target.size(), entry.source.size()));
  }
}

// Prints weights as the shortest text that reads back as the same float. This takes half the bytes of a double.
std::string weights_text(const WeightMatrix& weights) {
  std::string text;
  for (Index t = 0; t < weights.targets; ++t) {
    text += t == 0 ? "[" : ",[";
    for (Index s = 0; s < weights.sources; ++s) {
      const auto weight = static_cast<float>(weights.at(t, s));
      if (s > 0) text += ',';
      text +=
          std::isfinite(weight) ? fmt::format("{}", weight) : fmt::format("\"{}\"", name_of_non_finite(weight));
    }
    text += ']';
  }
  return fmt::format("[{}]", text);
}

}  // namespace

std::string to_json(const DataFacts& facts) { return file_text(facts); }
std::string to_json(const Manifest& manifest) { return file_text(manifest); }
std::string to_json(const Scores& scores) { return file_text(scores); }
std::string to_json(const Status& status) { return file_text(status); }
std::string to_json(const Tuning& tuning) { return file_text(tuning); }
std::string to_json(const RunFacts& facts) { return file_text(facts); }
std::string to_json(const Decisions& decisions) { return file_text(decisions); }
std::string to_json(const Registration& line) { return line_text(line); }
std::string to_json(const Interventions& interventions) { return file_text(interventions); }
std::string to_json(const PlanProgress& progress) { return file_text(progress); }
std::string to_json(const HistoryEntry& entry) { return line_text(entry); }
std::string to_json(const TimingEntry& entry) { return line_text(entry); }

std::string to_json(const AttentionExample& entry) {
  std::string maps;
  for (const WeightMatrix& map : entry.maps) maps += (maps.empty() ? ",\"maps\":[" : ",") + weights_text(map);
  if (!maps.empty()) maps += ']';
  return fmt::format("{{\"index\":{},\"source\":{},\"target\":{},\"weights\":{}{}}}\n", entry.index,
                     Writer::json(entry.source).dump(), Writer::json(entry.target).dump(),
                     weights_text(entry.weights), maps);
}

template <class T>
T from_json(std::string_view text, const std::string& where) {
  Json json;
  try {
    json = parse_json(text);
  } catch (const JsonError& error) {
    throw FolderError(fmt::format("{}: is damaged: it {}", where, error.what()));
  }
  T value;
  Reader reader(json, where, "");
  fields(reader, value);
  require_consistent(value, where);
  return value;
}

template DataFacts from_json(std::string_view, const std::string&);
template Manifest from_json(std::string_view, const std::string&);
template Scores from_json(std::string_view, const std::string&);
template Status from_json(std::string_view, const std::string&);
template Tuning from_json(std::string_view, const std::string&);
template RunFacts from_json(std::string_view, const std::string&);
template Decisions from_json(std::string_view, const std::string&);
template Registration from_json(std::string_view, const std::string&);
template Interventions from_json(std::string_view, const std::string&);
template PlanProgress from_json(std::string_view, const std::string&);
template HistoryEntry from_json(std::string_view, const std::string&);
template TimingEntry from_json(std::string_view, const std::string&);
template AttentionExample from_json(std::string_view, const std::string&);

}  // namespace regard::runs
