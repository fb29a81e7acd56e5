#include "framework/nn/safetensors.h"

#include <cstring>
#include <fstream>

#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::nn {
namespace {

// Writes a file from header and elements by hand, with the right length or a given one.
std::string file_of(const std::string& header, const std::string& data = {}, std::uint64_t length = 0) {
  if (length == 0) length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

std::string message_of(const std::string& bytes) {
  try {
    static_cast<void>(Safetensors::parse(bytes, "a.safetensors"));
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "read";
}

std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

struct Sample {
  std::vector<float> a{1, 2, 3, 4, 5, 6};
  std::vector<double> b{0.5};
  std::vector<NamedTensor> tensors{{"b", Tensor(b.data(), DType::f64, Shape{})},
                                   {"layer/a", Tensor(a.data(), DType::f32, {2, 3})}};
};

}  // namespace

TEST_CASE("safetensors: written tensors are read back") {
  const test::TempFolder folder;
  Sample sample;
  const Metadata metadata{{"format", "test"}, {"note", "é \"quoted\"\n"}};
  write_safetensors(folder / "x.safetensors", sample.tensors, metadata);
  const auto file = Safetensors::read(folder / "x.safetensors");
  REQUIRE(file.entries().size() == 2);
  CHECK(file.entries()[0].name == "b");
  CHECK(file.entries()[1].name == "layer/a");
  CHECK(file.metadata().at("note") == "é \"quoted\"\n");
  CHECK(file.has_checksum());
  CHECK(file.path() == (folder / "x.safetensors").string());

  std::vector<float> a(6);
  REQUIRE(file.find("layer/a") != nullptr);
  file.find("layer/a")->copy_to(Tensor(a.data(), DType::f32, {2, 3}));
  CHECK(a == sample.a);
  double b = 0;
  REQUIRE(file.find("b") != nullptr);
  CHECK(file.find("b")->shape == Shape{});
  file.find("b")->copy_to(Tensor(&b, DType::f64, Shape{}));
  CHECK(b == 0.5);
  CHECK(file.find("c") == nullptr);
}

TEST_CASE("safetensors: equal content gives equal bytes and these never change") {
  Sample sample;
  const std::string bytes = safetensors_bytes(sample.tensors, {{"k", "v"}});
  CHECK((safetensors_bytes(sample.tensors, {{"k", "v"}}) == bytes));
  const test::TempFolder folder;
  write_safetensors(folder / "x", sample.tensors, {{"k", "v"}});
  CHECK((read_file(folder / "x") == bytes));
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  CHECK(length % 8 == 0);
  const std::string header = bytes.substr(8, static_cast<std::size_t>(length));
  CHECK(header.substr(0, header.find_last_not_of(' ') + 1) ==
        R"({"__metadata__":{"k":"v","sha256":"dfa4dc7711848f1b6673d7509e4edc585c7b316b54cee81fbadee9ff2522ed94"},)"
        R"("b":{"data_offsets":[0,8],"dtype":"F64","shape":[]},)"
        R"("layer/a":{"data_offsets":[8,32],"dtype":"F32","shape":[2,3]}})");
  CHECK(bytes.size() == 8 + length + 32);
}

TEST_CASE("safetensors: a file without a checksum is read and reported as such") {
  const auto file = Safetensors::parse(file_of(one("\"F32\"", "[1]", "[0,4]"), "abcd"), "x");
  CHECK_FALSE(file.has_checksum());
  CHECK(file.entries().at(0).bytes == "abcd");
}

TEST_CASE("safetensors: a file can have no tensors or empty tensors") {
  CHECK(Safetensors::parse(safetensors_bytes({}, {}), "x").entries().empty());
  float none = 0;
  const std::vector<NamedTensor> empty{{"e", Tensor(&none, DType::f32, {0, 3})}};
  CHECK(Safetensors::parse(safetensors_bytes(empty, {}), "x").entries().at(0).shape == Shape{0, 3});
}

TEST_CASE("safetensors: every truncation is refused") {
  Sample sample;
  const std::string bytes = safetensors_bytes(sample.tensors, {{"k", "v"}});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    CHECK(message_of(bytes.substr(0, size)) != "read");
  }
}

TEST_CASE("safetensors: every flipped bit is refused or removes the checksum") {
  Sample sample;
  const std::string bytes = safetensors_bytes(sample.tensors, {{"k", "v"}});
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  const std::size_t padding = bytes.find_last_of('}', 8 + static_cast<std::size_t>(length)) + 1;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      // Another white space after the header has the same meaning.
      if (at >= padding && at < 8 + length &&
          (damaged[at] == '\t' || damaged[at] == '\n' || damaged[at] == '\r')) {
        continue;
      }
      INFO("byte " << at << " bit " << bit);
      // The flipped bit may be in the word sha256 itself.
      CHECK((message_of(damaged) != "read" || !Safetensors::parse(damaged, "x").has_checksum()));
    }
  }
}

TEST_CASE("safetensors: a damaged file is named with the damage") {
  const std::string good = one("\"F32\"", "[2]", "[0,8]");
  const std::string eight(8, 'x');
  CHECK(message_of("abc") ==
        "a.safetensors: is not a safetensors file or is truncated: it has 3 bytes, but the length "
        "of the header needs 8");
  CHECK(message_of(file_of("{}", "", 1'000'000'000'000)) ==
        "a.safetensors: is not a safetensors file or is damaged: its header "
        "would have 1000000000000 bytes, more than 100000000");
  CHECK(message_of(file_of("{}", "", 0xffffffffffffffff)) ==
        "a.safetensors: is not a safetensors file or is damaged: its header "
        "would have 18446744073709551615 bytes, more than 100000000");
  CHECK(message_of(file_of("{}", "", 3)) ==
        "a.safetensors: is truncated: its header has 3 bytes, but there are only 2");
  CHECK(message_of(file_of("{\"a\":")) == "a.safetensors: its header is not valid JSON (byte 6 of 5)");
  CHECK(message_of(file_of("{\"\xff\":1}")) == "a.safetensors: its header is not valid JSON (byte 3 of 7)");
  CHECK(message_of(file_of("[1]")) == "a.safetensors: its header must be a JSON object");
  CHECK(message_of(file_of(std::string(100000, '['))) ==
        "a.safetensors: its header is JSON nested more than 100 deep");
  CHECK(message_of(file_of(R"({"a":{},"a":{}})")) == "a.safetensors: its header has 'a' twice");
  CHECK(message_of(file_of(R"({"a":{"dtype":"F32","dtype":"F64"}})")) ==
        "a.safetensors: its header has 'dtype' twice");
  CHECK(message_of(file_of(R"({"__metadata__":[]})")) ==
        "a.safetensors: its __metadata__ must be an object of texts");
  CHECK(message_of(file_of(R"({"__metadata__":{"k":1}})")) ==
        "a.safetensors: its __metadata__ must be an object of texts, but 'k' is not a text");
  CHECK(message_of(file_of(R"({"a":1})")) == "a.safetensors: tensor 'a' has no dtype");
  CHECK(message_of(file_of(R"({"a":{"dtype":"F32"}})")) == "a.safetensors: tensor 'a' has no shape");
  CHECK(message_of(file_of(R"({"a":{"dtype":"F32","shape":[]}})")) ==
        "a.safetensors: tensor 'a' has no data_offsets");
  CHECK(message_of(file_of(one("\"BF16\"", "[2]", "[0,8]"), eight)) ==
        "a.safetensors: tensor 'a' has the dtype 'BF16'; only F32 and F64 can be read");
  CHECK(message_of(file_of(one("7", "[2]", "[0,8]"), eight)) ==
        "a.safetensors: tensor 'a' has the dtype that is not a text; only F32 and F64 can be read");
  CHECK(message_of(file_of(one("\"F32\"", "2", "[0,8]"), eight)) ==
        "a.safetensors: tensor 'a' has a shape that is not a list");
  CHECK(message_of(file_of(one("\"F32\"", "[1,1,1,1,2]", "[0,8]"), eight)) ==
        "a.safetensors: tensor 'a' has 5 axes; at most 4 are allowed");
  for (const char* axis : {"-1", "2.5", "\"2\"", "2147483648", "18446744073709551616", "null"}) {
    CHECK(message_of(file_of(one("\"F32\"", "[" + std::string(axis) + "]", "[0,8]"), eight)) ==
          "a.safetensors: tensor 'a' has an axis that is not a whole number from 0 to 2147483647");
  }
  for (const char* offsets : {"[0]", "[0,8,9]", "8", "[-1,8]", "[0,8.5]", "[0,\"8\"]"}) {
    CHECK(message_of(file_of(one("\"F32\"", "[2]", offsets), eight)) ==
          "a.safetensors: tensor 'a' needs two whole numbers as data_offsets");
  }
  CHECK(message_of(file_of(one("\"F32\"", "[2]", "[8,0]"), eight)) ==
        "a.safetensors: tensor 'a' ends at byte 0 before it starts at 8");
  CHECK(message_of(file_of(one("\"F32\"", "[2]", "[0,9]"), eight)) ==
        "a.safetensors: is truncated or damaged: tensor 'a' ends at byte 9 of the elements, but there are only 8");
  CHECK(message_of(file_of(one("\"F32\"", "[2]", "[18446744073709551608,18446744073709551615]"), eight)) ==
        "a.safetensors: is truncated or damaged: tensor 'a' ends at "
        "byte 18446744073709551615 of the elements, but there are only 8");
  CHECK(message_of(file_of(one("\"F32\"", "[3]", "[0,8]"), eight)) ==
        "a.safetensors: tensor 'a' of shape [3] does not have the 8 bytes of its data_offsets");
  CHECK(message_of(file_of(one("\"F32\"", "[2147483647,2147483647,2147483647,2147483647]", "[0,8]"), eight)) ==
        "a.safetensors: tensor 'a' of shape [2147483647, 2147483647, 2147483647, 2147483647] does not have "
        "the 8 bytes of its data_offsets");
  // 2^62 elements of four bytes: a product of 64 bits is 0, as the offsets say.
  CHECK(message_of(file_of(one("\"F32\"", "[1073741824,1073741824,4]", "[0,0]"))) ==
        "a.safetensors: tensor 'a' of shape [1073741824, 1073741824, "
        "4] does not have the 0 bytes of its data_offsets");
  CHECK(message_of(file_of(good, eight + "yy")) ==
        "a.safetensors: 2 bytes after the last tensor belong to no tensor");
  CHECK(message_of(file_of(one("\"F32\"", "[1]", "[4,8]"), eight)) ==
        "a.safetensors: 4 bytes before tensor 'a' belong to no tensor");
  CHECK(message_of(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                           R"("b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})",
                           eight)) == "a.safetensors: tensors 'a' and 'b' overlap");
  CHECK(message_of(file_of(R"({"__metadata__":{"sha256":"0"}})")) ==
        "a.safetensors: is damaged: its content does not have the checksum in its metadata");
  CHECK(message_of(file_of("{\"" + std::string(300, 'n') + "\\n\":1}")) ==
        "a.safetensors: tensor '" + std::string(100, 'n') + "…' has no dtype");
}

TEST_CASE("safetensors: a missing file is named with the cause") {
  const test::TempFolder folder;
  CHECK_THROWS_WITH(static_cast<void>(Safetensors::read(folder / "no.safetensors")),
                    (folder / "no.safetensors").string() + ": cannot be read: no such file or folder");
  CHECK_THROWS_AS(static_cast<void>(Safetensors::read(folder / "no.safetensors")), CheckpointError);
}

TEST_CASE("safetensors: a name given twice and a caller's own checksum are refused") {
  Sample sample;
  sample.tensors[1].name = "b";
  CHECK_THROWS_AS(static_cast<void>(safetensors_bytes(sample.tensors, {})), InternalError);
  CHECK_THROWS_AS(static_cast<void>(safetensors_bytes({}, {{"sha256", "0"}})), InternalError);
}

}  // namespace regard::nn
