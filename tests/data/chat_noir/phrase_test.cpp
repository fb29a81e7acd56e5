#include "framework/data/chat_noir/phrase.h"

#include "tests/support/catch.h"

namespace regard::data::chat_noir {
namespace {

std::string mended(std::string_view french) {
  Words words;
  append(words, french, {0});
  mend_french(words);
  return text(words);
}

}  // namespace

TEST_CASE("phrase: le la de ne que je me se lose their vowel before a vowel or a silent h") {
  CHECK(mended("le homme") == "l' homme");
  CHECK(mended("la école") == "l' école");
  CHECK(mended("la horloge") == "l' horloge");
  CHECK(mended("le œuf") == "l' œuf");
  CHECK(mended("beaucoup de arbres") == "beaucoup d' arbres");
  CHECK(mended("de un homme") == "d' un homme");
  CHECK(mended("il ne a pas") == "il n' a pas");
  CHECK(mended("parce que elle") == "parce qu' elle");
  CHECK(mended("je ai") == "j' ai");
  CHECK(mended("je ne étais pas") == "je n' étais pas");
  CHECK(mended("il se est reposé") == "il s' est reposé");
  CHECK(mended("je me étais") == "je m' étais");
}

TEST_CASE("phrase: an aspirated h keeps the vowel and its mark is removed") {
  CHECK(mended("le *héros") == "le héros");
  CHECK(mended("ce *hibou") == "ce hibou");
  CHECK(mended("de le *hibou") == "du hibou");
}

TEST_CASE("phrase: no vowel is lost before a consonant") {
  CHECK(mended("le chat ne mange pas") == "le chat ne mange pas");
  CHECK(mended("je me suis reposé") == "je me suis reposé");
  CHECK(mended("le petit homme") == "le petit homme");
}

TEST_CASE("phrase: ce ma sa take the form that avoids two vowels") {
  CHECK(mended("ce homme") == "cet homme");
  CHECK(mended("ce chat") == "ce chat");
  CHECK(mended("ma école") == "mon école");
  CHECK(mended("sa horloge") == "son horloge");
  CHECK(mended("sa sœur") == "sa sœur");
}

TEST_CASE("phrase: de and à contract with le and les but not with l' and la") {
  CHECK(mended("de le roi") == "du roi");
  CHECK(mended("de les enfants") == "des enfants");
  CHECK(mended("à le marché") == "au marché");
  CHECK(mended("à les enfants") == "aux enfants");
  CHECK(mended("de la reine") == "de la reine");
  CHECK(mended("de la eau") == "de l' eau");
  CHECK(mended("à le hôpital") == "à l' hôpital");
}

TEST_CASE("phrase: a contracted word keeps the meanings of both") {
  Phrase phrase;
  append(phrase.english, "near", {1});
  append(phrase.english, "the", {2});
  append(phrase.english, "castle", {3});
  append(phrase.french, "près de", {1});
  append(phrase.french, "le", {2});
  append(phrase.french, "château", {3});
  mend_french(phrase.french);
  CHECK(text(phrase.french) == "près du château");
  CHECK(align(phrase) == Alignment{{0, 0}, {0, 1}, {1, 1}, {2, 2}});
}

TEST_CASE("phrase: a becomes an before a vowel sound") {
  const auto english = [](std::string_view line) {
    Words words;
    append(words, line, {0});
    mend_english(words);
    return text(words);
  };
  CHECK(english("a owl saw a egg and a old man") == "an owl saw an egg and an old man");
  CHECK(english("a honest man in a house") == "an honest man in a house");
}

}  // namespace regard::data::chat_noir
