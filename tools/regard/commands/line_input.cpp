#include "tools/regard/commands/line_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "framework/base/errors.h"
#include "framework/base/files.h"

namespace regard::cli {

LineInput::LineInput(const std::string& file) : name_(file) {
  if (file == "-") {
    name_ = "standard input";
    descriptor_ = STDIN_FILENO;
    return;
  }
  descriptor_ = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw DataError(fmt::format("{}: cannot be read: {}", name_, cause_of(errno)));
  ours_ = true;
}

LineInput::~LineInput() {
  if (ours_) close(descriptor_);
}

bool LineInput::is_terminal() const { return isatty(descriptor_) != 0; }

bool LineInput::fill() {
  constexpr std::size_t kPiece = 1 << 16;
  if (at_ > 0) {
    buffer_.erase(0, at_);
    searched_ -= at_;
    at_ = 0;
  }
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kPiece);
  ssize_t count = 0;
  do {
    count = read(descriptor_, buffer_.data() + before, kPiece);
  } while (count < 0 && errno == EINTR);
  const int cause = errno;
  buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count < 0) throw DataError(fmt::format("{}: cannot be read: {}", name_, cause_of(cause)));
  ended_ = count == 0;
  return !ended_;
}

bool LineInput::take(std::string& line) {
  const std::size_t end = buffer_.find('\n', searched_);
  if (end == std::string::npos) {
    searched_ = buffer_.size();
    if (!ended_ || at_ == buffer_.size()) return false;
  }
  line = buffer_.substr(at_, end == std::string::npos ? std::string::npos : end - at_);
  at_ = end == std::string::npos ? buffer_.size() : end + 1;
  searched_ = at_;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (!begun_ && line.starts_with(kMark)) line.erase(0, kMark.size());
  begun_ = true;
  return true;
}

bool LineInput::next(std::vector<std::string>& lines, Index most) {
  lines.clear();
  std::string line;
  for (;;) {
    while (static_cast<Index>(lines.size()) < most && take(line)) lines.push_back(line);
    if (static_cast<Index>(lines.size()) == most || ended_) return !lines.empty();
    pollfd ready{descriptor_, POLLIN, 0};
    if (!lines.empty() && poll(&ready, 1, 0) <= 0) return true;
    fill();
  }
}

bool print_out(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno == EPIPE) {
      return false;
    } else if (errno != EINTR) {
      throw FolderError(fmt::format("standard output: cannot be written: {}", cause_of(errno)));
    }
  }
  return true;
}

}  // namespace regard::cli
