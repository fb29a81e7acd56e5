#pragma once
// One folder, one writer. The lock is the kernel's (flock on FOLDER/.lock), so a dead holder never keeps it; who
// holds it stands inside the file for the message.
#include <filesystem>
#include <optional>
#include <string>

#include "framework/base/base.h"

namespace regard {

struct Holder {
  std::string host;
  Index process = 0;
  std::string since;  // ISO 8601, UTC
};

class FolderLock final {
 public:
  static constexpr const char* kFileName = ".lock";

  // Takes the lock of an existing folder, or throws FolderError "runs/a: in use by process 7 on host h since …". A
  // child process made by fork shares the lock; one made by exec does not.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

  // The last holder, if it ended without giving the lock back (killed, power cut).
  [[nodiscard]] const std::optional<Holder>& died() const noexcept { return died_; }

  // Who holds the folder now, if anybody; takes nothing. For `regard status`.
  [[nodiscard]] static std::optional<Holder> holder(const std::filesystem::path& folder);

 private:
  int descriptor_ = -1;
  std::optional<Holder> died_;
};

}  // namespace regard
