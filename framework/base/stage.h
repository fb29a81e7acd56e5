#pragma once
// Shows the current stage of this process as its name in `ps`: "regard train". It costs a system call when a stage
// starts and one when it ends. The thread that makes a Stage must end it, inner stages before outer ones.
#include <array>

namespace regard {

class Stage final {
 public:
  // `what`: at most 8 characters; the system cuts longer texts.
  explicit Stage(const char* what);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

 private:
  std::array<char, 16> before_{};
};

}  // namespace regard
