// regard worker FOLDER SYSTEM SEED: one run, for `regard run`, which starts it.
#include "framework/experiment/worker.h"

#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int worker(const Words& words) {
  Arguments arguments("worker", "worker FOLDER SYSTEM SEED");
  arguments.positional("task", "folder, system and seed", 3);
  if (!arguments.parse(words)) return 0;
  const auto task = arguments.texts("task");
  if (task.size() != 3) arguments.fail("needs a folder, a system and a seed");
  return experiment::work({task[0], task[1], std::stol(task[2])});
}

}  // namespace regard::cli
