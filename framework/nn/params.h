#pragma once
// Parameters and their gradients, for the lifetime of a model. A parameter's name is its path
// ("decoder/attention/W_a"): the same in the code, the checkpoint and the report. Its initial values depend only on
// (seed, path, shape), so systems that share a path and a shape start with equal bytes, even if other parameters
// differ.
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "framework/autodiff/tape.h"
#include "framework/base/random.h"

namespace regard::nn {

// A function that fills `value` with initial values from the key.
using Initializer = void (*)(const Key& key, const Tensor& value);

// U(-l, l), l = sqrt(6 / (rows + cols)) (Glorot and Bengio 2010, eq. 16).
void glorot_uniform(const Key& key, const Tensor& value);
// U(-l, l), l = sqrt(3 / cols), so that a row has length 1 on average. For matrices whose rows are looked up: there
// Glorot's l would decrease with the number of words, and embeddings would be too small for the gates.
void lookup_uniform(const Key& key, const Tensor& value);
// U(-0.08, 0.08) (Sutskever et al. 2014, section 3.4).
void small_uniform(const Key& key, const Tensor& value);
void zeros(const Key& key, const Tensor& value);
void ones(const Key& key, const Tensor& value);
// Zeros, and ones for the forget gate (the second quarter; Jozefowicz et al. 2015).
void lstm_bias(const Key& key, const Tensor& value);

// The initialisers of a model's matrices, and of matrices whose rows are looked up.
struct Initializers {
  Initializer matrices = glorot_uniform;
  Initializer lookups = lookup_uniform;
};

class Param {
 public:
  Param(std::string name, Tensor value, Tensor grad) : name_(std::move(name)), value_(value), grad_(grad) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const Tensor& value() const noexcept { return value_; }
  // Returns the gradients that backward added since ParamStore::begin_update(). They are complete after
  // ParamStore::finish_backward().
  [[nodiscard]] const Tensor& grad() const noexcept { return grad_; }
  [[nodiscard]] const Shape& shape() const noexcept { return value_.shape(); }
  // Returns the factor of the learning rate for this parameter; 1 unless ParamStore::set_rates changed it.
  [[nodiscard]] double rate() const noexcept { return rate_; }

  // Returns the parameter as a leaf of the tape; the same Var during the whole step. Use one tape at a time.
  [[nodiscard]] Var on(Tape& tape) const;

 private:
  friend class ParamStore;
  std::string name_;
  Tensor value_;
  Tensor grad_;
  double rate_ = 1;
  mutable bool has_grad_ = false;  // the gradient has values of this update
  mutable Var leaf_;               // of the last tape, which may be destroyed
};

// Owns the parameters. Their addresses are stable, and iteration is in the order of creation. Not thread-safe.
class ParamStore {
 public:
  // untouched: addresses without memory and without initial values, for a model of which only names and shapes are
  // needed. Reading values gives zeros. Gradients have the same addresses as values.
  enum class Values : std::uint8_t { initial, untouched };

  ParamStore(DType type, std::uint64_t seed, const Initializers& own = {}, Values values = Values::initial)
      : key_(seed, "init"), own_(own), type_(type), kind_(values) {}
  ~ParamStore();
  ParamStore(const ParamStore&) = delete;
  ParamStore& operator=(const ParamStore&) = delete;

  Param& add(std::string name, Shape shape, Initializer init);
  [[nodiscard]] const std::deque<Param>& all() const noexcept { return params_; }
  [[nodiscard]] const Param* find(std::string_view name) const;
  [[nodiscard]] DType type() const noexcept { return type_; }
  [[nodiscard]] const Initializers& initializers() const noexcept { return own_; }
  [[nodiscard]] Index count() const;  // the number of elements of all parameters
  // Sets Param::rate() of each parameter whose name starts with `prefix`.
  void set_rates(std::string_view prefix, const std::function<double(const Param&)>& rate);

  // Call begin_update() before the first backward of an update, and finish_backward() after each backward, with its
  // tape. A parameter that backward did not reach gets a zero gradient.
  void begin_update();
  void finish_backward(const Tape& tape);

 private:
  std::deque<Param> params_;
  Arena values_;
  Arena grads_;  // separate and adjacent: a step may use them as one block until backward (Tape::scratch_tensor)
  Key key_;
  Initializers own_;
  DType type_;
  Values kind_;
  std::deque<std::pair<void*, std::size_t>> untouched_;  // address and bytes of each parameter
};

// A prefix of names, passed to the code that adds parameters with this prefix.
class Params {
 public:
  explicit Params(ParamStore& store, std::string prefix = {}) : store_(&store), prefix_(std::move(prefix)) {}

  // Adds prefix/name. InternalError if the name exists.
  Param& add(std::string_view name, Shape shape, Initializer init);
  // Adds prefix/name with the model's initialiser for matrices.
  Param& add(std::string_view name, Shape shape) { return add(name, shape, store_->initializers().matrices); }
  // Adds prefix/name with the initialiser for matrices whose rows are looked up.
  Param& add_lookup(std::string_view name, Shape shape) {
    return add(name, shape, store_->initializers().lookups);
  }
  [[nodiscard]] Params scope(std::string_view name) const;

 private:
  ParamStore* store_;
  std::string prefix_;
};

}  // namespace regard::nn
