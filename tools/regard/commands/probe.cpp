// regard probe FILE...: loads plug-ins and says how that went, for the commands that are to load them.
#include "framework/plugins/plugins.h"
#include "tools/regard/commands/commands.h"

namespace regard::cli {

int probe(const Words& words) { return plugins::probe_plugins(words); }

}  // namespace regard::cli
