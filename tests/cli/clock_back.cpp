// Loaded before a program, it sets the program's clock back by ten years at every tenth call.
#include <dlfcn.h>
#include <time.h>

#include <atomic>

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  using Function = int (*)(clockid_t, timespec*);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "clock_gettime"));
  static std::atomic<int> looks{0};
  const int result = real(clock, time);
  if (clock == CLOCK_REALTIME && result == 0) time->tv_sec -= (++looks / 10) % 2 * 315'360'000;
  return result;
}
