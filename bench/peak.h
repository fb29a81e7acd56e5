#pragma once
// What the arithmetic units can do: independent multiply-adds from registers, by all threads.

namespace regard::bench {

// The clock on the wall, for differences. (That of a thread stands still for microseconds on some virtual
// machines.)
double seconds();

// GFLOP/s of float32 multiply-adds, and of products of pairs of bfloat16 (0 where there are none), with the
// instruction set and the number of threads in use. The best of many short runs; measured at each call, about 20
// ms.
double float32_peak();
double bfloat16_peak();

}  // namespace regard::bench
