#include "framework/inference/export.h"

#include <fmt/format.h>

#include "framework/base/files.h"

namespace regard::inference {
namespace {

void take(const Path& from, const Path& to) {
  make_folder(to.parent_path());
  write_file(to, read_file(from));
}

void copy_if_there(const Path& from, const Path& to) {
  if (std::filesystem::exists(from)) take(from, to);
}

}  // namespace

void export_run(const TrainedRun& run, const Path& to) {
  std::error_code error;
  if (std::filesystem::exists(to, error) && !std::filesystem::is_empty(to, error)) {
    throw FolderError(
        fmt::format("{}: exists already; name a folder that is empty or does not exist", to.string()));
  }
  const runs::RunFolder from{run.folder().parent_path().parent_path()};
  const runs::RunFolder copied{to};
  const runs::RunPaths source{run.folder()};
  const runs::RunPaths target = copied.run(run.system(), run.seed());
  take(from.source_vocabulary(), copied.source_vocabulary());
  take(from.target_vocabulary(), copied.target_vocabulary());
  copy_if_there(from.data_facts(), copied.data_facts());
  copy_if_there(from.source_tokenizer(), copied.source_tokenizer());
  copy_if_there(from.target_tokenizer(), copied.target_tokenizer());
  for (const Path& plugin : plugin_copies(source)) take(plugin, copied.plugins() / plugin.filename());
  copy_if_there(source.identity(), target.identity());
  copy_if_there(source.manifest(), target.manifest());
  copy_if_there(source.dictionary(), target.dictionary());
  take(source.best_checkpoint(), target.best_checkpoint());
  take(from.resolved_plan(), copied.resolved_plan());  // last, because it makes the folder a run folder
}

}  // namespace regard::inference
