#pragma once
// The models for all tests of this folder.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "tests/support/toy.h"

namespace regard::testing {

struct NamedModel {
  std::string name;
  models::ModelOptions options;
};

// Returns all attentions and both vanilla decoders, in both orders, with and without input feeding, with one and
// two layers; and each other option of a model at least once with attention and once without.
inline std::vector<NamedModel> all_models() {
  using models::FinalState;
  using models::Order;
  using models::ReadoutKind;
  std::vector<NamedModel> all;
  const auto add = [&](std::string name, const char* attention, auto change) {
    NamedModel model{std::string(attention) + " " + std::move(name), toy_model(attention)};
    change(model.options);
    all.push_back(std::move(model));
  };
  for (const char* attention : {"none", "dot", "general", "concat"}) {
    for (const Order order : {Order::luong, Order::bahdanau}) {
      for (const bool feeding : {false, true}) {
        for (const Index layers : {1, 2}) {
          for (const auto state : {FinalState::init, FinalState::every_step}) {
            const bool every_step = state == FinalState::every_step;
            if (every_step && std::string(attention) != "none") continue;
            add(fmt::format("{}{}{}{}", order == Order::luong ? "luong" : "bahdanau", feeding ? " feeding" : "",
                            layers == 2 ? " two layers" : "", every_step ? " every_step" : ""),
                attention, [&](models::ModelOptions& options) {
                  options.encoder.layers = layers;
                  options.decoder.layers = layers;
                  options.decoder.order = order;
                  options.decoder.input_feeding = feeding;
                  options.decoder.final_state = state;
                });
          }
        }
      }
    }
  }
  for (const char* attention : {"none", "general"}) {
    for (const auto readout : {ReadoutKind::attentional, ReadoutKind::tanh, ReadoutKind::maxout}) {
      for (const Order order : {Order::luong, Order::bahdanau}) {
        for (const bool feeding : {false, true}) {
          add(fmt::format("readout {} of 6, order {}{}", static_cast<int>(readout), static_cast<int>(order),
                          feeding ? " feeding" : ""),
              attention, [&](models::ModelOptions& options) {
                options.decoder.order = order;
                options.decoder.input_feeding = feeding;
                options.decoder.readout = readout;
                options.decoder.readout_size = 6;
              });
        }
      }
    }
    add("bridge mean", attention, [](models::ModelOptions& options) {
      options.encoder.hidden = 6;
      options.decoder.layers = 2;
      options.decoder.bridge = models::Bridge::mean;
    });
    for (const Order order : {Order::luong, Order::bahdanau}) {
      for (const bool feeding : {false, true}) {
        for (const bool bidirectional : {false, true}) {
          add(fmt::format("gru order {}{}{}", static_cast<int>(order), feeding ? " feeding" : "",
                          bidirectional ? "" : " one direction"),
              attention, [&](models::ModelOptions& options) {
                options.cell = models::Cell::gru;
                options.encoder.bidirectional = bidirectional;
                options.decoder.order = order;
                options.decoder.input_feeding = feeding;
                options.decoder.bridge = feeding ? models::Bridge::linear : models::Bridge::copy;
              });
        }
      }
    }
    for (const auto cell : {models::Cell::lstm, models::Cell::gru}) {
      for (const bool feeding : {false, true}) {
        add(fmt::format("cell {} two layers residual layer_norm{}", static_cast<int>(cell),
                        feeding ? " feeding" : ""),
            attention, [&](models::ModelOptions& options) {
              options.cell = cell;
              options.encoder.layers = options.decoder.layers = 2;
              options.residual = options.layer_norm = true;
              options.decoder.input_feeding = feeding;
            });
      }
    }
    add("reverse_source", attention, [](models::ModelOptions& options) {
      options.encoder.bidirectional = false;
      options.encoder.reverse_source = true;
    });
    add("tied target", attention, [](models::ModelOptions& options) {
      options.tied_embeddings = models::Tied::target;
      options.decoder.readout = ReadoutKind::tanh;
      options.decoder.readout_size = options.embedding;
    });
    add("tied all", attention, [](models::ModelOptions& options) { options.tied_embeddings = models::Tied::all; });
  }
  return all;
}

// Returns these, and every registered attention in both orders.
inline std::vector<NamedModel> all_models_and_attentions() {
  std::vector<NamedModel> all = all_models();
  for (const std::string& attention : attention::variants().names()) {
    for (const auto order : {models::Order::luong, models::Order::bahdanau}) {
      for (const bool feeding : {false, true}) {
        all.push_back({fmt::format("{} order {}{}", attention, static_cast<int>(order), feeding ? " feeding" : ""),
                       toy_model(attention)});
        all.back().options.decoder.order = order;
        all.back().options.decoder.input_feeding = feeding;
      }
    }
  }
  return all;
}

// Returns every kind of dropout.
inline models::DropoutOptions all_dropouts(bool variational = false) {
  return {.embedding = 0.2,
          .layers = 0.3,
          .states = 0.3,
          .encoder = 0.2,
          .context = 0.2,
          .readout = 0.4,
          .source_words = 0.2,
          .target_words = 0.2,
          .variational = variational};
}

}  // namespace regard::testing
