# The files that `cmake --install` copies, and the CMake package for plug-ins, which works installed and from the build
# tree (cmake -Dregard_DIR=<build tree>).
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/regard)

install(TARGETS regard EXPORT regardTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/regard
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/regard)

install(FILES ${REGARD_BUILD_MARK} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/regard/framework/base)

# The program finds its library by a relative path, so the installation can be moved.
file(RELATIVE_PATH bin_to_lib ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
set_target_properties(regard_program PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
install(TARGETS regard_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

install(EXPORT regardTargets NAMESPACE regard:: DESTINATION ${package_dir})
export(EXPORT regardTargets NAMESPACE regard:: FILE ${CMAKE_BINARY_DIR}/regardTargets.cmake)
configure_package_config_file(cmake/regardConfig.cmake.in ${CMAKE_BINARY_DIR}/regardConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor release may change the headers that plug-ins use.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/regardConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_file(cmake/RegardPlugin.cmake ${CMAKE_BINARY_DIR}/RegardPlugin.cmake COPYONLY)
install(FILES ${CMAKE_BINARY_DIR}/regardConfig.cmake ${CMAKE_BINARY_DIR}/regardConfigVersion.cmake
  cmake/RegardPlugin.cmake DESTINATION ${package_dir})

# pkg-config, for builds without CMake; the prefix is relative to the place of the file.
file(RELATIVE_PATH pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
configure_file(cmake/regard.pc.in ${CMAKE_BINARY_DIR}/regard.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/regard.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
