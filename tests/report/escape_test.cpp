#include "framework/report/escape.h"

#include "tests/support/catch.h"

namespace regard::report {

TEST_CASE("escape: html has no markup and no end of an attribute") {
  CHECK(html("<script>alert('x')</script> & \"y\"") ==
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;");
  CHECK(html("</svg>\n\t\x01 naïve 日本") == "&lt;/svg&gt;    naïve 日本");
}

TEST_CASE("escape: html has no character that XML forbids") {
  CHECK(html("a\xEF\xBF\xBE"
             "b\xEF\xBF\xBF"
             "\x01") ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD ");
  CHECK(html("\xEF\xBF\xBD\xEF\xBC\x81") == "\xEF\xBF\xBD\xEF\xBC\x81");
}

TEST_CASE("escape: a colon in markdown is escaped only if it would make a link or a picture") {
  CHECK(markdown_cell("BLEU 13a: nrefs:1|case:mixed") == "BLEU 13a: nrefs:1\\|case:mixed");
  CHECK(markdown(":smile: ftp://x a::b www.x.y") == "\\:smile: ftp\\://x a::b www\\.x.y");
}

TEST_CASE("escape: markdown has no markup and no cell border and no mention") {
  CHECK(markdown_cell("a|b `c` *d* _e_ [f](http://g) <h> #i @j &k &#1; $l$ ~m~ ![n] {o}\n") ==
        "a\\|b \\`c\\` \\*d\\* \\_e\\_ \\[f\\](http\\://g) &lt;h> \\#i &#64;j &amp;k &amp;\\#1; \\$l\\$ \\~m\\~ "
        "\\!\\[n\\] \\{o\\} ");
  CHECK(markdown("[1](x) [2]: y [3][4] ![5] [ ] [^1]") ==
        "\\[1\\](x) \\[2\\]: y \\[3\\]\\[4\\] \\!\\[5\\] \\[ \\] \\[^1\\]");
}

TEST_CASE("escape: markdown does not change text that is not markup") {
  for (const char* text : {"On test_long, dot beats vanilla by 3.1 BLEU [-0.2, 6.3], p < 0.001 (3 seeds).",
                           "R & D > 3!", "a|b", "13a: nrefs:1|case:mixed", "3 - 2 = 1", "23.98 ± 1.57"}) {
    CHECK(markdown(text) == text);
  }
  for (const char* text : {"-0.41", "+3.0", "2.", "1) a", "[68.8, 78.2]", "="}) CHECK(markdown_cell(text) == text);
}

TEST_CASE("escape: a name in markdown cannot begin a heading or list or quote or code") {
  CHECK(markdown("# a") == "\\# a");
  CHECK(markdown("- a") == "\\- a");
  CHECK(markdown("+ a") == "\\+ a");
  CHECK(markdown("> a") == "\\> a");
  CHECK(markdown("=== a") == "\\=== a");
  CHECK(markdown("12. a") == "12\\. a");
  CHECK(markdown("1)") == "1\\)");
  CHECK(markdown("     a") == "a");
}

TEST_CASE("escape: a name in latex cannot run a command") {
  CHECK(latex("\\input{/etc/passwd} $x$ 50% a_b #1 & ~ ^ <|> \"q\" `t` [o]") ==
        "\\textbackslash{}input\\{/etc/passwd\\} \\$x\\$ 50\\% a\\_b \\#1 \\& "
        "\\textasciitilde{} \\textasciicircum{} \\textless{}\\textbar{}\\textgreater{} "
        "\\textquotedbl{}q\\textquotedbl{} \\textasciigrave{}t\\textasciigrave{} {[}o{]}");
  CHECK(latex("91.20 ± 0.41 – −3 1\u202f234") == "91.20 $\\pm$ 0.41 -- $-$3 1\\,234");
  CHECK(latex("line\nbreak") == "line break");
  CHECK(latex("*best") == "{*}best");  // otherwise the end of the row before it would read it as its option
}

TEST_CASE("escape: a csv field is not a formula and stays one field") {
  CHECK(csv_field("plain") == "plain");
  CHECK(csv_field("=HYPERLINK(\"http://x\",\"y\")") == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
  for (const char* text : {"+1", "-1", "@a"}) CHECK(csv_field(text) == std::string("'") + text);
  CHECK(csv_field("\t=1") == "' =1");
  CHECK(csv_field("a,b\nc") == "\"a,b c\"");
}

TEST_CASE("escape: a gnuplot field stays one field") {
  CHECK(data_field("`id` $(x) {/Bold} \"q\" \\n #") == "\"`id` $(x) {/Bold} ″q″ \\\\n #\"");
  CHECK(data_field("a\tb\nc") == "\"a b c\"");
}

TEST_CASE("escape: json inside html cannot end its script") {
  CHECK(json_in_html("[\"</script><!--&\"]") == "[\"\\u003c/script\\u003e\\u003c!--\\u0026\"]");
}

TEST_CASE("escape: a language is a valid tag or empty") {
  CHECK(language_tag("pt-BR") == "pt-BR");
  for (const char* name : {"", "a\" onload=x", "-en", "français"}) CHECK(language_tag(name).empty());
}

TEST_CASE("escape: two names never give the same file name") {
  CHECK(file_stem("test_2016.a-b") == "test_2016.a-b");
  CHECK(file_stem("a/b 'c'") == "a=2fb=20=27c=27");
  CHECK(file_stem("é") == "=c3=a9");
  CHECK(file_stem("=20") != file_stem(" "));
  const std::string long_name(200, ' ');
  CHECK(file_stem(long_name).size() == 120);
  CHECK(file_stem(long_name) != file_stem(long_name + "x"));
}

TEST_CASE("escape: base64 is padded") {
  CHECK(svg_data_uri("") == "data:image/svg+xml;base64,");
  CHECK(svg_data_uri("<") == "data:image/svg+xml;base64,PA==");
  CHECK(svg_data_uri("<s") == "data:image/svg+xml;base64,PHM=");
  CHECK(svg_data_uri("<sv") == "data:image/svg+xml;base64,PHN2");
  CHECK(svg_data_uri("\xff\xfe\xfd") == "data:image/svg+xml;base64,//79");
}

}  // namespace regard::report
