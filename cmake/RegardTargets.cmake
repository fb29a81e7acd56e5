# Warnings and options are an interface target; modules are object libraries of one shared library.
add_library(regard_options INTERFACE)
target_compile_features(regard_options INTERFACE cxx_std_20)
target_include_directories(regard_options INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}>)
target_compile_options(regard_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<BOOL:${REGARD_WERROR}>:-Werror> $<$<BOOL:${REGARD_NATIVE}>:-march=native>
  -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)  # file names in messages are "framework/…", not absolute
if(REGARD_SANITIZE)
  target_compile_options(regard_options INTERFACE
    -fsanitize=${REGARD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)  # wrong warnings of g++ 12 in instrumented code of std::regex
  target_link_options(regard_options INTERFACE -fsanitize=${REGARD_SANITIZE})
endif()

# The source file of framework/base/version.h, updated in every build.
set(REGARD_VERSION_SOURCE ${CMAKE_BINARY_DIR}/generated/version.cpp)
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
set(flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}")
if(REGARD_NATIVE)
  string(APPEND flags " -march=native")
endif()
if(REGARD_SANITIZE)
  string(APPEND flags " -fsanitize=${REGARD_SANITIZE}")
endif()
string(STRIP "${flags}" flags)
add_custom_target(regard_version
  COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DOUTPUT=${REGARD_VERSION_SOURCE}
    -DTEMPLATE=${CMAKE_SOURCE_DIR}/framework/base/version.cpp.in -DPROJECT_VERSION=${PROJECT_VERSION}
    "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" "-DFLAGS=${flags}"
    "-DLIBRARIES=$<TARGET_PROPERTY:regard_version,REGARD_LIBRARIES>"  # RegardDependencies.cmake finds them
    -P ${CMAKE_SOURCE_DIR}/cmake/RegardVersion.cmake
  BYPRODUCTS ${REGARD_VERSION_SOURCE} COMMENT "Looking up the commit" VERBATIM)

# The mark of the build, which plug-ins refer to (framework/base/build_mark.h.in). The library's own sources do not include
# it, so a changed header does not compile all of them again.
set(REGARD_GENERATED_DIR ${CMAKE_BINARY_DIR}/generated)
set(REGARD_BUILD_MARK ${REGARD_GENERATED_DIR}/framework/base/build_mark.h)
file(GLOB_RECURSE public_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/framework/*.h)
add_custom_command(OUTPUT ${REGARD_BUILD_MARK}
  COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DOUTPUT=${REGARD_BUILD_MARK}
    -DPROJECT_VERSION=${PROJECT_VERSION} -P ${CMAKE_SOURCE_DIR}/cmake/RegardBuildMark.cmake
  DEPENDS ${public_headers} ${CMAKE_SOURCE_DIR}/framework/base/build_mark.h.in
    ${CMAKE_SOURCE_DIR}/cmake/RegardBuildMark.cmake
  COMMENT "Marking the build" VERBATIM)
add_custom_target(regard_build_mark DEPENDS ${REGARD_BUILD_MARK})

# Modules and sources that need little run time: with less optimisation they compile in two thirds of the time.
set(REGARD_COLD_MODULES config experiment report)
set(REGARD_COLD_SOURCES "(^|/)(checkpoint|conformance.*|options|score_output)\\.cpp$")
set(REGARD_COLD_OPTIONS $<$<CONFIG:Release>:-O1>)

# Third-party headers that most sources include, precompiled once for each kind of module; not for modules with special options
# for OpenMP or an instruction set. A source must still include what it uses: the preset `clang` does not precompile.
set(REGARD_OWN_FLAGS base tensor)
set(REGARD_COMMON_HEADERS <algorithm> <array> <cmath> <cstdint> <filesystem> <fmt/format.h> <functional> <limits> <map>
  <memory> <optional> <span> <string> <string_view> <utility> <vector>)
set(REGARD_COLD_HEADERS ${REGARD_COMMON_HEADERS} <nlohmann/json.hpp>)

# regard_module(name SOURCES a.cpp ... [DEPENDS target ...])
# Adds one folder of framework/ as an object library of libregard. DEPENDS are third-party targets; framework/modules.txt
# says which module may include which.
function(regard_module name)
  cmake_parse_arguments(PARSE_ARGV 1 M "" "" "SOURCES;DEPENDS")
  set(hot ${M_SOURCES})
  set(cold ${M_SOURCES})
  if(name IN_LIST REGARD_COLD_MODULES)
    set(hot "")
  else()
    list(FILTER hot EXCLUDE REGEX "${REGARD_COLD_SOURCES}")
    list(FILTER cold INCLUDE REGEX "${REGARD_COLD_SOURCES}")
  endif()
  set(targets "")
  if(hot)
    list(APPEND targets regard_${name})
    add_library(regard_${name} OBJECT ${hot})
    if(NOT name IN_LIST REGARD_OWN_FLAGS)
      regard_precompile(regard_${name} HOT ${REGARD_COMMON_HEADERS})
    endif()
  endif()
  if(cold)  # a target of their own, since precompiled headers have the options of their sources
    set(target regard_${name})
    if(hot)
      string(APPEND target _cold)
    endif()
    list(APPEND targets ${target})
    add_library(${target} OBJECT ${cold})
    target_compile_options(${target} PRIVATE ${REGARD_COLD_OPTIONS})
    regard_precompile(${target} COLD ${REGARD_COLD_HEADERS})
  endif()
  foreach(target IN LISTS targets)
    target_link_libraries(${target} PRIVATE regard_options ${M_DEPENDS})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY REGARD_MODULES ${targets})
  set_property(GLOBAL APPEND PROPERTY REGARD_LIBRARIES ${M_DEPENDS})
endfunction()

# The first module of a kind precompiles the headers, the others reuse them.
function(regard_precompile target kind)
  get_property(owner GLOBAL PROPERTY REGARD_HEADERS_${kind})
  if(NOT REGARD_PCH)
    return()
  elseif(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
    set_property(GLOBAL PROPERTY REGARD_HEADERS_${kind} ${target})
  endif()
endfunction()

# regard_test(module SOURCES a_test.cpp ... [BUSY a_test.cpp ...] [DEPENDS target ...])
# Adds the test program of a module, and one ctest entry for each label of its cases. Cases without a tag are `unit`, the
# others have one of the tags [gradcheck] [conformance] [golden] [learn] [cli]. There is no entry without a case, because
# Catch2 3 refuses to run none. BUSY are the sources that compute for seconds themselves. They are compiled with
# optimisation, the others without.
function(regard_test module)
  cmake_parse_arguments(PARSE_ARGV 1 M "" "" "SOURCES;BUSY;DEPENDS")
  set(target test_${module})
  add_executable(${target} ${M_SOURCES})
  target_link_libraries(${target} PRIVATE regard_test_support ${M_DEPENDS})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)  # as the precompiled header
  target_precompile_headers(${target} REUSE_FROM regard_test_support)
  set_source_files_properties(${M_BUSY} PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O2>"
    SKIP_PRECOMPILE_HEADERS ON)  # which have other options
  set(labels gradcheck conformance golden learn cli)
  set(units FALSE)
  set(found "")
  foreach(source IN LISTS M_SOURCES)
    cmake_path(ABSOLUTE_PATH source NORMALIZE)  # the same path in each module that uses the file
    file(READ ${source} text)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    if(text MATCHES "TEST_CASE\\([ \n]*(\"[^\"]*\"[ \n]*)+\\)")  # a name and no tag
      set(units TRUE)
    endif()
    foreach(label IN LISTS labels)
      if(text MATCHES "\"[^\"\n]*\\[${label}\\]")
        list(APPEND found ${label})
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES found)
  set(rest "~[.]")  # hidden cases are started by other cases
  foreach(label IN LISTS labels)
    string(APPEND rest "~[${label}]")
  endforeach()
  set(timeout 600)
  if(REGARD_SANITIZE)
    set(timeout 3600)  # seconds
  endif()
  # Waiting threads sleep: ctest runs several programs at once, each with its own team.
  set(environment OMP_WAIT_POLICY=passive)
  if(units)
    add_test(NAME ${module}.unit COMMAND ${target} "${rest}" --warn NoAssertions --durations yes)
    set_tests_properties(${module}.unit PROPERTIES LABELS unit TIMEOUT ${timeout} ENVIRONMENT "${environment}")
  endif()
  foreach(label IN LISTS found)
    set(cost 1)  # ctest begins with what takes longest
    if(label STREQUAL "cli")
      set(cost 100)
    elseif(label STREQUAL "learn")
      set(cost 50)
    endif()
    add_test(NAME ${module}.${label} COMMAND ${target} "[${label}]" --warn NoAssertions --durations yes)
    set_tests_properties(${module}.${label} PROPERTIES LABELS ${label} TIMEOUT ${timeout} ENVIRONMENT "${environment}"
      COST ${cost})
  endforeach()
endfunction()
