// regard dump FOLDER SYSTEM --seed N --out FILE: writes logits, loss and gradients of a run on a real batch, for
// tools/peers/load_in_pytorch.py.
#include "framework/experiment/run/reference_dump.h"

#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int reference_dump(const Words& words) {
  using boost::program_options::value;
  Arguments arguments("dump", "dump FOLDER SYSTEM --seed N --out FILE [--sentences N]");
  arguments.positional("folder", "a run folder", 1);
  arguments.positional("system", "a system of its plan", 1);
  arguments.options()("seed", value<std::string>(), "a seed of its plan; default: 1")(
      "out", value<std::string>(), "the safetensors file to write")(
      "sentences", value<std::string>(), "how many sentences of the validation set; default: 16");
  if (!arguments.parse(words)) return 0;
  if (!arguments.has("out")) arguments.fail("needs --out FILE");
  experiment::write_reference_dump({arguments.required("folder")}, arguments.required("system"),
                                   arguments.integer("seed", 0, 1), arguments.integer("sentences", 1, 16),
                                   arguments.text("out"));
  return 0;
}

}  // namespace regard::cli
