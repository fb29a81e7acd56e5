#pragma once
#include <cstdlib>
#include <optional>
#include <string>

namespace regard::test {

// XDG_CACHE_HOME with another value until the end of a case.
class CacheHome {
 public:
  explicit CacheHome(const std::string& value) {
    if (const char* const before = std::getenv("XDG_CACHE_HOME")) before_ = before;
    ::setenv("XDG_CACHE_HOME", value.c_str(), 1);
  }
  CacheHome(const CacheHome&) = delete;
  CacheHome& operator=(const CacheHome&) = delete;
  ~CacheHome() {
    if (before_) {
      ::setenv("XDG_CACHE_HOME", before_->c_str(), 1);
    } else {
      ::unsetenv("XDG_CACHE_HOME");
    }
  }

 private:
  std::optional<std::string> before_;
};

}  // namespace regard::test
