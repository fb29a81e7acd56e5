#include "framework/evaluation/score_output.h"

#include <string>

#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

const std::string kVersion = evaluator_version();

ScoreLine line(std::string name, double score, std::string verbose = "") {
  ScoreLine made{std::move(name), score, std::move(verbose), Signature(1)};
  made.signature.add("case", "c", "mixed");
  return made;
}

const std::string kSignature = "nrefs:1|case:mixed|version:" + kVersion;

std::string times(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

ScoreTable table() {
  return {{"Baseline: é", "b_c"},
          {{"BLEU",
            line("", 0).signature,
            {{.score = 10.66, .confidence = Confidence{10.5, 2.1}},
             {.score = 11, .confidence = Confidence{10.94, 2}, .p_value = 0.05}}},
           {"TER", Signature(1), {{.score = 62.5}, {.score = 43.75, .p_value = 0.051}}}}};
}

}  // namespace

TEST_CASE("score_output: a score carries its signature and details unless it is to be bare") {
  const ScoreLine bleu = line("BLEU", 10.66, "75.0/38.5");
  CHECK(score_text(bleu, {}) == "BLEU|" + kSignature + " = 10.7 75.0/38.5");
  CHECK(score_text(bleu, {.width = 3, .short_signature = true}) ==
        "BLEU|#:1|c:mixed|v:" + kVersion + " = 10.660 75.0/38.5");
  CHECK(score_text(bleu, {.width = 0, .score_only = true}) == "11");
  CHECK(score_text(line("TER", 5), {}) == "TER|" + kSignature + " = 5.0");
}

TEST_CASE("score_output: a confidence of mean 0 is not shown") {
  ScoreLine bleu = line("BLEU", 10.66);
  bleu.confidence = Confidence{10.55, 2.125};
  CHECK(score_text(bleu, {.score_only = true}) == "10.7 (μ = 10.6 ± 2.1)");
  CHECK(score_text(bleu, {.width = 2}) == "BLEU|" + kSignature + " = 10.66 (μ = 10.55 ± 2.12)");
  bleu.confidence = Confidence{0, 0};
  CHECK(score_text(bleu, {.score_only = true}) == "10.7");
  CHECK(scores_json({bleu}, {}).find("confidence") == std::string::npos);
}

TEST_CASE("score_output: several scores are aligned at the equals sign") {
  CHECK(scores_text({line("BLEU", 1), line("chrF2++", 2)}, {}) ==
        "   BLEU|" + kSignature + " = 1.0\nchrF2++|" + kSignature + " = 2.0\n");
  CHECK(scores_text({line("BLEU", 1), line("TER", 12)}, {.score_only = true}) == "1.0\n12.0\n");
  ScoreLine sure = line("BLEU", 100);
  sure.confidence = Confidence{99, 1};
  CHECK(scores_text({line("TER", 1), sure, sure}, {.score_only = true}) ==
        "1.0\n100.0 (μ = 99.0 ± 1.0)\n100.0 (μ = 99.0 ± 1.0)\n");
  CHECK(scores_text({}, {}).empty());
}

TEST_CASE("score_output: JSON has an object a metric and bare numbers where that is asked for") {
  ScoreLine bleu = line("BLEU", 10.66, "75.0/38.5");
  bleu.confidence = Confidence{10.55, 2.125};
  CHECK(scores_json({bleu}, {}) ==
        "{\n \"name\": \"BLEU\",\n \"score\": 10.7,\n \"signature\": \"" + kSignature +
            "\",\n \"confidence_mean\": 10.6,\n \"confidence_var\": 2.1,\n \"confidence\": \"μ = 10.6 ± 2.1\",\n "
            "\"verbose_score\": \"75.0/38.5\",\n \"nrefs\": \"1\",\n \"case\": \"mixed\",\n \"version\": \"" +
            kVersion + "\"\n}\n");
  CHECK(scores_json({bleu}, {.score_only = true}) == "10.7\n");
  CHECK(scores_json({bleu, line("TER", 5)}, {.score_only = true}) == "[\n10.7,\n5.0\n]\n");
  const std::string both = scores_json({line("BLEU", 1), line("TER", 5)}, {});
  CHECK(both.starts_with("[\n{\n \"name\": \"BLEU\""));
  CHECK(both.find("\n},\n{\n \"name\": \"TER\"") != std::string::npos);
  CHECK(both.ends_with("\n}\n]\n"));
}

TEST_CASE("score_output: a grid is as wide as its text in characters and stars small p-values") {
  const auto rule = [](const char* left, const char* line, const char* cross, const char* right) {
    return left + times(13, line) + cross + times(21, line) + cross + times(14, line) + right + "\n";
  };
  CHECK(table_text(table(), {}) ==
        rule("╒", "═", "╤", "╕") + "│      System │  BLEU (μ ± 95% CI)  │     TER      │\n" +
            rule("╞", "═", "╪", "╡") + "│ Baseline: é │  10.7 (10.5 ± 2.1)  │     62.5     │\n" +
            rule("├", "─", "┼", "┤") + "│         b_c │  11.0 (10.9 ± 2.0)  │     43.8     │\n" +
            "│             │    (p = 0.0500)*    │ (p = 0.0510) │\n" + rule("╘", "═", "╧", "╛") +
            "\n - BLEU       " + kSignature + "\n - TER        nrefs:1|version:" + kVersion + "\n");
  CHECK(table_text(table(), {.short_signature = true}).ends_with(" - TER        #:1|v:" + kVersion + "\n"));
}

TEST_CASE("score_output: a table as JSON has every number in full and null for what is not there") {
  const auto value = [](const char* score, const char* p, const char* mean, const char* ci,
                        const std::string& signature) {
    const std::string space = ",\n            ";
    return std::string("{\n            \"score\": ") + score + space + "\"p_value\": " + p + space +
           "\"mean\": " + mean + space + "\"ci\": " + ci + space + "\"signature\": \"" + signature +
           "\"\n        }";
  };
  const std::string plain = "nrefs:1|version:" + kVersion;
  CHECK(table_json(table()) == "[\n    {\n        \"system\": \"Baseline: \\u00e9\",\n        \"BLEU\": " +
                                   value("10.66", "null", "10.5", "2.1", kSignature) +
                                   ",\n        \"TER\": " + value("62.5", "null", "null", "null", plain) +
                                   "\n    },\n    {\n        \"system\": \"b_c\",\n        \"BLEU\": " +
                                   value("11.0", "0.05", "10.94", "2.0", kSignature) + ",\n        \"TER\": " +
                                   value("43.75", "0.051", "null", "null", plain) + "\n    }\n]\n");
}

TEST_CASE("score_output: LaTeX sets its symbols as mathematics and escapes the names") {
  CHECK(table_latex(table(), {}) ==
        "\\begin{tabular}{rcc}\n\\toprule\n System & BLEU ($\\mu$ $\\pm$ 95\\% CI) & TER \\\\\n\\midrule\n"
        " Baseline: é & 10.7 (10.5 $\\pm$ 2.1) & 62.5 \\\\\n"
        " b\\_c & 11.0 (10.9 $\\pm$ 2.0) (p = 0.0500)$^*$ & 43.8 (p = 0.0510) \\\\\n"
        "\\bottomrule\n\\end{tabular}\n% BLEU: " +
            kSignature + "\n% TER: nrefs:1|version:" + kVersion + "\n");
  const ScoreTable odd{{"a&%$#_{}\\~^<>`'\"\tz"}, {}};
  CHECK(table_latex(odd, {}).find(" a\\&\\%\\$\\#\\_\\{\\}\\textbackslash{}\\textasciitilde{}\\textasciicircum{}"
                                  "\\textless{}\\textgreater{}\\textasciigrave{}\\textquotesingle{}"
                                  "\\textquotedbl{} z \\\\\n") != std::string::npos);
}

}  // namespace regard::evaluation
