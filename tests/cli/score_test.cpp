#include "tools/regard/commands/score.h"

#include <fmt/format.h>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/evaluation/signature.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::cli {
namespace {

struct Said {
  std::string out, err;
};

Said run(const std::vector<std::string>& args) {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(score(args, out, err) == 0);
  return {out.str(), err.str()};
}

std::string refusal(const std::vector<std::string>& args) {
  std::ostringstream out;
  std::ostringstream err;
  try {
    score(args, out, err);
  } catch (const Error& error) {
    CHECK(error.exit_code() == 2);
    CHECK(out.str().empty());
    return error.what();
  }
  return "nothing was refused";
}

// The corpus with scores by sacreBLEU 2.6.0.
class Files final {
 public:
  Files() {
    write_file(folder_ / "hyp", "Ein Mann, der auf einem 3.5-Meter-Brett steht.\nZwei Hunde laufen\n\na b\n");
    write_file(folder_ / "other", "Ein Mann steht.\nZwei Hunde rennen\nLeer.\na b c\n");
    write_file(folder_ / "ref",
               "Ein Mann steht auf einem 3,5-Meter-Brett.\nZwei Hunde rennen durch den Schnee.\nLeer.\na b c\n");
  }
  [[nodiscard]] std::string operator[](const char* name) const { return folder_ / name; }

 private:
  test::TempFolder folder_;
};

const std::string version = "version:" + evaluation::evaluator_version();

}  // namespace

TEST_CASE("regard score: one system is printed as by sacreBLEU", "[cli]") {
  const Files files;
  CHECK(run({"--ref", files["ref"], files["hyp"]}).out ==
        "BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|" + version +
            " = 10.7 75.0/38.5/5.0/3.1 (BP = 0.732 ratio = 0.762 hyp_len = 16 ref_len = 21)\n");
  CHECK(run({"--ref", files["ref"], files["hyp"], "--score-only", "--width", "6"}).out == "10.660068\n");
  const std::string v = "v:" + evaluation::evaluator_version();
  const std::string all =
      run({"--ref", files["ref"], files["hyp"], "--metrics", "ter,chrf++,bleu,chrf", "--short", "--tok", "none"})
          .out;
  CHECK(all == "    BLEU|#:1|c:mixed|e:no|tok:none|s:exp|" + v +
                   " = 12.8 58.3/33.3/8.3/6.2 (BP = 0.717 ratio = 0.750 hyp_len = 12 ref_len = 16)\n" +
                   "  chrF2|#:1|c:mixed|e:yes|nc:6|nw:0|s:no|" + v + " = 51.0\n" +
                   "chrF2++|#:1|c:mixed|e:yes|nc:6|nw:2|s:no|" + v + " = 48.7\n" +
                   "TER|#:1|c:lc|t:tercom|nr:no|pn:yes|as:no|" + v + " = 62.5\n");
}

TEST_CASE("regard score: lines that are right or wrong as a whole have exact match and error rates", "[cli]") {
  const test::TempFolder folder;
  write_file(folder / "hyp", "k æ t\nd ɔ\n");
  write_file(folder / "ref", "k æ t\nd ɔ ɡ\n");
  const Said said = run({"--ref", (folder / "ref").string(), (folder / "hyp").string(), "--metrics",
                         "exact_match,per,edit_distance", "--width", "2"});
  CHECK(said.out == "      EM|nrefs:1|case:mixed|unit:line|" + version + " = 50.00 (1 of 2)\n" +
                        "     PER|nrefs:1|case:mixed|unit:word|" + version + " = 16.67\n" +
                        "EditDist|nrefs:1|case:mixed|unit:char|" + version + " = 1.00\n");
}

TEST_CASE("regard score: bare scores are printed and aligned as by sacreBLEU", "[cli]") {
  const Files files;
  const std::vector<std::string> all = {"--ref",     files["ref"], files["hyp"],
                                        "--metrics", "bleu,chrf",  "--score-only"};
  const auto with = [&all](std::vector<std::string> more) {
    more.insert(more.begin(), all.begin(), all.end());
    return more;
  };
  CHECK(run(with({})).out == "10.7\n51.0\n");
  CHECK(run(with({"--format", "json"})).out == "[\n10.7,\n51.0\n]\n");
  CHECK(run({"--ref", files["ref"], files["hyp"], "--score-only", "--format", "json"}).out == "10.7\n");
}

TEST_CASE("regard score: bare scores with intervals align at the equals sign", "[cli]") {
  const Files files;
  const std::string out = run({"--ref", files["ref"], files["hyp"], "--metrics", "bleu,ter", "--width", "0",
                               "--score-only", "--confidence", "--tok", "char"})
                              .out;
  const std::size_t second = out.find('\n') + 1;
  CHECK(out.find(" = ") == out.find(" = ", second) - second);
}

TEST_CASE("regard score: one resample gives no interval as in sacreBLEU", "[cli]") {
  const Files files;
  const std::string plain = run({"--ref", files["ref"], files["hyp"]}).out;
  CHECK(run({"--ref", files["ref"], files["hyp"], "--confidence", "--n", "1"}).out == plain);
  CHECK(run({"--ref", files["ref"], files["hyp"], files["other"], "--confidence", "--n", "1"}).out ==
        run({"--ref", files["ref"], files["hyp"], files["other"]}).out);
}

TEST_CASE("regard score: JSON has sacreBLEU's keys", "[cli]") {
  const Files files;
  CHECK(run({"--ref", files["ref"], files["hyp"], "--format", "json"}).out ==
        "{\n \"name\": \"BLEU\",\n \"score\": 10.7,\n \"signature\": "
        "\"nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|" +
            version +
            "\",\n"
            " \"verbose_score\": \"75.0/38.5/5.0/3.1 (BP = 0.732 ratio = 0.762 hyp_len = 16 ref_len = 21)\",\n"
            " \"nrefs\": \"1\",\n \"case\": \"mixed\",\n \"eff\": \"no\",\n \"tok\": \"13a\",\n \"smooth\": "
            "\"exp\",\n"
            " \"version\": \"" +
            evaluation::evaluator_version() + "\"\n}\n");
  const auto both = nlohmann::json::parse(
      run({"--ref", files["ref"], files["hyp"], "--format", "json", "--metrics", "bleu,ter", "--confidence"}).out);
  REQUIRE(both.size() == 2);
  CHECK(both[0]["signature"].get<std::string>().starts_with("nrefs:1|bs:1000|seed:12345|case:mixed|"));
  CHECK(both[0].contains("confidence_mean"));
  CHECK(both[1]["score"] == 62.5);
}

TEST_CASE("regard score: single sentences and several references are scored", "[cli]") {
  const Files files;
  const std::string out =
      run({"--ref", files["ref"], "--ref", files["other"], files["hyp"], "--sentence", "--score-only"}).out;
  CHECK(std::count(out.begin(), out.end(), '\n') == 4);
  CHECK(run({"--ref", files["ref"], files["hyp"], "--sentence", "--score-only", "--width=4"}).out ==
        "13.9508\n14.5063\n0.0000\n60.6531\n");
  CHECK(run({"--ref", files["ref"], files["hyp"], "--sentence"})
            .out.starts_with("BLEU|nrefs:1|case:mixed|eff:yes|"));
}

TEST_CASE("regard score: --effective-order uses only existing n-grams of short lines", "[cli]") {
  test::TempFolder folder;
  write_file(folder / "hyp", "a b\nc d\n");
  write_file(folder / "ref", "a b\nc e\n");
  CHECK(run({"--ref", folder / "ref", folder / "hyp"}).out ==
        "BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|" + version +
            " = 0.0 75.0/50.0/0.0/0.0 (BP = 1.000 ratio = 1.000 hyp_len = 4 ref_len = 4)\n");
  CHECK(run({"--ref", folder / "ref", folder / "hyp", "--effective-order", "--width", "4"}).out ==  // √(75 · 50)
        "BLEU|nrefs:1|case:mixed|eff:yes|tok:13a|smooth:exp|" + version +
            " = 61.2372 75.0/50.0/0.0/0.0 (BP = 1.000 ratio = 1.000 hyp_len = 4 ref_len = 4)\n");
}

TEST_CASE("regard score: several systems are printed as a grid", "[cli]") {
  const Files files;
  test::TempFolder short_names;
  const auto before = std::filesystem::current_path();
  std::filesystem::copy_file(files["hyp"], short_names / "hyp");
  std::filesystem::copy_file(files["other"], short_names / "other");
  std::filesystem::copy_file(files["ref"], short_names / "ref");
  std::filesystem::current_path(short_names.path());
  const Said grid = run({"--ref", "ref", "hyp", "other", "--metrics", "ter"});
  const Said tested = run({"--ref", "ref", "hyp", "other", "--paired-bs", "--n", "40"});
  const Said latex = run({"--ref", "ref", "hyp", "other", "--metrics", "bleu,ter", "--format", "latex"});
  std::filesystem::current_path(before);
  CHECK(grid.out ==
        "╒══════════╤═══════╕\n"
        "│   System │  TER  │\n"
        "╞══════════╪═══════╡\n"
        "│      hyp │ 62.5  │\n"
        "├──────────┼───────┤\n"
        "│    other │ 43.8  │\n"
        "╘══════════╧═══════╛\n"
        "\n"
        " - TER        nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|" +
            version + "\n");
  CHECK(tested.out.find("│ Baseline: hyp │") != std::string::npos);
  CHECK(tested.out.find("BLEU (μ ± 95% CI)") != std::string::npos);
  CHECK(tested.out.find("(p = 0.") != std::string::npos);
  CHECK(tested.out.find("nrefs:1|bs:40|seed:12345|case:mixed") != std::string::npos);
  CHECK(latex.out.starts_with(
      "\\begin{tabular}{rcc}\n\\toprule\n System & BLEU & TER \\\\\n\\midrule\n hyp & 10.7 & 62.5 \\\\\n"));
  CHECK(latex.out.find("\n% TER: nrefs:1|") != std::string::npos);
}

TEST_CASE("regard score: paired tests are printed as JSON", "[cli]") {
  const Files files;
  const auto found = nlohmann::json::parse(
      run({"--ref", files["ref"], files["hyp"], files["other"], "--paired-ar", "--n", "500", "--format", "json"})
          .out);
  REQUIRE(found.size() == 2);
  CHECK(found[0]["system"] == "Baseline: " + files["hyp"]);
  CHECK(found[0]["BLEU"]["p_value"].is_null());
  CHECK(found[1]["BLEU"]["mean"].is_null());
  CHECK(found[1]["BLEU"]["p_value"].get<double>() > 0.0);
  CHECK(found[1]["BLEU"]["signature"].get<std::string>().find("|ar:500|seed:12345|") != std::string::npos);
  const auto with =
      nlohmann::json::parse(run({"--ref", files["ref"], files["hyp"], files["other"], "--paired-ar", "--n", "50",
                                 "--paired-ar-confidence", "20", "--seed", "7", "--format", "json"})
                                .out);
  CHECK(with[1]["BLEU"]["ci"].is_number());
  CHECK(with[1]["BLEU"]["signature"].get<std::string>().find("|bs:20|ar:50|seed:7|") != std::string::npos);
}

TEST_CASE("regard score: names with special characters of LaTeX and JSON are escaped", "[cli]") {
  const Files files;
  const test::TempFolder folder;
  const std::string name = folder / "a_b%$#&{}~^'`\\\"<é>";
  std::filesystem::copy_file(files["hyp"], name);
  const std::string latex = run({"--ref", files["ref"], name, "--format", "latex"}).out;
  CHECK(latex.find(
            "a\\_b\\%\\$\\#\\&\\{\\}\\textasciitilde{}\\textasciicircum{}\\textquotesingle{}\\textasciigrave{}"
            "\\textbackslash{}\\textquotedbl{}\\textless{}é\\textgreater{} & 10.7") != std::string::npos);
  const auto json =
      nlohmann::json::parse(run({"--ref", files["ref"], name, files["hyp"], "--format", "json"}).out);
  CHECK(json[0]["system"] == name);
}

TEST_CASE("regard score: a file whose name is not UTF-8 has its bytes escaped in JSON", "[cli]") {
  const Files files;
  const test::TempFolder folder;
  const std::string name = folder / "caf\xE9";
  std::filesystem::copy_file(files["hyp"], name);
  const auto json =
      nlohmann::json::parse(run({"--ref", files["ref"], name, files["hyp"], "--format", "json"}).out);
  CHECK(json[0]["system"] == (folder / "caf\\xE9").string());
  CHECK(nlohmann::json::parse(run({"--ref", files["ref"], name, "--format", "json"}).out)["name"] == "BLEU");
}

TEST_CASE("regard score: standard input can be one of the files", "[cli]") {
  const Files files;
  std::istringstream text("Ein Mann, der auf einem 3.5-Meter-Brett steht.\nZwei Hunde laufen\n\na b\n");
  std::streambuf* const before = std::cin.rdbuf(text.rdbuf());
  const std::string out = run({"--ref", files["ref"], "-", "--score-only"}).out;
  std::cin.rdbuf(before);
  CHECK(out == "10.7\n");
  CHECK(refusal({"--ref", "-", "-"}) ==
        "score: standard input can be read only once, so only one file can be '-'");
}

TEST_CASE("regard score: warnings name the file", "[cli]") {
  const Files files;
  const test::TempFolder folder;
  const std::string tokens = folder / "tokens";
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "a b .\n";
  write_file(tokens, lines);
  const std::string marked = folder / "marked";
  write_file(marked, "\xEF\xBB\xBF" + lines);
  CHECK(run({"--ref", marked, tokens}).err ==
        "warning: " + marked +
            ": starts with a byte order mark, which counts as part of the first word, as in sacreBLEU\n" +
            "warning: " + tokens + ": 100 lines or more end in ' .'; score detokenised text, or use --tok none\n");
  CHECK(run({"--ref", tokens, tokens, "--tok", "none"}).err.empty());
}

TEST_CASE("regard score: an empty reference is a reference of no words as in sacreBLEU", "[cli]") {
  const Files files;
  CHECK(run({"--ref", files["hyp"], files["ref"], "--metrics", "ter"}).out.starts_with("TER|nrefs:1|"));
  CHECK(run({"--ref", files["ref"], "--ref", files["hyp"], files["other"]}).out.starts_with("BLEU|nrefs:2|"));
  CHECK(run({"--ref", files["ref"], "--ref", files["hyp"], files["other"], "--sentence"}).out.find("nrefs:1") ==
        std::string::npos);
}

TEST_CASE("regard score: files that cannot be scored are refused with one sentence", "[cli]") {
  const Files files;
  const test::TempFolder folder;
  const std::string three = folder / "three";
  write_file(three, "a\nb\nc\n");
  CHECK(refusal({"--ref", files["ref"], three}) ==
        three + ": has 3 lines and " + files["ref"] + " has 4; line N is scored against line N");
  const std::string nothing = folder / "nothing";
  write_file(nothing, "");
  CHECK(refusal({"--ref", nothing, nothing}) == "evaluation: there is no hypothesis to score");
  const std::string latin = folder / "latin";
  write_file(latin, "a\nb\xE9\nc\nd\n");
  CHECK(refusal({"--ref", files["ref"], latin}) ==
        latin + ":2: byte 2 of the line (0xE9) is not UTF-8; convert the file to UTF-8");
  CHECK(refusal({"--ref", files["ref"], "no-such-file"}) ==
        "no-such-file: cannot be read: no such file or folder");
}

TEST_CASE("regard score: wrong options are refused with one sentence", "[cli]") {
  const auto said = [](std::vector<std::string> args) {
    args.insert(args.end(), {"--ref", "r", "h"});
    return refusal(args);
  };
  CHECK(refusal({"h"}) == "score: --ref is missing; name at least one file of references");
  CHECK(refusal({"--ref", "r"}) == "score: no file of hypotheses is named; '-' reads standard input");
  CHECK(said({"--metric", "bleu"}) ==
        "score: unknown option '--metric'; did you mean 'metrics'?; 'regard score --help' lists them");
  CHECK(said({"--width", "x"}) ==
        "score: the argument ('x') for option '--width' is invalid; 'regard score --help' "
        "lists the options");
  CHECK(said({"--metrics", "blue"}) ==
        "score: unknown metric 'blue'; did you mean 'bleu'?; there are bleu, chrf, chrf++, ter, exact_match, "
        "token_accuracy, wer, cer, per, edit_distance");
  CHECK(said({"--metrics", "ter,ter"}) == "score: --metrics names ter twice");
  CHECK(said({"--tok", "zh"}) == "tokenizer 'zh' is unknown; the known ones are 13a, intl, char and none");
  CHECK(said({"--smooth", "add"}) == "smoothing 'add' is unknown; the known ones are exp, floor, add-k and none");
  CHECK(said({"--smooth-value", "1"}) == "score: --smooth-value belongs to --smooth floor or add-k");
  CHECK(said({"--smooth", "floor", "--smooth-value", "nan"}) ==
        "score: --smooth-value takes a number from 0 to 1e9, got nan");
  CHECK(said({"--seed", "1.5"}) ==
        "score: --seed takes a whole number from 0 to 18446744073709551615, or none, got '1.5'");
  CHECK(said({"--n", "0"}) == "score: --n takes a whole number from 1 to 10000000, got 0");
  CHECK(said({"--width", "18"}) == "score: --width takes a whole number from 0 to 17, got 18");
  CHECK(said({"--format", "html"}) == "score: --format is text, json or latex, got 'html'");
  CHECK(said({"--paired-bs"}) ==
        "score: a paired test needs a baseline and at least one other file of hypotheses");
  CHECK(said({"i", "--paired-bs", "--paired-ar"}) == "score: --paired-bs and --paired-ar exclude each other");
  CHECK(said({"i", "--paired-bs", "--confidence"}) ==
        "score: --paired-bs includes --confidence; with --paired-ar use --paired-ar-confidence");
  for (const char* count : {"-1", "9000000000000000000"}) {
    CHECK(said({"i", "--paired-ar", "--paired-ar-confidence", count}) ==
          fmt::format("score: --paired-ar-confidence takes a whole number from 0 (none) to 10000000, got {}",
                      count));
  }
  CHECK(said({"--score-only", "--format", "json", "--confidence"}) ==
        "score: --score-only --format json prints only numbers, without intervals; leave --confidence out");
  CHECK(said({"h"}) == "score: 'h' is named twice; give each system its own file");
  CHECK(said({"--sentence", "--metrics", "bleu,ter"}) ==
        "score: --sentence takes one metric and one file of hypotheses, and no significance test");
  CHECK(said({"--sentence", "--format", "json"}) ==
        "score: --sentence prints one line a segment, so --format does not apply");
}

TEST_CASE("regard score: help names every option", "[cli]") {
  const std::string help = run({"--help"}).out;
  for (const char* option :
       {"--ref", "--metrics", "--tok", "--lc", "--smooth", "--smooth-value", "--sentence", "--confidence",
        "--paired-bs", "--paired-ar", "--n", "--seed", "--format", "--width"}) {
    CHECK(help.find(option) != std::string::npos);
  }
}

}  // namespace regard::cli
