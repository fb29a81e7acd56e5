// regard attend FOLDER --intervene: measures whether the finished runs of a folder use their attention.
#include <fmt/format.h>

#include "framework/inference/interventions.h"
#include "framework/report/report.h"
#include "tools/regard/commands/arguments.h"
#include "tools/regard/commands/instructions.h"

namespace regard::cli {

int intervene(const Arguments& arguments) {
  for (const char* other : {"model", "target", "svg", "json", "color"}) {
    if (arguments.has(other))
      arguments.fail(fmt::format("--{} shows one sentence; --intervene takes a folder", other));
  }
  if (!arguments.has("sentence")) arguments.fail("--intervene needs a run folder");
  const std::string folder = arguments.required("sentence");
  choose_instructions();
  inference::InterventionOptions options;
  options.kinds = arguments.texts("weights");
  options.other = arguments.has("other") ? arguments.text("other") : "";
  options.plugins = arguments.texts("plugin");
  options.say = [](const std::string& line) { fmt::print("{}\n", line); };
  const inference::InterventionCounts counts = inference::intervene(folder, options);
  fmt::print("{} runs with attention: {} results made, {} kept{}\n", counts.runs, counts.made, counts.kept,
             counts.refused == 0 ? "" : fmt::format(", {} runs refused", counts.refused));
  fmt::print("report: {}\n", report::make_report(folder).string());
  return 0;
}

}  // namespace regard::cli
