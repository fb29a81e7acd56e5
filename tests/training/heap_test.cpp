// After warm-up a training step does not allocate on the heap. Every malloc of this program, by any caller, is
// counted between one update and the next.
#include <dlfcn.h>
#include <execinfo.h>

#include <atomic>
#include <cstdlib>

#include "framework/training/trainer.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"

#if !defined(__SANITIZE_ADDRESS__)

namespace {

std::atomic<bool> counting{false};
std::atomic<std::size_t> taken{0};
void* first_caller[16];  // NOLINT: filled where allocation is not allowed
int first_depth = 0;

void count() noexcept {
  if (!counting.load(std::memory_order_relaxed)) return;
  if (taken.fetch_add(1) == 0) {
    counting = false;
    first_depth = backtrace(first_caller, 16);
    counting = true;
  }
}

}  // namespace

extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);

void* malloc(std::size_t bytes) {
  count();
  return __libc_malloc(bytes);
}
void* calloc(std::size_t number, std::size_t bytes) {
  count();
  return __libc_calloc(number, bytes);
}
void* realloc(void* memory, std::size_t bytes) {
  count();
  return __libc_realloc(memory, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) {
  count();
  *memory = __libc_memalign(alignment, bytes);
  return *memory == nullptr ? 12 : 0;
}
}

namespace regard::training {
namespace {

using namespace regard::testing;

// The allocations in the second epoch's updates except its first.
std::string taken_in_steps(models::ModelOptions options, TrainingOptions training = {}) {
  void* warm[1];
  backtrace(warm, 1);  // loads its library
  const auto data = reverse_data(40, 5, 5);
  options.dropout.embedding = options.dropout.layers = options.dropout.readout = 0.1;
  models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 1);
  training.batch = {.tokens = 0, .sentences = 8};
  training.epochs = 2;
  training.label_smoothing = 0.1;
  Hooks hooks;
  hooks.validate = [](const models::Seq2Seq&) { return Validation{1, {}}; };
  taken = 0;
  hooks.progress = [](const Progress& now) { counting = now.epoch == 2 && now.update < now.updates; };
  const std::vector<data::Alignment> alignments(40, {{.source = 1, .target = 0}});
  Trainer(model, data, training, 1, {}, hooks, alignments).run();
  counting = false;
  if (taken == 0) return {};
  std::string text = fmt::format("{} times, first by", taken.load());
  for (int i = 0; i < first_depth; ++i) {
    Dl_info where{};
    if (dladdr(first_caller[i], &where) != 0 && where.dli_sname != nullptr)
      text += fmt::format("\n  {}", where.dli_sname);
  }
  return text;
}

}  // namespace

TEST_CASE("heap: a step does not allocate") {
  for (const char* attention : {"none", "dot", "general", "concat"}) {
    for (const bool feeding : {false, true}) {
      INFO(attention << (feeding ? " with input feeding" : ""));
      auto options = toy_model(attention, 24);
      options.encoder.layers = options.decoder.layers = 2;
      options.decoder.input_feeding = feeding;
      CHECK(taken_in_steps(options) == "");
      options.decoder.bridge = models::Bridge::linear;
      options.decoder.final_state = models::FinalState::every_step;
      CHECK(taken_in_steps(options) == "");
    }
  }
}

TEST_CASE("heap: a step with every option of models and training does not allocate") {
  for (const char* attention : {"none", "concat"}) {
    for (const auto cell : {models::Cell::lstm, models::Cell::gru}) {
      for (const auto order : {models::Order::luong, models::Order::bahdanau}) {
        INFO(attention << " cell " << static_cast<int>(cell) << " order " << static_cast<int>(order));
        auto options = toy_model(attention, 24);
        options.cell = cell;
        options.residual = options.layer_norm = options.encoder.reverse_source = true;
        options.tied_embeddings = models::Tied::all;
        options.encoder.layers = options.decoder.layers = 2;
        options.decoder.order = order;
        options.decoder.readout = models::ReadoutKind::maxout;
        options.decoder.bridge = models::Bridge::mean;
        options.dropout = {.states = 0.1,
                           .encoder = 0.1,
                           .context = 0.1,
                           .source_words = 0.1,
                           .target_words = 0.1,
                           .variational = true};
        TrainingOptions training;
        training.optimizer.name = "adadelta";
        training.schedule.name = "cosine";
        training.accumulate = 2;
        training.averaging.kind = AveragingOptions::Kind::ema;
        training.scheduled_sampling = {.decay = ScheduledSampling::Decay::linear, .updates = 20};
        training.guided_alignment = std::string(attention) == "none" ? 0 : 1;
        CHECK(taken_in_steps(options, training) == "");
      }
    }
  }
}

}  // namespace regard::training

#endif
