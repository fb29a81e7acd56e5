#pragma once
// The command line by Boost.Program_options, guessing off, with errors in our words.
#include <boost/program_options.hpp>
#include <limits>
#include <string>
#include <vector>

#include "tools/regard/commands/commands.h"

namespace regard::cli {

// Options and positional words of one command.
class Arguments {
 public:
  // `usage` is the line behind "usage: regard". `positional` names the words without a dash, in order; the last
  // may be "name..." and takes all that remain.
  Arguments(const char* command, const char* usage);

  [[nodiscard]] boost::program_options::options_description_easy_init options() {
    return described_.add_options();
  }
  void positional(const char* name, const char* meaning, int count);

  // Parses the words of the command line. For --help prints the help and returns false. ConfigError "regard run:
  // unknown option '--sed'; did you mean '--seeds'? …".
  [[nodiscard]] bool parse(const Words& words);

  [[nodiscard]] bool has(const char* name) const { return values_.count(name) > 0; }
  [[nodiscard]] std::string text(const char* name) const { return values_[name].as<std::string>(); }
  [[nodiscard]] std::vector<std::string> texts(const char* name) const;
  // A whole number from `low` to `high`; `missing` where the option was not given.
  [[nodiscard]] long integer(const char* name, long low, long missing,
                             long high = std::numeric_limits<long>::max()) const;
  // ConfigError with the usage line.
  [[noreturn]] void fail(const std::string& message) const;
  // --plugin FILE, any number of times; load_plugins() then loads what it named.
  void declare_plugins();
  void load_plugins() const;
  // The one word of that name, which must be there.
  [[nodiscard]] std::string required(const char* name) const;

 private:
  std::string command_;
  std::string usage_;
  boost::program_options::options_description described_;
  boost::program_options::options_description words_;
  boost::program_options::positional_options_description positions_;
  boost::program_options::variables_map values_;
};

}  // namespace regard::cli
