#include "tests/report/fixture_corpus.h"

namespace regard::fixture {
namespace {

void add(Pair& pair, const std::pair<std::string, std::string>& word) {
  pair.links.emplace_back(pair.source.size(), pair.target.size());
  pair.source.push_back(word.first);
  pair.target.push_back(word.second);
}

// "the black cat" -> "le chat noir"
void add_noun_phrase(const Lexicon& lexicon, Pair& pair, Random& random) {
  add(pair, lexicon.the);
  const auto& noun = lexicon.nouns[random.below(lexicon.nouns.size())];
  if (random.uniform() < 0.55) {
    const auto& colour = lexicon.colours[random.below(lexicon.colours.size())];
    const auto s = static_cast<Index>(pair.source.size());
    const auto t = static_cast<Index>(pair.target.size());
    pair.links.insert(pair.links.end(), {{s, t + 1}, {s + 1, t}});
    pair.source.insert(pair.source.end(), {colour.first, noun.first});
    pair.target.insert(pair.target.end(), {noun.second, colour.second});
  } else {
    add(pair, noun);
  }
}

}  // namespace

Pair sentence(const Lexicon& lexicon, Random& random, std::size_t clauses, const std::string& hostile) {
  Pair pair;
  for (std::size_t c = 0; c < clauses; ++c) {
    if (c > 0) add(pair, lexicon.also);
    add_noun_phrase(lexicon, pair, random);
    add(pair, lexicon.verbs[random.below(lexicon.verbs.size())]);
    add_noun_phrase(lexicon, pair, random);
  }
  if (!hostile.empty()) add(pair, {hostile, hostile});
  add(pair, lexicon.end);
  return pair;
}

std::string joined(const Words& words, const std::string& between) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : between) + word;
  return line;
}

Words translated(const Lexicon& lexicon, const Pair& pair, double rate, Random& random) {
  Words words = pair.target;
  for (std::size_t t = 0; t + 1 < words.size(); ++t) {
    if (random.uniform() >= rate * (0.4 + 0.12 * static_cast<double>(t))) continue;
    const double kind = random.uniform();
    if (kind < 0.6) {
      words[t] = lexicon.nouns[random.below(lexicon.nouns.size())].second;
    } else if (kind < 0.9) {
      std::swap(words[t], words[t + 1]);
    } else {
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(t));
    }
  }
  return words;
}

const Lexicon& lexicon_of(const std::string& script) {
  static const Lexicon latin{
      .nouns = {{"cat", "chat"},
                {"dog", "chien"},
                {"fish", "poisson"},
                {"bird", "oiseau"},
                {"gardener", "jardinier"},
                {"horse", "cheval"}},
      .colours = {{"black", "noir"}, {"white", "blanc"}, {"green", "vert"}, {"blue", "bleu"}, {"grey", "gris"}},
      .verbs = {{"sees", "voit"}, {"follows", "suit"}, {"eats", "mange"}, {"loves", "aime"}}};
  static const Lexicon rtl{.source_language = "he",
                           .target_language = "ar",
                           .the = {"אותו", "هذا"},
                           .also = {"וגם", "ثم"},
                           .nouns = {{"חתול", "القط"},
                                     {"כלב", "الكلب"},
                                     {"דג", "السمك"},
                                     {"עוף", "الطائر"},
                                     {"גנן", "البستاني"},
                                     {"סוס", "الحصان"}},
                           .colours = {{"שחור", "الأسود"},
                                       {"לבן", "الأبيض"},
                                       {"ירוק", "الأخضر"},
                                       {"כחול", "الأزرق"},
                                       {"אפור", "الرمادي"}},
                           .verbs = {{"רואה", "يرى"}, {"אחרי", "يتبع"}, {"אוכל", "يأكل"}, {"אוהב", "يحب"}}};
  static const Lexicon unspaced{
      .source_language = "zh",
      .target_language = "th",
      .between_source = "",
      .between_target = "",
      .the = {"这", "นี้"},
      .also = {"和", "และ"},
      .end = {"。", "."},
      .nouns = {{"猫", "แมว"}, {"狗", "สุนัข"}, {"鱼", "ปลา"}, {"鸟", "นก"}, {"园丁", "คนสวน"}, {"马", "ม้า"}},
      .colours = {{"黑色", "ดำ"}, {"白色", "ขาว"}, {"绿色", "เขียว"}, {"蓝色", "น้ำเงิน"}, {"灰色", "เทา"}},
      .verbs = {{"看见", "เห็น"}, {"跟随", "ตาม"}, {"吃", "กิน"}, {"爱", "รัก"}}};
  return script == "rtl" ? rtl : script == "unspaced" ? unspaced : latin;
}

}  // namespace regard::fixture
