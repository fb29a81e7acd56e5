#include "framework/data/line_form.h"

#include <algorithm>
#include <array>

#include "framework/base/errors.h"
#include "framework/base/nearest.h"

namespace regard::data {
namespace {

constexpr std::array<std::string_view, 4> kFields{"source", "target", "features", "_"};

std::string in_quotes(std::string_view text) {
  std::string shown;
  for (const char c : text) shown += c == '\t' ? std::string("\\t") : std::string(1, c);
  return fmt::format("\"{}\"", shown);
}

// "V;PST" -> " <V> <PST>"
std::string as_words(std::string_view features) {
  std::string words;
  for (std::size_t begin = 0; begin <= features.size();) {
    const std::size_t end = std::min(features.find(';', begin), features.size());
    if (end > begin) words += fmt::format(" <{}>", features.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

}  // namespace

std::optional<LineForm> LineForm::parse(std::string_view form, std::string& why) {
  LineForm out;
  std::string* text = &out.before_;
  for (std::size_t at = 0; at < form.size();) {
    if (form[at] != '{') {
      *text += form[at++];
      continue;
    }
    const std::size_t end = form.find('}', at);
    const std::string name(form.substr(at + 1, end == std::string_view::npos ? end : end - at - 1));
    if (end == std::string_view::npos || std::find(kFields.begin(), kFields.end(), name) == kFields.end()) {
      why = fmt::format("knows no field {{{}}}; the fields are {{source}}, {{target}}, {{features}} and {{_}}",
                        name);
      return std::nullopt;
    }
    const auto is_it = [&](const Field& field) { return name != "_" && field.name == name; };
    if (std::any_of(out.fields_.begin(), out.fields_.end(), is_it)) {
      why = fmt::format("has the field {{{}}} twice", name);
      return std::nullopt;
    }
    if (!out.fields_.empty() && out.fields_.back().after.empty()) {
      why = fmt::format("has no text between {{{}}} and {{{}}}, so nothing says where one ends",
                        out.fields_.back().name, name);
      return std::nullopt;
    }
    out.fields_.push_back({name, {}});
    text = &out.fields_.back().after;
    at = end + 1;
  }
  for (const char* needed : {"source", "target"}) {
    const auto is_it = [&](const Field& field) { return field.name == needed; };
    if (std::any_of(out.fields_.begin(), out.fields_.end(), is_it)) continue;
    why = fmt::format("has no {{{}}}; write for example \"{{source}}\\t{{target}}\"", needed);
    return std::nullopt;
  }
  return out;
}

std::string LineForm::split(std::string_view line, Pair& pair) const {
  const auto missing = [](std::string_view text) { return fmt::format("has no {}", in_quotes(text)); };
  if (!line.starts_with(before_)) return fmt::format("does not start with {}", in_quotes(before_));
  line.remove_prefix(before_.size());
  std::string features;
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const Field& field = fields_[f];
    std::size_t end = line.size();
    if (!field.after.empty()) {
      const bool last = f + 1 == fields_.size();
      end = last && line.ends_with(field.after) ? line.size() - field.after.size() : line.find(field.after);
      if (end == std::string_view::npos) return missing(field.after);
      if (last && end + field.after.size() != line.size())
        return fmt::format("does not end with {}", in_quotes(field.after));
    }
    const std::string_view value = line.substr(0, end);
    if (field.name == "source") pair.source = value;
    if (field.name == "target") pair.target = value;
    if (field.name == "features") features = as_words(value);
    line.remove_prefix(std::min(line.size(), end + field.after.size()));
  }
  pair.source += features;
  return "";
}

Index for_each_pair(const std::filesystem::path& file, const LineForm& form, const ReadOptions& options,
                    const PairCallback& receive) {
  LineReader lines(file, options.max_line_words);
  Index skipped = 0;
  Pair pair;
  for (std::string line; lines.next(line);) {
    if (const std::string why = form.split(line, pair); !why.empty())
      throw DataError(
          fmt::format("{}: the line {}, so it does not have the form data.files.line", lines.place(), why));
    const bool no_source = count_words(pair.source) == 0;
    if (options.empty_lines != EmptyLines::kKeep && (no_source || count_words(pair.target) == 0)) {
      if (options.empty_lines == EmptyLines::kRefuse) {
        throw DataError(fmt::format("{}: the {} is empty; remove the line, or set data.empty_lines to skip",
                                    lines.place(), no_source ? "source" : "target"));
      }
      ++skipped;
      continue;
    }
    receive(pair);
  }
  return skipped;
}

}  // namespace regard::data
