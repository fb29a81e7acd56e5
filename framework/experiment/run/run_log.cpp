#include "framework/experiment/run/run_log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

namespace regard::experiment {

struct RunLog::Sink {
  explicit Sink(const std::string& file)
      : logger("run", std::make_shared<spdlog::sinks::basic_file_sink_mt>(file)) {
    logger.set_pattern("%Y-%m-%d %H:%M:%S %v");
    logger.flush_on(spdlog::level::info);
  }
  spdlog::logger logger;
};

RunLog::RunLog(const Path& file) : sink_(std::make_unique<Sink>(file.string())) {}
RunLog::~RunLog() = default;

void RunLog::line(std::string_view text) { sink_->logger.info(text); }

}  // namespace regard::experiment
