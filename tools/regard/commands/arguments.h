#pragma once
// Parses the command line by Boost.Program_options, without guessing, and with our error messages.
#include <boost/program_options.hpp>
#include <limits>
#include <string>
#include <vector>

#include "tools/regard/commands/commands.h"

namespace regard::cli {

// The options and positional words of one command.
class Arguments {
 public:
  // `usage` is the text after "usage: regard ".
  Arguments(const char* command, const char* usage);

  [[nodiscard]] boost::program_options::options_description_easy_init options() {
    return described_.add_options();
  }
  // Declares the next `count` words without a dash; -1: all that remain.
  void positional(const char* name, const char* meaning, int count);

  // Parses the command line. For --help it prints the help and returns false. Throws ConfigError, for example
  // "regard run: unknown option '--sed'; did you mean '--seeds'? …".
  [[nodiscard]] bool parse(const Words& words);

  [[nodiscard]] bool has(const char* name) const { return values_.count(name) > 0; }
  [[nodiscard]] std::string text(const char* name) const { return values_[name].as<std::string>(); }
  [[nodiscard]] std::vector<std::string> texts(const char* name) const;
  // Returns a whole number from `low` to `high`, or `missing` if the option was not given.
  [[nodiscard]] long integer(const char* name, long low, long missing,
                             long high = std::numeric_limits<long>::max()) const;
  // Throws ConfigError with the usage line.
  [[noreturn]] void fail(const std::string& message) const;
  // --plugin FILE, any number of times; load_plugins() then loads what it named.
  void declare_plugins();
  void load_plugins() const;
  // Returns the one word with this name; an error if there is none.
  [[nodiscard]] std::string required(const char* name) const;

 private:
  std::string command_;
  std::string usage_;
  boost::program_options::options_description described_;
  boost::program_options::options_description words_;
  boost::program_options::positional_options_description positions_;
  boost::program_options::variables_map values_;
};

// regard attend FOLDER --intervene, with the arguments of `attend`.
int intervene(const Arguments& arguments);

}  // namespace regard::cli
