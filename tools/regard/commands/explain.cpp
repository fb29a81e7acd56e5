// regard explain [KEY]: what a key of a plan means. regard schema: the same for editors.
#include <fmt/format.h>

#include "framework/config/docs.h"
#include "framework/experiment/plan.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int explain(const Words& words) {
  Arguments arguments("explain", "explain [KEY]");
  arguments.positional("key", "a dotted key; all of them without", 1);
  if (!arguments.parse(words)) return 0;
  const auto keys = arguments.texts("key");
  fmt::print("{}", config::explain(experiment::plan_rows(), keys.empty() ? "" : keys.front()));
  return 0;
}

int schema(const Words& words) {
  Arguments arguments("schema", "schema");
  if (!arguments.parse(words)) return 0;
  fmt::print("{}", config::schema(experiment::plan_rows()));
  return 0;
}

}  // namespace regard::cli
