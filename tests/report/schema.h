#pragma once
// As much of JSON Schema as our schemas use: $ref, const, enum, type, required, items, properties,
// additionalProperties.
#include <nlohmann/json.hpp>
#include <string>

namespace regard::test {

// The first thing that is wrong with `value`, called `name`, by the schema in `file`; or "".
[[nodiscard]] std::string against_schema(const nlohmann::json& value, const std::string& file,
                                         const std::string& name);

}  // namespace regard::test
