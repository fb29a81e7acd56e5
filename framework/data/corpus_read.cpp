// Reads and checks parallel text.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/utf8.h"
#include "framework/data/corpus.h"

namespace regard::data {
namespace {

namespace fs = std::filesystem;

std::string place(const fs::path& file, Index line) { return fmt::format("{}:{}", file.string(), line); }

void require_text(std::string_view line, const LineReader& where) {
  if (const auto bad = utf8::first_invalid(line)) {
    const auto byte = static_cast<unsigned char>(line[*bad]);
    throw DataError(
        fmt::format("{}: byte {} of the line (0x{:02X}) is not valid UTF-8; convert the file, for example "
                    "with iconv -f latin1 -t utf-8",
                    where.place(), *bad + 1, byte));
  }
  if (const std::size_t nul = line.find('\0'); nul != std::string_view::npos) {
    throw DataError(
        fmt::format("{}: byte {} of the line is NUL, which is not allowed in text; is this a text file in UTF-8?",
                    where.place(), nul + 1));
  }
}

void require_line_length(std::string_view line, Index limit, const LineReader& where) {
  if (static_cast<Index>(line.size()) <= 2 * limit) return;  // too short for more words
  const Index words = count_words(line);
  if (words <= limit) return;
  throw DataError(fmt::format("{}: the line has {} words, but data.max_line_words is {}; is a line break missing?",
                              where.place(), words, limit));
}

bool is_blank(std::string_view line) { return count_words(line) == 0; }

// DataError if one of two files has more lines. Both readers have read equally many complete pairs of lines; a_more and
// b_more are the results of their next read.
void require_parallel(LineReader& a, const fs::path& a_file, LineReader& b, const fs::path& b_file, bool a_more,
                      bool b_more) {
  if (a_more == b_more) return;
  LineReader& longer = a_more ? a : b;
  const Index first = longer.lines();  // this line is already read
  const Index lines = first - 1;
  for (std::string line; longer.next(line);) {
  }
  throw DataError(fmt::format(
      "{}: this line has no partner: this file has {} lines, but {} has {}; line i of "
      "one must belong to line i of the other",
      place(a_more ? a_file : b_file, first), longer.lines(), (a_more ? b_file : a_file).string(), lines));
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

LineReader::LineReader(fs::path file, Index max_line_words)
    : file_(std::move(file)), max_line_words_(max_line_words) {
  descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = descriptor_ >= 0 && more();
  const int cause = errno;
  if (!good && descriptor_ >= 0) ::close(descriptor_);
  if (!good) throw DataError(fmt::format("{}: cannot be read: {}", file_.string(), cause_of(cause)));
  if (std::string_view(piece_).starts_with("\xEF\xBB\xBF")) at_ = 3;
  if (at_ == piece_.size()) {
    ::close(descriptor_);
    throw DataError(fmt::format("{}: the file is empty; it needs one sentence a line", file_.string()));
  }
}

LineReader::~LineReader() { ::close(descriptor_); }

std::string LineReader::place() const { return data::place(file_, lines_); }

// Reads more bytes after the unused ones. Returns false, with errno, if the file cannot be read.
bool LineReader::more() {
  constexpr std::size_t kPiece = std::size_t{1} << 18;
  piece_.erase(0, at_);
  at_ = 0;
  const std::size_t before = piece_.size();
  piece_.resize(before + kPiece);
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, piece_.data() + before, kPiece);
  } while (count < 0 && errno == EINTR);
  piece_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return count >= 0;
}

bool LineReader::next(std::string& line) {
  std::size_t end = piece_.find('\n', at_);
  while (end == std::string::npos) {
    const std::size_t waiting = piece_.size() - at_;
    if (!more()) throw DataError(fmt::format("{}: cannot be read: {}", file_.string(), cause_of(errno)));
    if (piece_.size() == waiting) break;  // the end of the file
    end = piece_.find('\n', waiting);
  }
  if (end == std::string::npos && at_ == piece_.size()) return false;
  const std::size_t behind = end == std::string::npos ? piece_.size() : end + 1;
  line.assign(piece_, at_, std::min(end, piece_.size()) - at_);
  at_ = behind;
  if (line.ends_with('\r')) line.pop_back();
  ++lines_;
  require_text(line, *this);
  require_line_length(line, max_line_words_, *this);
  return true;
}

std::vector<std::string> read_lines(const fs::path& file, Index max_line_words) {
  LineReader reader(file, max_line_words);
  std::vector<std::string> lines;
  for (std::string line; reader.next(line);) lines.push_back(line);
  return lines;
}

Index for_each_pair(const fs::path& source, const fs::path& target, const fs::path& alignment,
                    const ReadOptions& options, const PairCallback& receive) {
  constexpr Index kNoLimit = Index{1} << 40;
  LineReader sources(source, options.max_line_words);
  LineReader targets(target, options.max_line_words);
  std::optional<LineReader> links;
  if (!alignment.empty()) links.emplace(alignment, kNoLimit);
  Index skipped = 0;
  Pair pair;
  pair.has_gold = links.has_value();
  std::string line;
  for (;;) {
    const bool more = sources.next(pair.source);
    require_parallel(sources, source, targets, target, more, targets.next(pair.target));
    if (links) require_parallel(sources, source, *links, alignment, more, links->next(line));
    if (!more) return skipped;
    const bool blank = is_blank(pair.source);
    if (options.empty_lines != EmptyLines::kKeep && (blank || is_blank(pair.target))) {
      if (options.empty_lines == EmptyLines::kRefuse) {
        throw DataError(
            fmt::format("{}: the line is empty; remove it and its partner from both files, or set "
                        "data.empty_lines to skip",
                        blank ? sources.place() : targets.place()));
      }
      ++skipped;
      continue;
    }
    if (links) {
      pair.gold = parse_pharaoh(line, count_words(pair.source), count_words(pair.target), links->place());
    }
    receive(pair);
  }
}

Corpus read_corpus(const fs::path& source, const fs::path& target, const fs::path& alignment,
                   const ReadOptions& options) {
  return collect(
      [&](const PairCallback& receive) { return for_each_pair(source, target, alignment, options, receive); });
}

Corpus collect(const Pairs& pairs) {
  Corpus corpus;
  corpus.skipped = pairs([&](Pair& pair) {
    corpus.source.push_back(std::move(pair.source));
    corpus.target.push_back(std::move(pair.target));
    if (pair.has_gold) corpus.gold.push_back(std::move(pair.gold));
  });
  return corpus;
}

Pairs pairs_of(const Corpus& corpus) {
  return [&corpus](const PairCallback& receive) {
    Pair pair;
    pair.has_gold = !corpus.gold.empty();
    for (std::size_t i = 0; i < corpus.source.size(); ++i) {
      pair.source = corpus.source[i];
      pair.target = corpus.target[i];
      if (pair.has_gold) pair.gold = corpus.gold[i];
      receive(pair);
    }
    return corpus.skipped;
  };
}

}  // namespace regard::data
