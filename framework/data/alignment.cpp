#include "framework/data/alignment.h"

#include <algorithm>
#include <charconv>

#include "framework/base/errors.h"

namespace regard::data {
namespace {

Link parse_link(std::string_view text, const std::string& place) {
  Link link;
  const char* end = text.data() + text.size();
  const auto source = std::from_chars(text.data(), end, link.source);
  if (source.ec == std::errc{} && source.ptr != end && *source.ptr == '-') {
    const auto target = std::from_chars(source.ptr + 1, end, link.target);
    if (target.ec == std::errc{} && target.ptr == end && link.source >= 0 && link.target >= 0) return link;
  }
  throw DataError(
      fmt::format("{}: '{}' is not a link; write links as source-target with word positions from 0, "
                  "such as '0-0 1-2'",
                  place, text.substr(0, 40)));
}

void require_inside(std::string_view side, Index position, Index words, const Link& link,
                    const std::string& place) {
  if (position < words) return;
  throw DataError(
      fmt::format("{}: the link {}-{} points at {} word {}, but that sentence has {} words, counted from 0", place,
                  link.source, link.target, side, position, words));
}

}  // namespace

std::string to_pharaoh(const Alignment& links) {
  std::string line;
  for (const Link& link : links) {
    if (!line.empty()) line += ' ';
    line += fmt::format("{}-{}", link.source, link.target);
  }
  return line;
}

Alignment parse_pharaoh(std::string_view line, Index source_words, Index target_words, const std::string& place) {
  Alignment links;
  for (std::size_t at = line.find_first_not_of(" \t"); at != std::string_view::npos;
       at = line.find_first_not_of(" \t", at)) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    const Link link = parse_link(line.substr(at, end - at), place);
    require_inside("source", link.source, source_words, link, place);
    require_inside("target", link.target, target_words, link, place);
    links.push_back(link);
    at = end;
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  return links;
}

}  // namespace regard::data
