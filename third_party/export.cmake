# What `cmake --install` puts into place for programs that use libwm: the archive, the headers, and the two files by which
# CMake (find_package(wm)) and pkg-config find them. libwm.a is static, so both also name the packages it needs.
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wm)
set(wm_pkg_config_modules kissfft-float sndfile soxr soundtouch libebur128 libsodium sqlite3 tomlplusplus libxxhash fmt)

install(TARGETS wm EXPORT wmTargets ARCHIVE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/libwm/include/wm DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT wmTargets NAMESPACE wm:: DESTINATION ${config_dir})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/wmConfig.cmake.in ${PROJECT_BINARY_DIR}/wmConfig.cmake
  INSTALL_DESTINATION ${config_dir} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/wmConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/wmConfig.cmake ${PROJECT_BINARY_DIR}/wmConfigVersion.cmake DESTINATION ${config_dir})

# The pkg-config file finds its prefix from where it stands, so that the installed tree can be moved.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
list(JOIN wm_pkg_config_modules " " pc_requires)
configure_file(${CMAKE_CURRENT_LIST_DIR}/wm.pc.in ${PROJECT_BINARY_DIR}/wm.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/wm.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
