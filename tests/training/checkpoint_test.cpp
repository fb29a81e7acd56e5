#include "framework/training/checkpoint.h"

#include <cmath>
#include <fstream>

#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/toy.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

// A store, its optimiser after a few steps, and a state without zeros.
struct Sample {
  explicit Sample(std::uint64_t seed = 1, Index steps = 3) : store(DType::f32, seed) {
    store.add("decoder/attention/W_a", {4, 4}, nn::small_uniform);
    store.add("output/b", {5}, nn::ones);
    adam = make_optimizer({.name = "adam"}, store);
    for (Index t = 1; t <= steps; ++t) {
      random_gradients(store, t);
      adam->step({.number = t, .learning_rate = 0.01});
    }
  }
  [[nodiscard]] std::string bytes() const {
    std::string all = bytes_of(store);
    for (const auto& moment : adam->state()) all += bytes_of(moment.value);
    return all;
  }

  nn::ParamStore store;
  OptimizerPtr adam;
  Identity identity{.seed = 1,
                    .data_seed = 2,
                    .optimizer = "adam",
                    .batch_tokens = 0,
                    .batch_sentences = 64,
                    .pairs = 100,
                    .target_tokens = 1000,
                    .best_by = "loss"};
  State state{.epochs = 3,
              .position = 17,
              .updates = 1840,
              .tokens = 123456,
              .running = {.loss = 0.1 + 0.2, .tokens = 5, .gradient_norm = 1e-300, .updates = 6},
              .validations = 7,
              .last_validation = 1800,
              .misses = 4,
              .misses_in_row = 2,
              .best = 1.0 / 3,
              .best_epoch = 2,
              .best_update = 1000};
};

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "loaded";
}

}  // namespace

TEST_CASE("checkpoint: a training is restored with the same bits") {
  const test::TempFolder folder;
  Sample before;
  save_training(folder / kLast, before.store, *before.adam, before.identity, before.state);
  Sample after(9, 0);
  REQUIRE((after.bytes() != before.bytes()));
  CHECK((load_training(folder / kLast, after.store, *after.adam, before.identity) == before.state));
  CHECK((after.bytes() == before.bytes()));
}

TEST_CASE("checkpoint: a missing best validation is restored as missing") {
  const test::TempFolder folder;
  Sample sample;
  sample.state.best.reset();
  save_training(folder / kLast, sample.store, *sample.adam, sample.identity, sample.state);
  CHECK_FALSE(load_training(folder / kLast, sample.store, *sample.adam, sample.identity).best.has_value());
}

TEST_CASE("checkpoint: equal trainings give equal files") {
  const test::TempFolder folder;
  const Sample sample;
  save_training(folder / "a", sample.store, *sample.adam, sample.identity, sample.state);
  save_training(folder / "b", sample.store, *sample.adam, sample.identity, sample.state);
  CHECK((read_file(folder / "a") == read_file(folder / "b")));
}

TEST_CASE("checkpoint: parameters are read from both kinds of files") {
  const test::TempFolder folder;
  const Sample before;
  save_parameters(folder / kBest, before.store);
  save_training(folder / kLast, before.store, *before.adam, before.identity, before.state);
  for (const char* name : {kBest, kLast}) {
    Sample after(9, 0);
    load_parameters(folder / name, after.store);
    CHECK((bytes_of(after.store) == bytes_of(before.store)));
  }
}

TEST_CASE("checkpoint: a file of another model is refused with the first difference and changes nothing") {
  const test::TempFolder folder;
  const Sample sample;
  save_parameters(folder / kBest, sample.store);
  const std::string path = (folder / kBest).string();
  const auto loading = [&](DType type, Index width, const char* extra, bool without_b) {
    nn::ParamStore other(type, 9);
    other.add("decoder/attention/W_a", {4, width}, nn::small_uniform);
    if (!without_b) other.add("output/b", {5}, nn::small_uniform);
    if (extra != nullptr) other.add(extra, {1}, nn::ones);
    const std::string before = bytes_of(other);
    const std::string message = message_of([&] { load_parameters(folder / kBest, other); });
    CHECK((bytes_of(other) == before));
    return message;
  };
  CHECK(loading(DType::f32, 8, nullptr, false) ==
        path + ": decoder/attention/W_a is [4, 4] here, [4, 8] in the config");
  CHECK(loading(DType::f64, 4, nullptr, false) ==
        path + ": decoder/attention/W_a is float32 here, float64 in the config");
  CHECK(loading(DType::f32, 4, "decoder/W_c/W", false) == path + ": decoder/W_c/W is missing here");
  CHECK(loading(DType::f32, 4, nullptr, true) ==
        path + ": output/b is here, but the model of the config has no such parameter");
}

TEST_CASE("checkpoint: a training of another optimiser or seed or data is refused") {
  const test::TempFolder folder;
  Sample sample;
  save_training(folder / kLast, sample.store, *sample.adam, sample.identity, sample.state);
  const std::string path = (folder / kLast).string();
  const auto loading = [&](auto Identity::*member, auto value) {
    Identity other = sample.identity;
    other.*member = value;
    return message_of(
        [&] { static_cast<void>(load_training(folder / kLast, sample.store, *sample.adam, other)); });
  };
  CHECK(loading(&Identity::seed, 3u) ==
        path + ": its training has seed 1, but the config has 3; training cannot be resumed from it");
  CHECK(
      loading(&Identity::optimizer, "sgd") ==
      path +
          ": its training has optimizer \"adam\", but the config has \"sgd\"; training cannot be resumed from it");
  CHECK(loading(&Identity::batch_sentences, 32) ==
        path + ": its training has batch_sentences 64, but the config has 32; training cannot be resumed from it");
  CHECK(
      loading(&Identity::best_by, "bleu") ==
      path +
          ": its training has best_by \"loss\", but the config has \"bleu\"; training cannot be resumed from it");
}

TEST_CASE("checkpoint: a training cannot resume from parameters alone") {
  const test::TempFolder folder;
  const Sample sample;
  save_parameters(folder / kBest, sample.store);
  CHECK(message_of([&] {
          static_cast<void>(load_training(folder / kBest, sample.store, *sample.adam, sample.identity));
        }) ==
        (folder / kBest).string() + ": has no training state; only 'last.safetensors' of a run can be resumed");
}

TEST_CASE("checkpoint: a state of another version is refused") {
  const test::TempFolder folder;
  const Sample sample;
  for (const char* text :
       {"{", "{}", R"({"identity":{},"state":{}})", R"({"identity":{},"state":{"epochs":"two"}})"}) {
    nn::write_safetensors(folder / kLast, {}, {{"training", text}});
    CHECK(message_of([&] {
            static_cast<void>(load_training(folder / kLast, sample.store, *sample.adam, sample.identity));
          }) ==
          (folder / kLast).string() + ": its training state cannot be read; it is from another version of regard");
  }
}

TEST_CASE("checkpoint: every flipped bit in a file of parameters is found") {
  const test::TempFolder folder;
  nn::ParamStore store(DType::f32, 1);
  store.add("b", {1}, nn::ones);
  save_parameters(folder / kBest, store);
  const std::string bytes = read_file(folder / kBest);
  const std::string values = bytes_of(store);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      std::ofstream(folder / "damaged", std::ios::binary) << damaged;
      try {
        load_parameters(folder / "damaged", store);
        CHECK((bytes_of(store) == values));  // one white space became another
      } catch (const CheckpointError&) {
        CHECK((bytes_of(store) == values));
      }
    }
  }
}

TEST_CASE("checkpoint: parameters written by other programs need no checksum") {
  const test::TempFolder folder;
  nn::ParamStore store(DType::f32, 1);
  const nn::Param& b = store.add("b", {1}, nn::zeros);
  const std::string header = R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  const float value = 2.5F;
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  bytes += header + std::string(reinterpret_cast<const char*>(&value), 4);
  write_file(folder / "python.safetensors", bytes);
  load_parameters(folder / "python.safetensors", store);
  CHECK(b.value().at(0) == 2.5);
}

TEST_CASE("checkpoint: a flipped byte in the moments is found") {
  const test::TempFolder folder;
  Sample sample;
  save_training(folder / kLast, sample.store, *sample.adam, sample.identity, sample.state);
  std::string bytes = read_file(folder / kLast);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  write_file(folder / kLast, bytes);
  const std::string before = sample.bytes();
  CHECK(message_of([&] {
          static_cast<void>(load_training(folder / kLast, sample.store, *sample.adam, sample.identity));
        }) == (folder / kLast).string() + ": is damaged: its content does not have the checksum in its metadata");
  CHECK((sample.bytes() == before));
}

}  // namespace regard::training
