#pragma once
// Measures the peak of the arithmetic units: independent multiply-adds from registers, in all threads.

namespace regard::bench {

// Returns the time of a steady clock, for differences. (On some virtual machines the clock of a thread stops for
// microseconds.)
double seconds();

// Return GFLOP/s of float32 multiply-adds, and of products of bfloat16 pairs (0 if the processor has none), with
// the instruction set and the number of threads in use. The best of many short runs; each call measures for about
// 20 ms.
double float32_peak();
double bfloat16_peak();

}  // namespace regard::bench
