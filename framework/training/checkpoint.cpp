#include "framework/training/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "framework/base/files.h"
#include "framework/base/json.inl"
#include "framework/nn/safetensors.h"

namespace regard::training {
namespace {

using nlohmann::json;

constexpr const char* kState = "training";
constexpr const char* kFormat = "format";
constexpr const char* kParametersFormat = "regard parameters 1";
constexpr const char* kTrainingFormat = "regard training 1";

std::vector<nn::NamedTensor> tensors_of(const nn::ParamStore& params) {
  std::vector<nn::NamedTensor> tensors;
  for (const nn::Param& param : params.all()) tensors.push_back({param.name(), param.value()});
  return tensors;
}

bool is_moment(const std::string& name) { return name.starts_with(kMoments); }

const char* name_of(DType type) { return type == DType::f32 ? "float32" : "float64"; }

// Checks that all of `targets` are in the file with their shapes and types, then copies them.
void load(const nn::Safetensors& file, const std::vector<nn::NamedTensor>& targets, bool with_moments) {
  std::set<std::string_view> wanted;
  for (const auto& [name, value] : targets) {
    wanted.insert(name);
    const auto* entry = file.find(name);
    if (entry == nullptr) throw CheckpointError(fmt::format("{}: {} is missing here", file.path(), name));
    if (entry->shape != value.shape()) {
      throw CheckpointError(fmt::format("{}: {} is {} here, {} in the config", file.path(), name,
                                        entry->shape.text(), value.shape().text()));
    }
    if (entry->type != value.type()) {
      throw CheckpointError(fmt::format("{}: {} is {} here, {} in the config", file.path(), name,
                                        name_of(entry->type), name_of(value.type())));
    }
  }
  for (const auto& entry : file.entries()) {
    if (wanted.contains(entry.name) || (!with_moments && is_moment(entry.name))) continue;
    throw CheckpointError(
        fmt::format("{}: {} is here, but the model of the config has no such parameter", file.path(), entry.name));
  }
  for (const auto& [name, value] : targets) file.find(name)->copy_to(value);
}

json to_json(const Identity& identity) {
  return {{"seed", identity.seed},
          {"data_seed", identity.data_seed},
          {"optimizer", identity.optimizer},
          {"batch_tokens", identity.batch_tokens},
          {"batch_sentences", identity.batch_sentences},
          {"accumulate", identity.accumulate},
          {"pairs", identity.pairs},
          {"target_tokens", identity.target_tokens},
          {"best_by", identity.best_by}};
}

json to_json(const State& state) {
  json out = {{"epochs", state.epochs},
              {"position", state.position},
              {"updates", state.updates},
              {"tokens", state.tokens},
              {"running_loss", state.running.loss},
              {"running_tokens", state.running.tokens},
              {"running_gradient_norm", state.running.gradient_norm},
              {"running_updates", state.running.updates},
              {"validations", state.validations},
              {"last_validation", state.last_validation},
              {"misses", state.misses},
              {"misses_in_row", state.misses_in_row},
              {"best_epoch", state.best_epoch},
              {"best_update", state.best_update}};
  out["best"] = state.best ? json(*state.best) : json(nullptr);
  if (!state.running.terms.empty()) out["running_terms"] = state.running.terms;
  if (!state.running.watched.empty()) out["running_watched"] = state.running.watched;
  if (state.time_is_up) out["time_is_up"] = true;
  if (!state.before_extra.empty()) out["before_extra"] = to_json(state.before_extra.front());
  return out;
}

// Throws json::exception for missing values or values of another type.
State state_of(const json& in) {
  State state;
  in.at("epochs").get_to(state.epochs);
  in.at("position").get_to(state.position);
  in.at("updates").get_to(state.updates);
  in.at("tokens").get_to(state.tokens);
  in.at("running_loss").get_to(state.running.loss);
  in.at("running_tokens").get_to(state.running.tokens);
  in.at("running_gradient_norm").get_to(state.running.gradient_norm);
  in.at("running_updates").get_to(state.running.updates);
  if (in.contains("running_terms")) in.at("running_terms").get_to(state.running.terms);
  if (in.contains("running_watched")) in.at("running_watched").get_to(state.running.watched);
  in.at("validations").get_to(state.validations);
  in.at("last_validation").get_to(state.last_validation);
  in.at("misses").get_to(state.misses);
  in.at("misses_in_row").get_to(state.misses_in_row);
  in.at("best_epoch").get_to(state.best_epoch);
  in.at("best_update").get_to(state.best_update);
  if (!in.at("best").is_null()) state.best = in.at("best").get<double>();
  state.time_is_up = in.value("time_is_up", false);
  if (in.contains("before_extra")) state.before_extra.push_back(state_of(in.at("before_extra")));
  return state;
}

State read_state(const nn::Safetensors& file, const Identity& identity) {
  const auto text = file.metadata().find(kState);
  if (text == file.metadata().end() || !file.has_checksum()) {
    throw CheckpointError(
        fmt::format("{}: has no training state; only '{}' of a run can be resumed", file.path(), kLast));
  }
  const json here = to_json(identity);
  json stored;
  State state;
  const auto unreadable = [&file] {
    return CheckpointError(
        fmt::format("{}: its training state cannot be read; it is from another version of regard", file.path()));
  };
  try {
    stored = parse_json(text->second);
    state = state_of(stored.at("state"));
    stored = stored.at("identity");
  } catch (const json::exception&) {
    throw unreadable();
  } catch (const JsonError&) {
    throw unreadable();
  }
  for (const auto& [key, value] : here.items()) {
    if (stored.contains(key) && stored[key] == value) continue;
    throw CheckpointError(
        fmt::format("{}: its training has {} {}, but the config has {}; training cannot be resumed from it",
                    file.path(), key, stored.contains(key) ? stored[key].dump() : "unknown", value.dump()));
  }
  return state;
}

// Gives `file` a second name in the same folder.
std::error_code link_beside(const std::filesystem::path& file, const std::string& name) {
  std::error_code failed;
  const std::filesystem::path partial = file.parent_path() / (name + std::string(kPartialSuffix));
  std::filesystem::remove(partial, failed);
  std::filesystem::create_hard_link(file, partial, failed);
  if (failed) std::filesystem::copy_file(file, partial, failed);
  if (!failed) std::filesystem::rename(partial, file.parent_path() / name, failed);
  // rename() does nothing if both are names of the same file: then the partial name remains and is removed here.
  std::error_code gone;
  std::filesystem::remove(partial, gone);
  return failed;
}

constexpr std::string_view kKept = "update-";

}  // namespace

std::string checkpoint_name(Index update) { return fmt::format("{}{:08}.safetensors", kKept, update); }

void link_checkpoint(const std::filesystem::path& file, const std::string& name) {
  const std::error_code failed = link_beside(file, name);
  if (!failed) return;
  throw FolderError(
      fmt::format("{}: cannot be written: {}", (file.parent_path() / name).string(), cause_of(failed.value())));
}

void prune_checkpoints(const std::filesystem::path& folder, Index count) {
  std::vector<std::filesystem::path> kept;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kKept) && name.ends_with(".safetensors")) kept.push_back(entry.path());
  }
  std::sort(kept.begin(), kept.end());
  while (static_cast<Index>(kept.size()) > count) {
    std::filesystem::remove(kept.front(), error);
    kept.erase(kept.begin());
  }
}

void save_parameters(const std::filesystem::path& file, const nn::ParamStore& params) {
  nn::write_safetensors(file, tensors_of(params), {{kFormat, kParametersFormat}});
}

void load_parameters(const std::filesystem::path& file, const nn::ParamStore& params) {
  const auto in = nn::Safetensors::read(file);
  // A file from another program may have no checksum, but our own files always have one.
  if (in.metadata().contains(kFormat) && !in.has_checksum()) {
    throw CheckpointError(fmt::format("{}: is damaged: its checksum is missing", in.path()));
  }
  load(in, tensors_of(params), false);
}

CopiedParameters copy_parameters(const std::filesystem::path& file, const nn::ParamStore& params) {
  const auto in = nn::Safetensors::read(file);
  CopiedParameters copied;
  for (const auto& [name, value] : tensors_of(params)) {
    const auto* entry = in.find(name);
    const bool fits = entry != nullptr && entry->shape == value.shape() && entry->type == value.type();
    (fits ? copied.copied : copied.initial).push_back(name);
    if (fits) entry->copy_to(value);
  }
  if (copied.copied.empty()) {
    throw CheckpointError(
        fmt::format("{}: none of its parameters has the name and shape of a parameter of the model", in.path()));
  }
  return copied;
}

void save_training(const std::filesystem::path& file, const nn::ParamStore& params, const Optimizer& optimizer,
                   const Identity& identity, const State& state) {
  std::vector<nn::NamedTensor> tensors = tensors_of(params);
  for (nn::NamedTensor& moment : optimizer.state()) tensors.push_back(std::move(moment));
  // Errors are ignored here: if writing is not possible, writing `file` reports it.
  if (std::filesystem::exists(file)) static_cast<void>(link_beside(file, kPrevious));
  const json all = {{"identity", to_json(identity)}, {"state", to_json(state)}};
  nn::write_safetensors(file, tensors, {{kFormat, kTrainingFormat}, {kState, all.dump()}});
}

State load_training(const std::filesystem::path& file, const nn::ParamStore& params, const Optimizer& optimizer,
                    const Identity& identity) {
  const auto in = nn::Safetensors::read(file);
  State state = read_state(in, identity);
  std::vector<nn::NamedTensor> targets = tensors_of(params);
  for (nn::NamedTensor& moment : optimizer.state()) targets.push_back(std::move(moment));
  load(in, targets, true);
  return state;
}

}  // namespace regard::training
