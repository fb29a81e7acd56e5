// regard explain [KEY]: explains a key of a plan. regard schema: prints the keys as a JSON Schema, for editors.
#include <fmt/format.h>

#include "framework/config/docs.h"
#include "framework/experiment/plan/plan.h"
#include "framework/experiment/run/stage_of_key.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {
namespace {

constexpr const char* kPage =
    R"(# The keys of a plan

Written by `regard explain --markdown > docs/plan.md`; a test compares the two. `regard explain KEY` shows one of them,
`regard list` the variants and corpora, `regard schema` the same as a JSON Schema for editors.

A plan is one YAML file. A key of an entry of `systems` is dotted (`model.hidden: 256`) and overrides the plan's own
`model`, `training` or `decoding`; so does `--set model.hidden=256` on the command line, for all systems. A name in
brackets behind a key is the variant, corpus or optimiser that brings it.

A relative path starts where it is written: in a plan at the folder of its file, in `--set` and `--plugin` at the current
folder. `${NAME}` in a path is an environment variable, `${NAME:-OTHER}` is OTHER where the variable is not set; a relative
path that begins with a variable's value starts at the current folder.

)";

}  // namespace

int explain(const Words& words) {
  Arguments arguments("explain", "explain [KEY | --markdown] [--plugin FILE]...");
  arguments.positional("key", "a dotted key; default: all keys", 1);
  arguments.options()("markdown", "print all keys as docs/plan.md");
  arguments.declare_plugins();
  if (!arguments.parse(words)) return 0;
  arguments.load_plugins();
  if (arguments.has("markdown")) {
    fmt::print("{}{}", kPage, config::markdown_table(experiment::plan_rows()));
    return 0;
  }
  const auto keys = arguments.texts("key");
  fmt::print("{}",
             config::explain(experiment::plan_rows(), keys.empty() ? "" : keys.front(), experiment::stage_line));
  return 0;
}

int schema(const Words& words) {
  Arguments arguments("schema", "schema [--plugin FILE]...");
  arguments.declare_plugins();
  if (!arguments.parse(words)) return 0;
  arguments.load_plugins();
  fmt::print("{}", config::schema(experiment::plan_rows()));
  return 0;
}

}  // namespace regard::cli
