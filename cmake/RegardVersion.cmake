# Writes the source file of framework/base/version.h. Runs as a script in every build (cmake -D… -P), so that the recorded
# commit is the one that is built. The file is written only if its content changes, and only this file is compiled again.
#   SOURCE_DIR, OUTPUT, TEMPLATE, PROJECT_VERSION, COMPILER, FLAGS, LIBRARIES
set(COMMIT "unknown")
set(TREE_CLEAN "false")

# A checkout: only the project's own repository counts, not one that contains the folder.
find_program(git git)
if(git AND EXISTS "${SOURCE_DIR}/.git")
  execute_process(COMMAND ${git} rev-parse HEAD WORKING_DIRECTORY ${SOURCE_DIR}
    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(COMMIT "${head}")
    execute_process(COMMAND ${git} --no-optional-locks status --porcelain --untracked-files=no
      WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE changes ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed AND changes STREQUAL "")
      set(TREE_CLEAN "true")
    endif()
  endif()
elseif(EXISTS "${SOURCE_DIR}/cmake/archive-commit.txt")
  # An archive: `git archive` has replaced the format by the commit.
  file(STRINGS "${SOURCE_DIR}/cmake/archive-commit.txt" stamp LIMIT_COUNT 1)
  if(stamp MATCHES "^[0-9a-f]+$")
    set(COMMIT "${stamp}")
  endif()
endif()

configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
