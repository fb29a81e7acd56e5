#include "framework/report/page/page.h"

#include "framework/base/files.h"
#include "framework/report/page/explorer.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

std::string page_file(const char* name) { return read_file(Path(REGARD_SCHEMAS).parent_path() / "page" / name); }

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("page: style sheet and scripts have the bytes of the files beside its source") {
  CHECK(page_style() == page_file("page.css"));
  CHECK(page_script() == page_file("page.js"));
  CHECK(explorer_script() == page_file("explorer.js"));
}

TEST_CASE("page: the head has the style sheet and an escaped title") {
  const std::string head = page_head("a <b> & c", "verdict");
  CHECK(has(head, "<title>a &lt;b&gt; &amp; c</title>"));
  CHECK(has(head, page_style()));
  CHECK(has(head, "<a class=\"skip\" href=\"#verdict\">"));
  CHECK(has(head, "default-src 'none'"));
}

TEST_CASE("page: the end has both scripts in one strict function") {
  const std::string end = page_end("more();", "<made>");
  CHECK(has(end, "<footer><p>&lt;made&gt;</p></footer>"));
  CHECK(has(end, "'use strict';\n(() => {\n"));
  CHECK(has(end, "more();})();\n</script>"));
}

TEST_CASE("page: folded parts are open on paper and figures keep their size on a narrow screen") {
  const std::string_view style = page_style();
  CHECK(has(style.substr(style.find("@media print")), "details::details-content { content-visibility: visible;"));
  CHECK(has(page_script(), "addEventListener('beforeprint'"));
  const std::string_view narrow = style.substr(style.find("@media (max-width: 40rem)"));
  CHECK(has(narrow.substr(0, narrow.find("@media print")), "figure img { width: 36rem; max-width: none; }"));
}

}  // namespace regard::report
