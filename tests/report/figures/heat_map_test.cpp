#include "framework/report/figures/heat_map.h"

#include <limits>

#include "tests/support/catch.h"

namespace regard::report {

TEST_CASE("heat map: words are text on both axes and each weight has a label") {
  runs::AttentionExample example;
  example.source = {"a\"<b>", "</s>"};
  example.target = {"c"};
  example.weights = {1, 2, {0.25, std::numeric_limits<double>::quiet_NaN()}};
  CHECK(heat_map_html(example, "d & e") ==
        "<div class=\"scroll\"><table class=\"heat\"><caption>d &amp; e</caption>\n<thead><tr><td "
        "class=\"corner\"><span class=\"vh\">output word, source word</span></td><th scope=\"col\"><span "
        "dir=\"auto\">a&quot;&lt;b&gt;</span></th><th scope=\"col\"><span "
        "dir=\"auto\">&lt;/s&gt;</span></th></tr></thead>\n<tbody>\n<tr><th scope=\"row\"><span "
        "dir=\"auto\">c</span></th><td style=\"--w:0.250\" title=\"a&quot;&lt;b&gt; → c: 0.25\"><span "
        "class=\"vh\">0.25</span></td><td style=\"--w:0.000\" title=\"&lt;/s&gt; → c: –\"><span "
        "class=\"vh\">–</span></td></tr>\n</tbody></table></div>\n");
}

TEST_CASE("heat map: several large ones are drawn smaller") {
  CHECK(std::string(heat_maps_density(10, 27)) == "dense");
  CHECK(std::string(heat_maps_density(10, 16)).empty());
  CHECK(std::string(heat_maps_density(1, 27)).empty());
}

}  // namespace regard::report
