#pragma once
// The parts of the conformance checks: sources and queries by sentence and position, one variant, and all its
// outputs as plain numbers. Used only by the conformance*.cpp files.
#include <optional>
#include <string>
#include <vector>

#include "framework/attention/notes.h"
#include "framework/attention/registry.h"

namespace regard::attention {

// Some sentences and the queries of each. A number depends only on the seed, sentence, position and unit, not on
// the rest of the batch.
struct Inputs {
  std::vector<Index> sentences;  // [B] their numbers, which also choose the cotangents
  std::vector<Index> lengths;    // [B]
  Index S = 0, T = 0;
  Index first_t = 0;                   // the position of the first query
  std::vector<double> h_s;             // [B, S, key]; 0 on padding, unless a check writes NaN there
  std::vector<double> h;               // [B, T, query]
  std::vector<Index> words, previous;  // [B, S], [B, T]
  std::vector<double> word_vectors, previous_vectors;  // [B, S, embedding], [B, T, embedding]

  [[nodiscard]] Index B() const noexcept { return static_cast<Index>(lengths.size()); }
};

// The outputs, converted to double (so equal bytes stay equal).
struct Outputs {
  struct Part {
    std::string name;  // "context", "weights", "gradient of h_s", …
    Shape shape;
    std::vector<double> values;
  };
  std::vector<Part> parts;
  [[nodiscard]] const Part& part(std::string_view name) const;
};
// Whether a part is [B, T, S]: the weights, a map or the copies.
[[nodiscard]] bool is_over_source(const Outputs::Part& part);

// The element in which two results differ most, by |a - b| / max(1, |a|, |b|), where NaN counts as infinite: of
// the first part with a difference above `allowed` (a wrong context, rather than the gradients that follow from
// it), or of all parts.
struct Difference {
  double error = 0;
  std::string where;  // "weights [0, 1, 2]"
  double a = 0, b = 0;
};
[[nodiscard]] Difference difference(const Outputs& a, const Outputs& b, double allowed);
[[nodiscard]] bool same_bytes(const Outputs& a, const Outputs& b);
// "[0, 1, 2]"
[[nodiscard]] std::string place(const Shape& shape, Index flat);

struct How {
  bool gradients = true;
  bool single_steps = false;  // one attend() for each position, even if the variant accepts all at once
  int times = 1;              // how often prepare() and attend() run on one tape; gradients add up
  bool constant_h_s = false;  // h_s and the words' vectors need no gradient
  bool constant_h = false;    // nor do h and the vectors of the words before
  bool feeding =
      false;         // a fixed matrix times each step's context is added to the next step's query; single steps
  Index update = 0;  // of the training: its number is part of the key of random numbers
  Surrogates* surrogates = nullptr;  // of straight_through; null: as in training
};

// A variant with its own parameters.
class Trial {
 public:
  // Inputs and cotangents depend on `seed`, the initial values of parameters on `params_seed`. With `training`
  // false the variant translates.
  Trial(const Variant& variant, Sizes sizes, const config::Options& options, DType type, bool training,
        std::uint64_t seed, std::uint64_t params_seed);

  [[nodiscard]] Inputs inputs(const std::vector<Index>& lengths, Index T, double magnitude = 1) const;
  // Returns sentence b alone, without padding.
  [[nodiscard]] Inputs alone(const Inputs& all, Index b) const;

  // Returns context, weights, maps, the variant's own losses and, if requested, the gradients of the sum over all of them
  // of their elements (but the maps') times fixed numbers in [-1, 1), with respect to h_s, h and every parameter.
  [[nodiscard]] Outputs operator()(const Inputs& inputs, const How& how = {});
  // Returns only that sum.
  [[nodiscard]] double objective(const Inputs& inputs, const How& how = {});

  [[nodiscard]] nn::ParamStore& params() noexcept { return *params_; }
  [[nodiscard]] const Attention& attention() const noexcept { return *attention_; }
  [[nodiscard]] DType type() const noexcept { return params_->type(); }
  [[nodiscard]] Sizes sizes() const noexcept { return sizes_; }

 private:
  struct Passed;
  struct Given;
  [[nodiscard]] Passed pass(Tape& tape, const Given& given, const Inputs& inputs, const How& how) const;

  std::unique_ptr<nn::ParamStore> params_;
  AttentionPtr attention_;
  std::vector<std::string> losses_;  // their names, as the registration has them
  Sizes sizes_;
  Key key_;
  bool training_;
};

// Checks the shapes that attend() promises; a ShapeError names the wrong one.
void require_attended(const Attended& attended, const Query& query, const Source& source, Index context);

}  // namespace regard::attention
