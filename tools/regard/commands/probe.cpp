// regard probe FILE...: loads plug-ins and reports the outcome, for the commands that will load them.
#include "framework/plugins/plugins.h"
#include "tools/regard/commands/commands.h"

namespace regard::cli {

int probe(const Words& words) { return plugins::probe_plugins(words); }

}  // namespace regard::cli
