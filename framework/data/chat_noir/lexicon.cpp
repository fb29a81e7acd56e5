#include "framework/data/chat_noir/lexicon.h"

namespace regard::data::chat_noir {
namespace {

constexpr bool kMasculine = false;
constexpr bool kFeminine = true;
constexpr Classes kAlive = kPerson | kAnimal;
constexpr Classes kObject = kThing | kPiece;
constexpr Classes kSized = kPerson | kAnimal | kThing | kPlace | kPiece | kLandmark;
constexpr Classes kAnything = kPerson | kAnimal | kThing | kPlace;

// clang-format off
constexpr Noun kNouns[] = {
    {"man",       "men",        "homme",      "hommes",      kMasculine, kPerson},
    {"woman",     "women",      "femme",      "femmes",      kFeminine,  kPerson},
    {"boy",       "boys",       "garçon",     "garçons",     kMasculine, kPerson},
    {"girl",      "girls",      "fille",      "filles",      kFeminine,  kPerson},
    {"child",     "children",   "enfant",     "enfants",     kMasculine, kPerson},
    {"teacher",   "teachers",   "professeur", "professeurs", kMasculine, kPerson},
    {"king",      "kings",      "roi",        "rois",        kMasculine, kPerson},
    {"queen",     "queens",     "reine",      "reines",      kFeminine,  kPerson},
    {"nurse",     "nurses",     "infirmière", "infirmières", kFeminine,  kPerson},
    {"hero",      "heroes",     "*héros",     "*héros",      kMasculine, kPerson},
    {"friend",    "friends",    "ami",        "amis",        kMasculine, kPerson | kRelation},
    {"brother",   "brothers",   "frère",      "frères",      kMasculine, kPerson | kRelation},
    {"sister",    "sisters",    "sœur",       "sœurs",       kFeminine,  kPerson | kRelation},

    {"cat",       "cats",       "chat",       "chats",       kMasculine, kAnimal},
    {"dog",       "dogs",       "chien",      "chiens",      kMasculine, kAnimal},
    {"horse",     "horses",     "cheval",     "chevaux",     kMasculine, kAnimal},
    {"bird",      "birds",      "oiseau",     "oiseaux",     kMasculine, kAnimal},
    {"mouse",     "mice",       "souris",     "souris",      kFeminine,  kAnimal},
    {"cow",       "cows",       "vache",      "vaches",      kFeminine,  kAnimal},
    {"owl",       "owls",       "*hibou",     "*hiboux",     kMasculine, kAnimal},

    {"apple",     "apples",     "pomme",      "pommes",      kFeminine,  kFood | kPiece},
    {"cake",      "cakes",      "gâteau",     "gâteaux",     kMasculine, kFood | kPiece},
    {"egg",       "eggs",       "œuf",        "œufs",        kMasculine, kFood | kPiece},
    {"bread",     "",           "pain",       "",            kMasculine, kFood | kMass},
    {"soup",      "",           "soupe",      "",            kFeminine,  kFood | kMass},
    {"water",     "",           "eau",        "",            kFeminine,  kDrink | kMass},
    {"milk",      "",           "lait",       "",            kMasculine, kDrink | kMass},
    {"coffee",    "",           "café",       "",            kMasculine, kDrink | kMass},

    {"book",      "books",      "livre",      "livres",      kMasculine, kThing | kOpens},
    {"letter",    "letters",    "lettre",     "lettres",     kFeminine,  kThing | kOpens},
    {"newspaper", "newspapers", "journal",    "journaux",    kMasculine, kThing | kOpens},
    {"box",       "boxes",      "boîte",      "boîtes",      kFeminine,  kThing | kOpens},
    {"key",       "keys",       "clé",        "clés",        kFeminine,  kThing},
    {"knife",     "knives",     "couteau",    "couteaux",    kMasculine, kThing},
    {"hat",       "hats",       "chapeau",    "chapeaux",    kMasculine, kThing},
    {"flower",    "flowers",    "fleur",      "fleurs",      kFeminine,  kThing},
    {"clock",     "clocks",     "horloge",    "horloges",    kFeminine,  kThing},
    {"table",     "tables",     "table",      "tables",      kFeminine,  kThing | kSurface},
    {"chair",     "chairs",     "chaise",     "chaises",     kFeminine,  kThing | kSurface},
    {"tree",      "trees",      "arbre",      "arbres",      kMasculine, kThing | kLandmark},

    {"house",     "houses",     "maison",     "maisons",     kFeminine,  kPlace | kLandmark | kInside | kOpens},
    {"castle",    "castles",    "château",    "châteaux",    kMasculine, kPlace | kLandmark | kInside | kGoal},
    {"hospital",  "hospitals",  "hôpital",    "hôpitaux",    kMasculine, kPlace | kLandmark | kInside | kGoal},
    {"school",    "schools",    "école",      "écoles",      kFeminine,  kPlace | kLandmark | kInside | kGoal},
    {"church",    "",           "église",     "",            kFeminine,  kPlace | kLandmark | kInside | kGoal},
    {"market",    "",           "marché",     "",            kMasculine, kPlace | kLandmark | kGoal},
    {"garden",    "",           "jardin",     "",            kMasculine, kPlace | kInside},
    {"kitchen",   "",           "cuisine",    "",            kFeminine,  kPlace | kInside},
    {"street",    "",           "rue",        "",            kFeminine,  kPlace | kInside},
    {"forest",    "",           "forêt",      "",            kFeminine,  kPlace | kInside},
};

constexpr Adjective kAdjectives[] = {
    {"black",     "noir",      "noire",      "noirs",     "noires",     "", false, false, kAnimal | kThing},
    {"white",     "blanc",     "blanche",    "blancs",    "blanches",   "", false, false, kAnimal | kThing},
    {"red",       "rouge",     "rouge",      "rouges",    "rouges",     "", false, false, kThing},
    {"green",     "vert",      "verte",      "verts",     "vertes",     "", false, false, kThing},
    {"happy",     "heureux",   "heureuse",   "heureux",   "heureuses",  "", false, true,  kAlive},
    {"sad",       "triste",    "triste",     "tristes",   "tristes",    "", false, true,  kAlive},
    {"tired",     "fatigué",   "fatiguée",   "fatigués",  "fatiguées",  "", false, true,  kAlive},
    {"honest",    "honnête",   "honnête",    "honnêtes",  "honnêtes",   "", false, true,  kPerson},
    {"loyal",     "loyal",     "loyale",     "loyaux",    "loyales",    "", false, true,  kAlive},
    {"dangerous", "dangereux", "dangereuse", "dangereux", "dangereuses", "", false, true, kAlive | kPlace},
    {"heavy",     "lourd",     "lourde",     "lourds",    "lourdes",    "", false, true,  kObject},
    {"strange",   "étrange",   "étrange",    "étranges",  "étranges",   "", false, true,  kAnything},

    {"small",     "petit",     "petite",     "petits",    "petites",    "", true,  true,  kSized},
    {"big",       "grand",     "grande",     "grands",    "grandes",    "", true,  true,  kSized},
    {"beautiful", "beau",      "belle",      "beaux",     "belles",     "bel", true, true, kAnything | kLandmark},
    {"old",       "vieux",     "vieille",    "vieux",     "vieilles",   "vieil", true, true, kAnything | kLandmark},
    {"new",       "nouveau",   "nouvelle",   "nouveaux",  "nouvelles",  "nouvel", true, false, kThing | kPlace | kPerson},
    {"young",     "jeune",     "jeune",      "jeunes",    "jeunes",     "", true,  true,  kAlive},
    {"good",      "bon",       "bonne",      "bons",      "bonnes",     "", true,  true,  kFood | kDrink | kPerson},
};

using enum VerbKind;
constexpr Verb kVerbs[] = {
    {"eat", "eats", "ate", "", "mange", "mangent", "mangé", kTransitive, kAlive, kFood, kRelative | kManner},
    {"drink", "drinks", "drank", "", "boit", "boivent", "bu", kTransitive, kAlive, kDrink, kManner},
    {"see", "sees", "saw", "", "voit", "voient", "vu", kTransitive, kAlive, kAnything | kFood, kRelative},
    {"find", "finds", "found", "", "trouve", "trouvent", "trouvé",
     kTransitive, kAlive, kThing | kPiece | kAnimal, kRelative},
    {"buy", "buys", "bought", "", "achète", "achètent", "acheté",
     kTransitive, kPerson, kThing | kFood | kDrink, kRelative},
    {"lose", "loses", "lost", "", "perd", "perdent", "perdu", kTransitive, kPerson, kThing, 0},
    {"open", "opens", "opened", "", "ouvre", "ouvrent", "ouvert", kTransitive, kPerson, kOpens, kManner},
    {"take", "takes", "took", "", "prend", "prennent", "pris", kTransitive, kPerson, kObject, 0},
    {"follow", "follows", "followed", "", "suit", "suivent", "suivi",
     kTransitive, kAlive, kAlive, kRelative | kManner},
    {"watch", "watches", "watched", "", "regarde", "regardent", "regardé",
     kTransitive, kAlive, kAlive | kPlace, 0},
    {"hear", "hears", "heard", "", "entend", "entendent", "entendu", kTransitive, kAlive, kAlive, 0},
    {"look", "looks", "looked", "for", "cherche", "cherchent", "cherché",
     kTransitive, kAlive, kThing | kAlive, 0},
    {"wait", "waits", "waited", "for", "attend", "attendent", "attendu", kTransitive, kAlive, kPerson, 0},

    {"give", "gives", "gave", "", "donne", "donnent", "donné", kDative, kPerson, kObject | kAnimal | kDrink, 0},
    {"show", "shows", "showed", "", "montre", "montrent", "montré",
     kDative, kPerson, kThing | kAnimal | kPlace, 0},
    {"send", "sends", "sent", "", "envoie", "envoient", "envoyé", kDative, kPerson, kThing, 0},

    {"sleep", "sleeps", "slept", "", "dort", "dorment", "dormi", kIntransitive, kAlive, 0, 0},
    {"sing", "sings", "sang", "", "chante", "chantent", "chanté", kIntransitive, kPerson, 0, 0},
    {"dance", "dances", "danced", "", "danse", "dansent", "dansé", kIntransitive, kPerson, 0, kManner},
    {"work", "works", "worked", "", "travaille", "travaillent", "travaillé", kIntransitive, kPerson, 0, kManner},

    {"go", "goes", "went", "", "va", "vont", "allé", kGoing, kAlive, 0, 0},
    {"come", "comes", "came", "", "vient", "viennent", "venu", kComing, kAlive, 0, 0},
    {"arrive", "arrives", "arrived", "", "arrive", "arrivent", "arrivé", kMoving, kAlive, 0, 0},
    {"leave", "leaves", "left", "", "part", "partent", "parti", kMoving, kAlive, 0, kManner},
    {"fall", "falls", "fell", "", "tombe", "tombent", "tombé", kMoving, kAlive | kThing, 0, kManner},
    {"stay", "stays", "stayed", "", "reste", "restent", "resté", kStaying, kAlive, 0, 0},

    {"rest", "rests", "rested", "", "repose", "reposent", "reposé", kReflexive, kAlive, 0, 0},
    {"wake", "wakes", "woke", "up", "réveille", "réveillent", "réveillé", kReflexive, kAlive, 0, kManner},
};

constexpr Determiner kPossessives[] = {
    {"my",    "my",    "mon",   "ma",    "mes"},
    {"his",   "his",   "son",   "sa",    "ses"},
    {"her",   "her",   "son",   "sa",    "ses"},
    {"our",   "our",   "notre", "notre", "nos"},
    {"your",  "your",  "votre", "votre", "vos"},
    {"their", "their", "leur",  "leur",  "leurs"},
};

// "I" is a man; "we", "you" and "they" are several people, not only women.
constexpr Pronoun kPronouns[] = {
    {"i",    "je",   1, false, kMasculine},
    {"he",   "il",   3, false, kMasculine},
    {"she",  "elle", 3, false, kFeminine},
    {"we",   "nous", 1, true,  kMasculine},
    {"you",  "vous", 2, true,  kMasculine},
    {"they", "ils",  3, true,  kMasculine},
};
// clang-format on

}  // namespace

std::span<const Noun> nouns() { return kNouns; }
std::span<const Adjective> adjectives() { return kAdjectives; }
std::span<const Verb> verbs() { return kVerbs; }
std::span<const Determiner> possessives() { return kPossessives; }
std::span<const Pronoun> pronouns() { return kPronouns; }

}  // namespace regard::data::chat_noir
