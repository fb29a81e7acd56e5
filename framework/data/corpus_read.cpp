// Reading parallel text, and refusing what is not.
#include <algorithm>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/utf8.h"
#include "framework/data/corpus.h"

namespace regard::data {
namespace {

namespace fs = std::filesystem;

std::string place(const fs::path& file, Index line) { return fmt::format("{}:{}", file.string(), line); }

void require_text(std::string_view line, const std::string& where) {
  if (const auto bad = utf8::first_invalid(line)) {
    const auto byte = static_cast<unsigned char>(line[*bad]);
    throw DataError(
        fmt::format("{}: byte {} of the line (0x{:02X}) is not valid UTF-8; convert the file, for example "
                    "with iconv -f latin1 -t utf-8",
                    where, *bad + 1, byte));
  }
  if (const std::size_t nul = line.find('\0'); nul != std::string_view::npos) {
    throw DataError(
        fmt::format("{}: byte {} of the line is NUL, which text does not contain; is this a text file in "
                    "UTF-8?",
                    where, nul + 1));
  }
}

void require_line_length(std::string_view line, Index limit, const std::string& where) {
  if (static_cast<Index>(line.size()) <= 2 * limit) return;  // too short to hold more words
  const Index words = count_words(line);
  if (words <= limit) return;
  throw DataError(fmt::format("{}: the line has {} words, but data.max_line_words is {}; is a line break missing?",
                              where, words, limit));
}

bool is_blank(std::string_view line) { return count_words(line) == 0; }

void require_parallel(const fs::path& a, Index a_lines, const fs::path& b, Index b_lines) {
  if (a_lines == b_lines) return;
  const bool a_is_longer = a_lines > b_lines;
  const fs::path& longer = a_is_longer ? a : b;
  const fs::path& shorter = a_is_longer ? b : a;
  throw DataError(
      fmt::format("{}: the first line without a partner: this file has {} lines, but {} has {}; line i of "
                  "one must belong to line i of the other",
                  place(longer, std::min(a_lines, b_lines) + 1), std::max(a_lines, b_lines), shorter.string(),
                  std::min(a_lines, b_lines)));
}

}  // namespace

Index count_words(std::string_view text) noexcept {
  Index words = 0;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const bool space = utf8::is_whitespace(utf8::decode(text, at));
    words += !space && !inside ? 1 : 0;
    inside = !space;
  }
  return words;
}

std::vector<std::string> read_lines(const fs::path& file, Index max_line_words) {
  const std::string bytes = read_file(file);
  std::string_view rest = bytes;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  if (rest.empty())
    throw DataError(fmt::format("{}: the file is empty; it needs one sentence a line", file.string()));
  std::vector<std::string> lines;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string where = place(file, static_cast<Index>(lines.size()) + 1);
    require_text(line, where);
    require_line_length(line, max_line_words, where);
    lines.emplace_back(line);
  }
  return lines;
}

Corpus read_corpus(const fs::path& source, const fs::path& target, const fs::path& alignment,
                   const ReadOptions& options) {
  std::vector<std::string> sources = read_lines(source, options.max_line_words);
  std::vector<std::string> targets = read_lines(target, options.max_line_words);
  const auto lines = static_cast<Index>(sources.size());
  require_parallel(source, lines, target, static_cast<Index>(targets.size()));
  std::vector<std::string> links;
  if (!alignment.empty()) {
    constexpr Index kNoLimit = Index{1} << 40;
    links = read_lines(alignment, kNoLimit);
    require_parallel(source, lines, alignment, static_cast<Index>(links.size()));
  }
  Corpus corpus;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const bool blank = is_blank(sources[i]);
    if (options.empty_lines != EmptyLines::kKeep && (blank || is_blank(targets[i]))) {
      if (options.empty_lines == EmptyLines::kRefuse) {
        throw DataError(
            fmt::format("{}: the line is empty; remove it and its partner from both files, or set "
                        "data.empty_lines to skip",
                        place(blank ? source : target, static_cast<Index>(i) + 1)));
      }
      ++corpus.skipped;
      continue;
    }
    if (!alignment.empty()) {
      corpus.gold.push_back(parse_pharaoh(links[i], count_words(sources[i]), count_words(targets[i]),
                                          place(alignment, static_cast<Index>(i) + 1)));
    }
    corpus.source.push_back(std::move(sources[i]));
    corpus.target.push_back(std::move(targets[i]));
  }
  return corpus;
}

}  // namespace regard::data
