// The prints of `regard report --compare`.
#include <fmt/format.h>

#include "framework/report/changes.h"
#include "framework/report/escape.h"
#include "framework/report/json_parts.inl"
#include "framework/report/page.h"

namespace regard::report {
namespace {

constexpr const char* kSamePlans = "The two plans say the same.";

std::string title_of(const Changes& changes) {
  return fmt::format("From {} to {}", changes.before, changes.after);
}

}  // namespace

std::string changes_text(const Changes& changes) {
  std::string out;
  for (const Change& change : changes.compared) out += plain_line(change.comparison.verdict) + "\n";
  for (const std::string& remark : changes.remarks) out += plain_line(remark) + "\n";
  for (const Table& table : changes.tables)
    out += fmt::format("\n{}:\n\n{}", plain_line(table.caption), to_terminal(table));
  if (changes.plan.empty()) out += fmt::format("\n{}\n", kSamePlans);
  return out;
}

std::string changes_markdown(const Changes& changes) {
  std::string out = fmt::format("# {}\n\n", markdown(title_of(changes)));
  for (const Change& change : changes.compared) out += fmt::format("* {}\n", markdown(change.comparison.verdict));
  for (const std::string& remark : changes.remarks) out += fmt::format("* {}\n", markdown(remark));
  for (const Table& table : changes.tables) out += fmt::format("\n{}", to_markdown(table));
  if (changes.plan.empty()) out += fmt::format("\n{}\n", kSamePlans);
  return out;
}

std::string changes_html(const Changes& changes) {
  std::string out = page_head(title_of(changes), "verdict");
  out += fmt::format(
      "<header>\n<h1>{}</h1>\n</header>\n<main>\n<section id=\"verdict\" aria-labelledby=\"verdict-h\">\n"
      "<h2 id=\"verdict-h\">What moved</h2>\n<ul class=\"verdicts\">\n",
      html(title_of(changes)));
  for (const Change& change : changes.compared)
    out += fmt::format("<li>{}</li>\n", html(change.comparison.verdict));
  out += "</ul>\n";
  for (const std::string& remark : changes.remarks) out += fmt::format("<p>{}</p>\n", html(remark));
  for (const Table& table : changes.tables) out += to_html(table, true);
  if (changes.plan.empty()) out += fmt::format("<p>{}</p>\n", kSamePlans);
  return out + "</section>\n" + page_end("", "Made by regard from the two run folders alone.");
}

std::string changes_json(const Changes& changes) {
  Json out{{"schema", "regard-changes-1"},   {"before", changes.before},  {"after", changes.after},
           {"tokenizer", changes.tokenizer}, {"compared", Json::array()}, {"remarks", changes.remarks},
           {"plan", Json::array()},          {"made_by", Json::array()}};
  for (const Change& change : changes.compared) {
    Json one = comparison_json(change.comparison, changes.tokenizer);
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
  out["plan"] = differences(changes.plan);
  out["made_by"] = differences(changes.made);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace regard::report
