#pragma once
// log.txt of a run: a line is there as soon as it was said.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

#include "framework/runs/run_folder.h"

namespace regard::experiment {

class RunLog final {
 public:
  explicit RunLog(const Path& file);  // goes on behind what the file holds
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;
  ~RunLog();

  void line(std::string_view text);
  template <class... T>
  void line(fmt::format_string<T...> format, T&&... values) {
    line(std::string_view(fmt::format(format, std::forward<T>(values)...)));
  }

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace regard::experiment
