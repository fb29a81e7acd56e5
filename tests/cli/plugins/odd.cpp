// Libraries that cannot be used, each for another reason; they need nothing of regard.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#if defined(ODD_THROWS)
static const int odd = (throw std::runtime_error("no licence file"), 0);
#elif defined(ODD_CRASHES)
static const int odd = std::raise(SIGABRT);  // not SIGSEGV, which sanitizers handle
#elif defined(ODD_HANGS)
static const int odd = std::raise(SIGALRM);  // the signal that ends a probe that hangs
#elif defined(ODD_EXITS)
static const int odd = (std::_Exit(7), 0);
#elif defined(ODD_CHATTY)
static const int odd = std::printf("a line without an end");  // it registers nothing
#elif defined(ODD_STALE)
extern "C" const char regard_build_0123456789abcdef_gcc12_abi1_plain;
[[gnu::used]] const char* const odd = &regard_build_0123456789abcdef_gcc12_abi1_plain;
static const int never = std::raise(SIGSEGV);  // its code must not run
#elif defined(ODD_UNRESOLVED)
extern "C" int no_such_function();
static const int odd = no_such_function();
#endif

extern "C" int odd_plugin() { return 0; }
