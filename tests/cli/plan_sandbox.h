#pragma once
// A plan in a temporary folder, run by the real program, with helpers that read the results.
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/base/files.h"
#include "tests/cli/program.h"
#include "tests/support/catch.h"

namespace regard::test {

namespace fs = std::filesystem;

inline const std::string kBoth = "{vanilla: {model.attention: none}, general: {model.attention: general}}";

// Returns tiny_plan with other systems and more keys, and with the given training section.
inline std::string plan_with(const std::string& systems, const std::string& training,
                             const std::string& rest = "") {
  return "name: tiny\n"
         "data:\n"
         "  corpus: {type: reverse, train: 40, valid: 8, test: 8, test_long: 4, symbols: 9, min_length: 2, "
         "max_length: 5,\n"
         "           long_min_length: 6, long_max_length: 8}\n"
         "model: {embedding: 8, hidden: 8}\n"
         "systems: " +
         systems + "\ntraining: {batch: {sentences: 8}, " + training + "}\ndecoding: {beam: 2}\n" + rest;
}

// A folder with p.yaml, a plan that can be changed and run; results are in runs/tiny.
class PlanSandbox final {
 public:
  explicit PlanSandbox(const std::string& plan = tiny_plan()) { change(plan); }
  void change(const std::string& plan) const { write_file(folder_ / "p.yaml", plan); }
  [[nodiscard]] Ended run(const std::vector<std::string>& more = {}) const { return regard(path(), words(more)); }
  [[nodiscard]] static std::vector<std::string> words(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"run", "p.yaml"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  [[nodiscard]] std::string digest() const {
    const Ended end = regard(path(), {"digest", "runs/tiny"});
    CHECK(end.code == 0);
    CHECK(end.out.size() == 65);
    return end.out;
  }
  [[nodiscard]] const fs::path& path() const { return folder_.path(); }
  [[nodiscard]] fs::path operator/(const std::string& name) const { return folder_ / "runs" / "tiny" / name; }
  // Returns the time of the last write of each file in the folder.
  [[nodiscard]] std::map<std::string, fs::file_time_type> times() const {
    std::map<std::string, fs::file_time_type> all;
    for (const auto& entry : fs::recursive_directory_iterator(path() / "runs" / "tiny")) {
      if (entry.is_regular_file()) all[entry.path().lexically_relative(path()).string()] = entry.last_write_time();
    }
    return all;
  }

 private:
  TempFolder folder_;
};

// Returns the digest of a plan that is run without an interruption.
inline std::string fresh(const std::string& plan, const std::vector<std::string>& more = {}) {
  const PlanSandbox lab(plan);
  CHECK(lab.run(more).code == 0);
  return lab.digest();
}

inline nlohmann::json json_of(const fs::path& file) { return nlohmann::json::parse(read_file(file)); }

inline void flip_byte(const fs::path& file) {
  std::string bytes = read_file(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(file, bytes);
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace regard::test
