#include "framework/report/analysis/samples.h"

#include "framework/report/analysis/diff_tokens.h"

#include "tests/support/catch.h"

namespace regard::report {

TEST_CASE("samples: words outside a longest common subsequence are marked") {
  CHECK(marked_words("le chat noir dort", "le chat noir dort") == "le chat noir dort");
  CHECK(marked_words("le noir chat dort", "le chat noir dort") == "le <mark>noir</mark> chat dort");
  CHECK(marked_words("x <y>", "z") == "<mark>x</mark> <mark>&lt;y&gt;</mark>");
  CHECK(marked_words("", "z").empty());
  std::string endless;
  for (int i = 0; i < 401; ++i) endless += "a ";
  CHECK(marked_words(endless, "b") == endless);
}

TEST_CASE("samples: punctuation around a word is compared separately") {
  CHECK(marked_words("Ein gelbes Spielzeug.", "Ein gelbes Spielzeug im Freien.") == "Ein gelbes Spielzeug.");
  CHECK(marked_words("der \"Hund\"", "der Hund.") == "der <mark>&quot;</mark>Hund<mark>&quot;</mark>");
  CHECK(marked_words("um 3.5 (drei)!", "um 3,5 drei") == "um <mark>3.5</mark> <mark>(</mark>drei<mark>)!</mark>");
  CHECK(marked_words("„ja“, sagt er…", "ja sagt er") == "<mark>„</mark>ja<mark>“,</mark> sagt er<mark>…</mark>");
  std::string joined;
  for (const DiffToken& unit : diff_tokens_of("l'eau d'... ?"))
    joined += (unit.after_space ? "_" : "|") + unit.text;
  CHECK(joined == "|l'eau_d|'|.|.|._?");
}

TEST_CASE("samples: text without spaces is compared by characters with their marks") {
  CHECK(marked_words("这猫看见狗。", "这狗看见狗。") == "这<mark>猫</mark>看见狗。");
  CHECK(marked_words("黑色猫", "白色狗") == "<mark>黑</mark>色<mark>猫</mark>");
  CHECK(marked_words("x 黑白 y", "z") == "<mark>x</mark> <mark>黑白</mark> <mark>y</mark>");
  CHECK(marked_words("น้ำดี", "นำดี") == "<mark>น้</mark>ำดี");  // the tone mark belongs to its consonant
  std::string joined;
  for (const DiffToken& unit : diff_tokens_of("BLEU 得分 ok。 e\u0301"))
    joined += (unit.after_space ? "_" : "|") + unit.text;
  CHECK(joined == "|BLEU_得|分_ok|。_e\u0301");
  CHECK(diff_tokens_of("\xff a").size() == 2);  // not valid UTF-8: split at spaces only
}

TEST_CASE("samples: a mark never splits an entity in the text") {
  CHECK(marked_words("qu&apos; il", "il") == "<mark>qu&amp;apos;</mark> il");
  CHECK(marked_words("&quot; a", "a &quot;").find("quot</mark>") == std::string::npos);
  CHECK(marked_words("d&#39; un ;", "un") == "<mark>d&amp;#39;</mark> un <mark>;</mark>");
  CHECK(marked_words("a;", "a") == "a<mark>;</mark>");
}

TEST_CASE("samples: a language without spaces is recognised by its lines") {
  CHECK(writes_no_spaces({"这狗看见狗。", "我爱你"}));
  CHECK_FALSE(writes_no_spaces({"le chat noir dort .", ""}));
  CHECK_FALSE(writes_no_spaces({"这 狗 看见 狗 。"}));
  CHECK_FALSE(writes_no_spaces({}));
}

TEST_CASE("samples: only scripts that are upright in vertical lines are set vertically") {
  for (const char* word : {"猫", "カ", "고양이"}) CHECK(is_set_upright(word));
  for (const char* word : {"cat", "قط", "แมว", "", "\xff"}) CHECK_FALSE(is_set_upright(word));
}

TEST_CASE("samples: sentences are spread evenly and never twice") {
  CHECK(evenly_spread(100, 4) == std::vector<Index>{12, 37, 62, 87});
  CHECK(evenly_spread(3, 4) == std::vector<Index>{0, 1, 2});
  CHECK(evenly_spread(0, 4).empty());
}

}  // namespace regard::report
