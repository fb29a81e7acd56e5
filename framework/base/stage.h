#pragma once
// What this process is at, where `ps` shows its name: "regard train". It costs a system call when a stage begins
// and one when it ends. The thread that makes a Stage ends it, the inner before the outer.
#include <array>

namespace regard {

class Stage final {
 public:
  // `what`: at most 8 characters; more are cut by the system.
  explicit Stage(const char* what);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

 private:
  std::array<char, 16> before_{};
};

}  // namespace regard
