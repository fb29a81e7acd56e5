#include "framework/inference/export.h"

#include <fmt/format.h>

#include "framework/base/files.h"

namespace regard::inference {
namespace {

void copy_to(const Path& from, const Path& to) {
  make_folder(to.parent_path());
  write_file(to, read_file(from));
}

void copy_if_there(const Path& from, const Path& to) {
  if (std::filesystem::exists(from)) copy_to(from, to);
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
  copy_to(from.source_vocabulary(), copied.source_vocabulary());
  copy_to(from.target_vocabulary(), copied.target_vocabulary());
  copy_if_there(from.data_facts(), copied.data_facts());
  copy_if_there(from.source_tokenizer(), copied.source_tokenizer());
  copy_if_there(from.target_tokenizer(), copied.target_tokenizer());
  for (const Path& plugin : plugin_copies(source)) copy_to(plugin, copied.plugins() / plugin.filename());
  copy_if_there(source.identity(), target.identity());
  copy_if_there(source.manifest(), target.manifest());
  copy_if_there(source.dictionary(), target.dictionary());
  copy_to(source.best_checkpoint(), target.best_checkpoint());
  copy_to(from.resolved_plan(), copied.resolved_plan());  // last: with it the folder is a run's
}

}  // namespace regard::inference
