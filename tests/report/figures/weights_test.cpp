#include "framework/report/figures/weights.h"

#include <limits>

#include "tests/support/catch.h"

namespace regard::report {
namespace {

runs::AttentionExample example() {
  return {.index = 0,
          .source = {"the", "black", "cat", "</s>"},
          .target = {"le", "chat"},
          .weights = {2, 4, {0.914, 0.05, 0.0349, 0.0011, 0, 1, 0.004, 0.0051}}};
}

}  // namespace

TEST_CASE("weights text: without colours there are numbers") {
  CHECK(weights_text(example(), {}) ==
        "      the black  cat </s>\n"
        "le    .91   .05  .03\n"
        "chat       1.00       .01\n");
}

TEST_CASE("weights text: a darker colour is a larger weight") {
  const std::string text = weights_text(example(), {.colour = true});
  CHECK(text.find("\x1b[48;5;27m\x1b[38;5;231m .91\x1b[0m") != std::string::npos);
  CHECK(text.find("\x1b[48;5;21m\x1b[38;5;231m 1.00\x1b[0m") != std::string::npos);
  CHECK(text.find("\x1b[48;5;231m\x1b[38;5;16m  .05\x1b[0m") != std::string::npos);
  // Weight 0 is as white as a small weight, also on a dark terminal.
  CHECK(text.find("chat \x1b[48;5;231m\x1b[38;5;16m    \x1b[0m ") != std::string::npos);
}

TEST_CASE("weights text: a table wider than the terminal is split") {
  CHECK(weights_text(example(), {.width = 15}) ==
        "      the black\n"
        "le    .91   .05\n"
        "chat       1.00\n"
        "\n"
        "      cat </s>\n"
        "le    .03\n"
        "chat       .01\n");
  // Each column is shown for any width.
  CHECK(weights_text(example(), {.width = 1}).find("</s>") != std::string::npos);
}

TEST_CASE("weights text: words cannot control the terminal and long ones are shortened") {
  auto hostile = example();
  hostile.source[1] = "a\x1b[31mb";
  hostile.source[2] = "été-incompréhensible";
  hostile.weights.values[0] = std::numeric_limits<double>::quiet_NaN();
  const std::string text = weights_text(hostile, {});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.starts_with("      the a?[31mb été-incompréh… </s>\n"));
  CHECK(text.find("le    nan") != std::string::npos);
}

TEST_CASE("weights text: columns are aligned even with wide characters") {
  auto chinese = example();
  chinese.source = {"一", "只黑猫", "的故事里有很多很多的字", "</s>"};
  chinese.target = {"die", "Katze\xE2\x80\xAE"};  // a mark that reverses the direction
  CHECK(weights_text(chinese, {}) ==
        "         一 只黑猫 的故事里有很… </s>\n"
        "die     .91    .05           .03\n"
        "Katze?        1.00                .01\n");
}

TEST_CASE("weights svg: it has one square for each weight and escapes the words") {
  auto hostile = example();
  hostile.target[0] = "<le&>";
  const std::string svg = weights_svg(hostile);
  std::size_t squares = 0;
  for (std::size_t at = 0; (at = svg.find("<title>", at)) != std::string::npos; ++at) ++squares;
  CHECK(squares == 8);
  CHECK(svg.find("<title>the → &lt;le&amp;&gt;: 0.914</title>") != std::string::npos);
  CHECK(svg.find("<le") == std::string::npos);
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""));
  CHECK(svg.ends_with("</svg>\n"));
}

}  // namespace regard::report
