#include "framework/nn/params.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <new>

#include "framework/tensor/kernels.h"

namespace regard::nn {
namespace {

void fill_uniform(const Key& key, const Tensor& value, double limit) {
  dispatch(value.type(), [&](auto tag) {
    using T = decltype(tag);
    const auto bound = static_cast<T>(limit);
    key.fill_uniform(std::span<T>(value.data<T>(), static_cast<std::size_t>(value.size())), -bound, bound);
  });
}

void fill(const Tensor& value, Index begin, Index end, double number) {
  for (Index i = begin; i < end; ++i) value.set(i, number);
}

}  // namespace

void glorot_uniform(const Key& key, const Tensor& value) {
  fill_uniform(key, value, std::sqrt(6.0 / static_cast<double>(value.rows() + value.cols())));
}
void lookup_uniform(const Key& key, const Tensor& value) {
  fill_uniform(key, value, std::sqrt(3.0 / static_cast<double>(value.cols())));
}
void small_uniform(const Key& key, const Tensor& value) { fill_uniform(key, value, 0.08); }
void zeros(const Key&, const Tensor& value) { kernels::fill_zero(value); }
void ones(const Key&, const Tensor& value) { fill(value, 0, value.size(), 1); }
void lstm_bias(const Key&, const Tensor& value) {
  kernels::fill_zero(value);
  fill(value, value.size() / 4, value.size() / 2, 1);
}

Var Param::on(Tape& tape) const {
  if (!tape.has_leaf(leaf_, value_)) leaf_ = tape.leaf(value_, grad_, has_grad_);
  return leaf_;
}

ParamStore::~ParamStore() {
  for (const auto& [place, bytes] : untouched_) ::munmap(place, bytes);
}

Param& ParamStore::add(std::string name, Shape shape, Initializer init) {
  if (find(name) != nullptr) throw InternalError(fmt::format("parameter '{}' is added twice", name));
  if (kind_ == Values::untouched) {
    const auto bytes = static_cast<std::size_t>(std::max<Index>(1, shape.size() * size_of(type_)));
    void* const place =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) throw std::bad_alloc();
    untouched_.emplace_back(place, bytes);
    const Tensor value(place, type_, shape);
    return params_.emplace_back(std::move(name), value, value);
  }
  const auto tensor = [&](Arena& memory) {
    return Tensor(memory.allocate(static_cast<std::size_t>(shape.size() * size_of(type_))), type_, shape);
  };
  Param& param = params_.emplace_back(std::move(name), tensor(values_), tensor(grads_));
  kernels::fill_zero(param.grad());
  init(key_.with(param.name()), param.value());
  return param;
}

const Param* ParamStore::find(std::string_view name) const {
  for (const Param& param : params_) {
    if (param.name() == name) return &param;
  }
  return nullptr;
}

Index ParamStore::count() const {
  Index count = 0;
  for (const Param& param : params_) count += param.value().size();
  return count;
}

void ParamStore::set_rates(std::string_view prefix, const std::function<double(const Param&)>& rate) {
  for (Param& param : params_) {
    if (param.name_.starts_with(prefix)) param.rate_ = rate(param);
  }
}

void ParamStore::begin_update() {
  for (const Param& param : params_) param.has_grad_ = false;
}

void ParamStore::finish_backward(const Tape& tape) {
  for (const Param& param : params_) {
    const bool reached = tape.has_leaf(param.leaf_, param.value()) && param.leaf_.has_grad();
    if (!reached && !param.has_grad_) kernels::fill_zero(param.grad());
    param.has_grad_ = true;
  }
}

Param& Params::add(std::string_view name, Shape shape, Initializer init) {
  return store_->add(prefix_.empty() ? std::string(name) : fmt::format("{}/{}", prefix_, name), shape, init);
}

Params Params::scope(std::string_view name) const {
  return Params(*store_, prefix_.empty() ? std::string(name) : fmt::format("{}/{}", prefix_, name));
}

}  // namespace regard::nn
