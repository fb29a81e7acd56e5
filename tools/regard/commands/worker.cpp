// regard worker FOLDER SYSTEM SEED: does one run. `regard run` starts it.
#include "framework/experiment/schedule/worker.h"

#include <fmt/format.h>

#include <charconv>

#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int worker(const Words& words) {
  Arguments arguments("worker", "worker FOLDER SYSTEM SEED");
  arguments.positional("task", "folder, system and seed", 3);
  if (!arguments.parse(words)) return 0;
  const auto task = arguments.texts("task");
  if (task.size() == 3 && task[2] == "measure") return experiment::work({task[0], task[1], 0, true});
  if (task.size() != 3) arguments.fail("needs a folder, a system and a seed");
  Index seed = 0;
  const char* const end = task[2].data() + task[2].size();
  const auto read = std::from_chars(task[2].data(), end, seed);
  if (read.ec != std::errc() || read.ptr != end)
    arguments.fail(fmt::format("the seed must be a whole number, got \"{}\"", task[2]));
  return experiment::work({task[0], task[1], seed});
}

}  // namespace regard::cli
