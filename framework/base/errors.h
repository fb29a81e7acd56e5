#pragma once
// The errors of regard. The type tells who can fix the cause. main() prints `error: …` on one line and exits with
// exit_code(): 2 for the user's mistakes, 1 for ours. The text is one sentence with the place, the rule, the given
// value and what to do; it is never empty.
#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace regard {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  [[nodiscard]] virtual int exit_code() const noexcept { return 2; }
};

// A mistake in the user's YAML or an option of the command line: "file:line:column: key: rule, got value".
class ConfigError final : public Error {
 public:
  using Error::Error;
};

// A mistake in a corpus or another input file: "file:line: …".
class DataError final : public Error {
 public:
  using Error::Error;
};

// A checkpoint that is damaged or belongs to another model: "path: …".
class CheckpointError final : public Error {
 public:
  using Error::Error;
};

// A run folder that is in use, not writable or of another version; or a full disk.
class FolderError final : public Error {
 public:
  using Error::Error;
};

// A library named under `plugins:` that cannot be used.
class PluginError final : public Error {
 public:
  using Error::Error;
};

// Shapes that an op does not accept, a mistake of the programmer: "matmul: a [32, 512] x b [500, 512]: …".
class ShapeError final : public Error {
 public:
  using Error::Error;
  [[nodiscard]] int exit_code() const noexcept override { return 1; }
};

// A loss or gradient that is not finite, with the step and the first op that computed such a value.
class NonFiniteError final : public Error {
 public:
  using Error::Error;
  [[nodiscard]] int exit_code() const noexcept override { return 1; }
};

// A mistake inside regard; thrown by check().
class InternalError final : public Error {
 public:
  using Error::Error;
  [[nodiscard]] int exit_code() const noexcept override { return 1; }
};

// Throws InternalError "file:line: what" unless the condition holds. (clang 14 cannot compile std::source_location
// with libstdc++ 12, hence the builtins.)
inline void check(bool condition, const char* what, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (!condition) throw InternalError(fmt::format("{}:{}: {}", file, line, what));
}

}  // namespace regard
