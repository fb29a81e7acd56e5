#pragma once
// The errors of regard. Each type says who can fix the cause. main() prints `error: …` on one line and exits with
// exit_code(): 2 for the user's mistakes, 1 for ours. The text is one sentence that says where, which rule, what
// was given and what to do; it is never empty.
#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace regard {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  [[nodiscard]] virtual int exit_code() const noexcept { return 2; }
};

// The user's YAML, or an option of the command line: "file:line:column: key: rule, got value".
class ConfigError final : public Error {
 public:
  using Error::Error;
};

// A corpus or another input file: "file:line: …".
class DataError final : public Error {
 public:
  using Error::Error;
};

// A checkpoint that is damaged or belongs to another model: "path: …".
class CheckpointError final : public Error {
 public:
  using Error::Error;
};

// A run folder: in use, not writable, of another version; or a disk that is full.
class FolderError final : public Error {
 public:
  using Error::Error;
};

// A library named under `plugins:` that cannot be used.
class PluginError final : public Error {
 public:
  using Error::Error;
};

// Shapes that do not fit an op: "matmul: a [32, 512] x b [500, 512]: …". The programmer's mistake.
class ShapeError final : public Error {
 public:
  using Error::Error;
  [[nodiscard]] int exit_code() const noexcept override { return 1; }
};

// A loss or gradient that is not finite: the step and the first op that made it.
class NonFiniteError final : public Error {
 public:
  using Error::Error;
  [[nodiscard]] int exit_code() const noexcept override { return 1; }
};

// A broken promise inside regard; thrown by check().
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
