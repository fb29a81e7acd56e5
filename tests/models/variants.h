#pragma once
// The models that every test of this folder runs over.
#include <string>
#include <vector>

#include "tests/support/toy.h"

namespace regard::testing {

struct NamedModel {
  std::string name;
  models::ModelOptions options;
};

// All attentions and both vanilla decoders, with and without input feeding, of one and two layers.
inline std::vector<NamedModel> all_models() {
  std::vector<NamedModel> all;
  for (const char* attention : {"none", "dot", "general", "concat"}) {
    for (const bool feeding : {false, true}) {
      for (const Index layers : {1, 2}) {
        for (const auto state : {models::FinalState::init, models::FinalState::every_step}) {
          const bool every_step = state == models::FinalState::every_step;
          if (every_step && std::string(attention) != "none") continue;
          NamedModel model{std::string(attention) + (feeding ? " feeding" : "") +
                               (layers == 2 ? " two layers" : "") + (every_step ? " every_step" : ""),
                           toy_model(attention)};
          model.options.encoder.layers = layers;
          model.options.decoder.layers = layers;
          model.options.decoder.input_feeding = feeding;
          model.options.decoder.final_state = state;
          all.push_back(std::move(model));
        }
      }
    }
  }
  return all;
}

}  // namespace regard::testing
