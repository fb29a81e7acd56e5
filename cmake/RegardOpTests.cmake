# Stops the build if an op has no test at the mirrored path. tests/tooling includes it, and its own test runs it as a script
# (cmake -DSOURCE_DIR=… -P).
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB ops ${SOURCE_DIR}/framework/autodiff/ops/*.cpp)
else()
  set(SOURCE_DIR ${CMAKE_SOURCE_DIR})
  file(GLOB ops CONFIGURE_DEPENDS ${SOURCE_DIR}/framework/autodiff/ops/*.cpp)
endif()
foreach(op IN LISTS ops)
  cmake_path(GET op STEM name)
  if(NOT EXISTS ${SOURCE_DIR}/tests/autodiff/ops/${name}_test.cpp)
    message(SEND_ERROR "op '${name}' has no tests/autodiff/ops/${name}_test.cpp")
  endif()
endforeach()
