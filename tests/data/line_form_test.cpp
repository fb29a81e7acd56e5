#include "framework/data/line_form.h"

#include "framework/base/errors.h"
#include "tests/data/folder.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

std::string why_not(const std::string& form) {
  std::string why;
  CHECK_FALSE(LineForm::parse(form, why));
  return why;
}

LineForm form_of(const std::string& form) {
  std::string why;
  const auto parsed = LineForm::parse(form, why);
  INFO(why);
  REQUIRE(parsed);
  return *parsed;
}

// "SOURCE | TARGET", or why the line does not have the form.
std::string split(const std::string& form, const std::string& line) {
  Pair pair;
  const std::string why = form_of(form).split(line, pair);
  return why.empty() ? pair.source + " | " + pair.target : why;
}

}  // namespace

TEST_CASE("line form: tabs, words around fields and features behind the source") {
  CHECK(split("{source}\t{target}", "abc\tx y z") == "abc | x y z");
  CHECK(split("IN: {source} OUT: {target}", "IN: jump twice OUT: I_JUMP I_JUMP") == "jump twice | I_JUMP I_JUMP");
  CHECK(split("{source}\t{target}\t{features}", "gehen\tging\tV;PST") == "gehen <V> <PST> | ging");
  CHECK(split("{features}\t{target}\t{source}", "V;;PST;\tging\tgehen") == "gehen <V> <PST> | ging");
  CHECK(split("{_}\t{source}\t{_}\t{target}", "7\ta\tb\tc") == "a | c");
  CHECK(split("({source}, {target})", "(a, b (c))") == "a | b (c)");
  CHECK(split("{source}\t{target}", "\t") == " | ");
}

TEST_CASE("line form: a line of another form is refused with what is missing") {
  CHECK(split("{source}\t{target}", "abc x y z") == "has no \"\\t\"");
  CHECK(split("IN: {source} OUT: {target}", "jump OUT: I_JUMP") == "does not start with \"IN: \"");
  CHECK(split("({source}, {target})", "(a, b) c") == "does not end with \")\"");
  CHECK(split("({source}, {target})", "(a, b") == "has no \")\"");
}

TEST_CASE("line form: wrong forms are refused") {
  CHECK(why_not("{source}\t{taget}") ==
        "knows no field {taget}; the fields are {source}, {target}, {features} and {_}");
  CHECK(why_not("{source}\t{source}") == "has the field {source} twice");
  CHECK(why_not("{source}{target}") ==
        "has no text between {source} and {target}, so nothing says where one ends");
  CHECK(why_not("{source}") == "has no {target}; write for example \"{source}\\t{target}\"");
  CHECK(why_not("a {source").starts_with("knows no field {source}"));
}

TEST_CASE("line form: a file is read pair by pair and errors name the line") {
  const TestFolder folder;
  const auto read = [&](const std::string& text, EmptyLines empty_lines = EmptyLines::kRefuse) {
    const auto file = folder.file("a.tsv", text);
    return collect([&](const PairCallback& receive) {
      return for_each_pair(file, form_of("{source}\t{target}"), {.empty_lines = empty_lines}, receive);
    });
  };
  const Corpus corpus = read("a\tx\nb\ty z\n");
  CHECK(corpus.source == std::vector<std::string>{"a", "b"});
  CHECK(corpus.target == std::vector<std::string>{"x", "y z"});
  const std::string file = folder.at("a.tsv");
  CHECK_THROWS_WITH(read("a\tx\nb y\n"),
                    file + ":2: the line has no \"\\t\", so it does not have the form data.files.line");
  CHECK_THROWS_AS(read("a x\n"), DataError);
  CHECK_THROWS_WITH(read("a\tx\nb\t \n"),
                    file + ":2: the target is empty; remove the line, or set data.empty_lines to skip");
  CHECK(read("a\tx\n\ty\n", EmptyLines::kSkip).skipped == 1);
  CHECK(read("a\tx\n\ty\n", EmptyLines::kKeep).source == std::vector<std::string>{"a", ""});
}

}  // namespace regard::data
