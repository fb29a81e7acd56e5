#include "tests/support/heap_count.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <string_view>

#include "framework/base/errors.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define REGARD_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define REGARD_SANITIZED
#endif
#ifdef REGARD_SANITIZED
// As in <sanitizer/allocator_interface.h>, which not every compiler's package has.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, std::size_t),
                                                         void (*on_free)(const volatile void*));
#endif

namespace regard::testing {
namespace {

constexpr int kFrames = 24;
constexpr std::size_t kRemembered = 4096;

struct Taken {
  std::size_t bytes;
  const void* caller;  // of malloc or a related function; null if it is not known
  int depth;
  std::array<void*, kFrames> frames;
};

// This code runs inside of malloc, so it may not allocate.
std::atomic<bool> counting{false};
std::atomic<std::size_t> taken_count{0};
std::array<Taken, kRemembered> taken;
thread_local bool inside = false;

void note(std::size_t bytes, const void* caller) noexcept {
  if (!counting.load(std::memory_order_relaxed) || inside) return;
  inside = true;
  const std::size_t at = taken_count.fetch_add(1);
  if (at < kRemembered) {
    taken[at].bytes = bytes;
    taken[at].caller = caller;
    taken[at].depth = backtrace(taken[at].frames.data(), kFrames);
  }
  inside = false;
}

std::string library_of(const void* address) {
  Dl_info info;
  Dl_info own;
  if (dladdr(address, &info) == 0 || dladdr(&taken, &own) == 0) return "unknown";
  if (info.dli_fbase == own.dli_fbase) return "program";
  const std::string_view file(info.dli_fname);
  const std::string_view name = file.substr(file.rfind('/') + 1);
  return std::string(name.substr(0, name.find('.')));
}

bool is_runtime(const std::string& library) {
  static constexpr std::array<std::string_view, 9> kRuntimes{
      "libc", "libstdc++", "libm", "libgcc_s", "libfmt", "libasan", "libtsan", "libubsan", "ld-linux-x86-64"};
  return std::find(kRuntimes.begin(), kRuntimes.end(), library) != kRuntimes.end();
}

// Returns the first caller outside of the runtimes. If malloc's caller is not known, frames of the program are
// skipped too, because the frames of this file are in it.
std::string owner_of(const Taken& one) {
  const bool known = one.caller != nullptr;
  const auto end = one.frames.begin() + one.depth;
  const auto begin = known ? std::find(one.frames.begin(), end, one.caller) : one.frames.begin();
  const auto frame = std::find_if(begin, end, [known](void* at) {
    const std::string library = library_of(at);
    return !is_runtime(library) && (known || library != "program");
  });
  return frame == end ? "unknown" : library_of(*frame);
}

std::string lines(const std::vector<HeapUse>& libraries, bool complete, bool ours_only) {
  std::string text;
  for (const HeapUse& use : libraries) {
    if (ours_only && use.library != "libregard" && use.library != "program") continue;
    text += fmt::format("{}{}: {} calls, {} bytes", text.empty() ? "" : "\n", use.library, use.calls, use.bytes);
  }
  return complete ? text : text + "\nand more than is remembered";
}

#ifdef REGARD_SANITIZED
void on_malloc(const volatile void*, std::size_t bytes) { note(bytes, nullptr); }
void on_free(const volatile void*) {}
#endif

}  // namespace

std::string HeapUses::ours() const { return lines(libraries, complete, true); }
std::string HeapUses::all() const { return lines(libraries, complete, false); }
Index HeapUses::calls(const std::string& library) const {
  for (const HeapUse& use : libraries) {
    if (use.library == library) return use.calls;
  }
  return 0;
}

HeapCount::HeapCount() {
  check(!counting, "one HeapCount at a time");
  // The first use of the unwinder loads a library and allocates.
  std::array<void*, 1> frames;
  backtrace(frames.data(), 1);
#ifdef REGARD_SANITIZED
  static const int installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
  check(installed > 0, "the sanitizer takes no hooks");
#endif
  taken_count = 0;
  counting = true;
}

HeapCount::~HeapCount() { counting = false; }

HeapUses HeapCount::stop() {
  counting = false;
  std::map<std::string, HeapUse> by_library;
  const std::size_t count = std::min(taken_count.load(), kRemembered);
  for (std::size_t at = 0; at < count; ++at) {
    const std::string library = owner_of(taken[at]);
    HeapUse& use = by_library[library];
    use.library = library;
    ++use.calls;
    use.bytes += static_cast<Index>(taken[at].bytes);
  }
  HeapUses uses;
  uses.complete = taken_count <= kRemembered;
  for (const auto& [library, use] : by_library) uses.libraries.push_back(use);
  return uses;
}

}  // namespace regard::testing

#ifndef REGARD_SANITIZED
// glibc's own allocator under its other names; glibc's free() releases its memory.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);

void* malloc(std::size_t bytes) noexcept {
  regard::testing::note(bytes, __builtin_return_address(0));
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) noexcept {
  regard::testing::note(count * bytes, __builtin_return_address(0));
  return __libc_calloc(count, bytes);
}
void* realloc(void* memory, std::size_t bytes) noexcept {
  regard::testing::note(bytes, __builtin_return_address(0));
  return __libc_realloc(memory, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  regard::testing::note(bytes, __builtin_return_address(0));
  return __libc_memalign(alignment, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  regard::testing::note(bytes, __builtin_return_address(0));
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) noexcept {
  regard::testing::note(bytes, __builtin_return_address(0));
  *memory = __libc_memalign(alignment, bytes);
  return *memory == nullptr ? ENOMEM : 0;
}
}
#endif
