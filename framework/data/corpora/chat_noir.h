#pragma once
// The corpus chat_noir: English → French sentences from our own grammar (framework/data/chat_noir).
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

// Makes the corpus. All English sentences of all splits are different. The test set does not depend on the sizes of the
// other splits, and the validation set only on the size of the test set: a larger training set does not change them.
[[nodiscard]] Splits make_chat_noir(const ChatNoirOptions& options);

}  // namespace regard::data
