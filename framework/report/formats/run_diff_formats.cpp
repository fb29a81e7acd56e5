// Writes the output of `regard report --compare`.
#include <fmt/format.h>

#include "framework/report/escape.h"
#include "framework/report/formats/json_parts.inl"
#include "framework/report/page/page.h"
#include "framework/report/tables/run_diff.h"

namespace regard::report {
namespace {

constexpr const char* kSamePlans = "The two plans are equal.";

std::string title_of(const RunDiff& diff) { return fmt::format("From {} to {}", diff.before, diff.after); }

}  // namespace

std::string run_diff_text(const RunDiff& diff) {
  std::string out;
  for (const Change& change : diff.compared) out += plain_line(change.comparison.verdict) + "\n";
  for (const std::string& remark : diff.remarks) out += plain_line(remark) + "\n";
  for (const Table& table : diff.tables)
    out += fmt::format("\n{}:\n\n{}", plain_line(table.caption), to_terminal(table));
  if (diff.plan.empty()) out += fmt::format("\n{}\n", kSamePlans);
  return out;
}

std::string run_diff_markdown(const RunDiff& diff) {
  std::string out = fmt::format("# {}\n\n", markdown(title_of(diff)));
  for (const Change& change : diff.compared) out += fmt::format("* {}\n", markdown(change.comparison.verdict));
  for (const std::string& remark : diff.remarks) out += fmt::format("* {}\n", markdown(remark));
  for (const Table& table : diff.tables) out += fmt::format("\n{}", to_markdown(table));
  if (diff.plan.empty()) out += fmt::format("\n{}\n", kSamePlans);
  return out;
}

std::string run_diff_html(const RunDiff& diff) {
  std::string out = page_head(title_of(diff), "verdict");
  out += fmt::format(
      "<header>\n<h1>{}</h1>\n</header>\n<main>\n<section id=\"verdict\" aria-labelledby=\"verdict-h\">\n"
      "<h2 id=\"verdict-h\">What moved</h2>\n<ul class=\"verdicts\">\n",
      html(title_of(diff)));
  for (const Change& change : diff.compared) out += fmt::format("<li>{}</li>\n", html(change.comparison.verdict));
  out += "</ul>\n";
  for (const std::string& remark : diff.remarks) out += fmt::format("<p>{}</p>\n", html(remark));
  for (const Table& table : diff.tables) out += to_html(table, true);
  if (diff.plan.empty()) out += fmt::format("<p>{}</p>\n", kSamePlans);
  return out + "</section>\n" + page_end("", "Made by regard from the two run folders only.");
}

std::string run_diff_json(const RunDiff& diff) {
  Json out{{"schema", "regard-changes-1"}, {"before", diff.before},     {"after", diff.after},
           {"tokenizer", diff.tokenizer},  {"compared", Json::array()}, {"remarks", diff.remarks},
           {"plan", Json::array()},        {"made_by", Json::array()}};
  for (const Change& change : diff.compared) {
    Json one = comparison_json(change.comparison, diff.tokenizer);
    one["before"] = spread_json(change.before);
    one["after"] = spread_json(change.after);
    one["same_translations"] = change.same_lines;
    out["compared"].push_back(std::move(one));
  }
  const auto differences = [](const std::vector<Difference>& all) {
    Json list = Json::array();
    for (const Difference& one : all)
      list.push_back({{"what", one.what}, {"before", one.before}, {"after", one.after}});
    return list;
  };
  out["plan"] = differences(diff.plan);
  out["made_by"] = differences(diff.made);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace regard::report
