#pragma once
// chat_noir: English → French sentences from a grammar of ours; what it says and how stands in
// framework/data/chat_noir.
#include <cstdint>

#include "framework/data/corpus.h"

namespace regard::data {

struct ChatNoirOptions {
  std::uint64_t seed = 1;
  Index train = 5000;     // 3 to 20 English words
  Index valid = 500;      // 3 to 20
  Index test = 500;       // 3 to 20
  Index test_long = 500;  // 21 to 40
};

// All English sentences of all splits differ. test does not depend on the size of the others, valid on test's
// alone, so a larger training set keeps its tests.
[[nodiscard]] Splits make_chat_noir(const ChatNoirOptions& options);

}  // namespace regard::data
