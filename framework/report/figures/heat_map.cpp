#include "framework/report/figures/heat_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/report/analysis/diff_tokens.h"
#include "framework/report/escape.h"

namespace regard::report {
namespace {

std::string cell(double weight, const std::string& source, const std::string& target) {
  const double shown = std::isfinite(weight) ? std::clamp(weight, 0.0, 1.0) : 0.0;
  const std::string text = std::isfinite(weight) ? fmt::format("{:.2f}", weight) : "–";
  return fmt::format("<td style=\"--w:{:.3f}\" title=\"{} → {}: {}\"><span class=\"vh\">{}</span></td>", shown,
                     html(source), html(target), text, text);
}

}  // namespace

std::string heat_map_html(const runs::AttentionExample& example, const std::string& caption) {
  std::string out = fmt::format(
      "<div class=\"scroll\"><table class=\"heat\"><caption>{}</caption>\n<thead><tr>"
      "<td class=\"corner\"><span class=\"vh\">output word, source word</span></td>",
      html(caption));
  for (const std::string& word : example.source) {
    out += fmt::format("<th scope=\"col\"><span dir=\"auto\"{}>{}</span></th>",
                       is_set_upright(word) ? " class=\"upright\"" : "", html(word));
  }
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t t = 0; t < example.target.size(); ++t) {
    out += fmt::format("<tr><th scope=\"row\"><span dir=\"auto\">{}</span></th>", html(example.target[t]));
    for (std::size_t s = 0; s < example.source.size(); ++s) {
      out += cell(example.weights.at(static_cast<Index>(t), static_cast<Index>(s)), example.source[s],
                  example.target[t]);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

const char* heat_maps_density(std::size_t maps, std::size_t source_words) {
  return maps > 1 && source_words > 16 ? "dense" : "";
}

std::string heat_scale_html() {
  std::string out = "<p class=\"scale\"><span>weight 0</span>";
  for (int step = 0; step <= 10; ++step) out += fmt::format("<i style=\"--w:{:.1f}\"></i>", step / 10.0);
  return out + "<span>1</span></p>\n";
}

}  // namespace regard::report
