#pragma once
// One folder, one writer. The lock is the kernel's (flock on FOLDER/.lock), so the death of its holder releases
// it. The file contains the holder, for the message.
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

  // Locks an existing folder, or throws FolderError "runs/a: in use by process 7 on host h since …". A child
  // process made by fork shares the lock; one made by exec does not.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

  // Returns the last holder, if it ended without releasing the lock (killed, power cut).
  [[nodiscard]] const std::optional<Holder>& died() const noexcept { return died_; }

  // Returns the current holder of the folder, if there is one, without locking it. For `regard status`.
  [[nodiscard]] static std::optional<Holder> holder(const std::filesystem::path& folder);

 private:
  int descriptor_ = -1;
  std::optional<Holder> died_;
};

}  // namespace regard
