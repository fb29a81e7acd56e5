# Writes framework/base/build_mark.h from its template. Runs as a script (cmake -D… -P) whenever a public header
# changed. The file is written only if its content changes.
#   SOURCE_DIR, OUTPUT, PROJECT_VERSION
file(GLOB_RECURSE headers RELATIVE ${SOURCE_DIR} ${SOURCE_DIR}/framework/*.h)
list(SORT headers)
set(content "${PROJECT_VERSION}")
foreach(header IN LISTS headers)
  file(SHA256 ${SOURCE_DIR}/${header} hash)
  string(APPEND content " ${header} ${hash}")
endforeach()
string(SHA256 HEADERS "${content}")
string(SUBSTRING ${HEADERS} 0 16 HEADERS)
configure_file(${SOURCE_DIR}/framework/base/build_mark.h.in ${OUTPUT} @ONLY)
