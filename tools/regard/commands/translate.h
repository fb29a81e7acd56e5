#pragma once
#include "tools/regard/commands/commands.h"
namespace regard::cli {
int translate(const Words& words);
}
