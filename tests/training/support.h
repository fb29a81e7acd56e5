#pragma once
// A store of two parameters whose gradients a test sets, with helpers that read them.
#include <vector>

#include "framework/base/parallel.h"
#include "framework/training/optimizer.h"

namespace regard::testing {

inline std::vector<double> numbers(const Tensor& tensor) {
  std::vector<double> all;
  for (Index i = 0; i < tensor.size(); ++i) all.push_back(tensor.at(i));
  return all;
}

inline void set_all(const Tensor& tensor, const std::vector<double>& values) {
  for (Index i = 0; i < tensor.size(); ++i) tensor.set(i, values[static_cast<std::size_t>(i)]);
}

// Values and gradients in (-1, 1), for stores that are larger than a block and not a multiple of it.
inline void add_large(nn::ParamStore& store) {
  store.add("a", {3, 20011}, nn::small_uniform);
  store.add("b", {7}, nn::ones);
  store.add("c", {16384}, nn::small_uniform);
}
inline void random_gradients(const nn::ParamStore& store, Index update) {
  for (const nn::Param& param : store.all()) {
    const Key key = Key(9, "gradients").with(param.name()).with(update);
    for (Index i = 0; i < param.grad().size(); ++i) param.grad().set(i, 2 * key.uniform(i) - 1);
  }
}

// Sets the number of threads for a scope.
class Threads final {
 public:
  explicit Threads(int count) : before_(threads()) { set_threads(count); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() { set_threads(before_); }

 private:
  int before_;
};

}  // namespace regard::testing
