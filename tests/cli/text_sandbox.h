#pragma once
// A plan over files of text in a folder of its own.
#include <string>
#include <vector>

#include "tests/cli/plan_sandbox.h"

namespace regard::test {

// Files of short rows: the target is the source reversed.
inline void write_rows(const fs::path& folder, const std::string& name, int lines, int from) {
  std::string source;
  std::string target;
  std::string links;
  for (int i = from; i < from + lines; ++i) {
    const std::string a = std::to_string(i % 5);
    const std::string b = std::to_string(i % 3);
    const std::string c = std::to_string(i % 7);
    source += "w" + a + " w" + b + " w" + c + "\n";
    target += "w" + c + " w" + b + " w" + a + "\n";
    links += "0-2 1-1 2-0\n";
  }
  write_file(folder / (name + ".x"), source);
  write_file(folder / (name + ".y"), target);
  write_file(folder / (name + ".align"), links);
}

inline void write_texts(const fs::path& folder) {
  write_rows(folder, "train", 30, 0);
  write_rows(folder, "valid", 6, 3);
  write_rows(folder, "one", 5, 11);
  write_rows(folder, "two", 4, 17);
  write_file(folder / "one.tok", read_file(folder / "one.y"));
}

inline std::string files_plan(const std::string& tests = "{one: [one.x, one.y]}", const std::string& data = "",
                              const std::string& rest = "", const std::string& training = "") {
  return "name: tiny\ndata: {files: {train: [train.x, train.y], valid: [valid.x, valid.y], test: " + tests + "}" +
         data +
         "}\nmodel: {embedding: 8, hidden: 8}\nsystems: {general: {model.attention: general}}\n"
         "training: {epochs: 2, batch: {sentences: 8}, learning_rate: 0.01" +
         training + "}\n" + rest;
}

// The sandbox of a plan over write_texts().
class Texts final {
 public:
  explicit Texts(const std::string& plan) : lab(plan) {
    write_texts(lab.path());
    const Ended end = lab.run();
    INFO(end.err);
    CHECK(end.code == 0);
  }
  // The digest of the plan as it is now over the texts as they are now, in another folder.
  [[nodiscard]] std::string fresh() const {
    fs::remove_all(lab.path() / "runs/fresh");
    const Ended end = lab.run({"--out", "runs/fresh"});
    INFO(end.err);
    CHECK(end.code == 0);
    return regard(lab.path(), {"digest", "runs/fresh"}).out;
  }
  void run_as_fresh(const std::vector<std::string>& more = {}) const {
    const Ended end = lab.run(more);
    INFO(end.err);
    CHECK(end.code == 0);
    CHECK(lab.digest() == fresh());
    CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
  }
  PlanSandbox lab;
};

}  // namespace regard::test
