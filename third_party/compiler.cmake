# Flags every target shares. Contraction stays off so that all kernels and processors agree to the bit (docs/architecture.md).
add_library(wm_flags INTERFACE)
target_compile_features(wm_flags INTERFACE cxx_std_20)
target_compile_options(wm_flags INTERFACE -ffp-contract=off -Wall -Wextra -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overlaps in std::string's operator+ that are not there (GCC bug 105651).
  target_compile_options(wm_flags INTERFACE -Wno-restrict)
endif()
# Libraries of the rooms that a program does not use are not loaded with it.
target_link_options(wm_flags INTERFACE -Wl,--as-needed)
if(WM_WERROR)
  target_compile_options(wm_flags INTERFACE -Werror)
endif()
if(WM_SANITIZE)
  target_compile_options(wm_flags INTERFACE -fsanitize=${WM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(wm_flags INTERFACE -fsanitize=${WM_SANITIZE})
endif()
if(WM_BUILD_FUZZERS)
  # The library tells libFuzzer which branches an input reached.
  target_compile_options(wm_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# A room of the library: wm_room(name SOURCES ... LINKS rooms... PRIVATE_LINKS packages...). Its headers are reached as
# "name/header.h" through an include root of its own, so that including from a room that is not linked fails to compile.
function(wm_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(root ${PROJECT_BINARY_DIR}/rooms/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/libwm/src/${name} ${root}/${name} SYMBOLIC)
  add_library(wm_${name} OBJECT ${ROOM_SOURCES})
  target_include_directories(wm_${name} PUBLIC ${root} ${PROJECT_SOURCE_DIR}/libwm/include)
  foreach(room IN LISTS ROOM_LINKS)
    target_link_libraries(wm_${name} PUBLIC wm_${room})
  endforeach()
  target_link_libraries(wm_${name} PRIVATE wm_flags ${ROOM_PRIVATE_LINKS})
  target_link_libraries(wm_${name} PUBLIC tl::expected)
  set_target_properties(wm_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  set_property(GLOBAL APPEND PROPERTY WM_ROOMS ${name})
endfunction()
