#pragma once
// Allows one writer in a folder. The kernel holds the lock (flock on FOLDER/.lock), so the end of the process releases
// it. The file contains the process that has the lock, for the message.
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

  // Locks an existing folder, or throws FolderError "runs/a: in use by process 7 on host h since …". A child process
  // that is made with fork shares the lock; after exec it does not.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

  // Returns the last holder if it ended without releasing the lock (after a kill or a power cut).
  [[nodiscard]] const std::optional<Holder>& died() const noexcept { return died_; }

  // Returns the current holder of the folder, if any, without locking it. For `regard status`.
  [[nodiscard]] static std::optional<Holder> holder(const std::filesystem::path& folder);

 private:
  int descriptor_ = -1;
  std::optional<Holder> died_;
};

}  // namespace regard
