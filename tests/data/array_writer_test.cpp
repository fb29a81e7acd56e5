#include "framework/data/array_writer.h"

#include <filesystem>
#include <vector>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/data/folder.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::data {
namespace {

using Words = std::vector<std::int32_t>;

std::vector<std::int64_t> counted(std::int64_t count) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < count; ++i) all.push_back(i * i);
  return all;
}

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace

TEST_CASE("array_writer: pieces and single items are one array in memory and in a file") {
  const TestFolder folder;
  for (const std::filesystem::path& path : {std::filesystem::path(), folder.path() / "numbers"}) {
    ArrayWriter<std::int32_t> writer(path);
    writer.append(Words{1, 2, 3});
    writer.push_back(4);
    writer.append({});
    writer.change([](std::int32_t& item) { item *= 10; });
    writer.append(Words{5});
    CHECK(writer.done() == Array<std::int32_t>{10, 20, 30, 40, 5});
  }
  CHECK(std::filesystem::file_size(folder.path() / "numbers") == 20);
}

TEST_CASE("array_writer: what is larger than its buffer is changed in every part") {
  const TestFolder folder;
  const auto numbers = counted(300001);  // 2.3 MiB
  ArrayWriter<std::int64_t> writer(folder.path() / "numbers");
  for (std::size_t begin = 0; begin < numbers.size(); begin += 1000) {
    writer.append(std::span(numbers).subspan(begin, std::min<std::size_t>(1000, numbers.size() - begin)));
  }
  writer.change([](std::int64_t& item) { ++item; });
  const Array<std::int64_t> written = writer.done();
  REQUIRE(written.size() == numbers.size());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) wrong += written[i] == numbers[i] + 1 ? 0U : 1U;
  CHECK(wrong == 0);
}

TEST_CASE("array_writer: a file appears when it is done and nothing is left without that") {
  const TestFolder folder;
  const std::filesystem::path path = folder.path() / "a";
  {
    BinaryFile file(path);
    file.write(bytes_of("abc"));
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(std::filesystem::exists(path.string() + ".partial"));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
  {
    BinaryFile file(path);
    file.write(bytes_of("abc"));
    file.write(bytes_of("de"));
    file.done();
    CHECK(read_file(path) == "abcde");
  }
  CHECK(read_file(path) == "abcde");
  CHECK_FALSE(std::filesystem::exists(path.string() + ".partial"));
}

TEST_CASE("array_writer: what a kill left is replaced") {
  const TestFolder folder;
  static_cast<void>(folder.file("a.partial", "much longer than what is written now"));
  BinaryFile file(folder.path() / "a");
  file.write(bytes_of("new"));
  file.done();
  CHECK(read_file(folder.path() / "a") == "new");
}

TEST_CASE("array_writer: a file that cannot be written is named with the cause") {
  const TestFolder folder;
  const std::string missing = folder.at("none/a");
  CHECK(testing::thrown<FolderError>([&] { BinaryFile file(missing); }) ==
        missing + ": cannot be written: no such file or folder");
  std::filesystem::create_directories(folder.path() / "taken" / "by");
  BinaryFile file(folder.path() / "taken");
  file.write(bytes_of("x"));
  CHECK(testing::thrown<FolderError>([&] { file.done(); }) ==
        folder.at("taken") + ": cannot be written: it is a folder, not a file");
}

}  // namespace regard::data
