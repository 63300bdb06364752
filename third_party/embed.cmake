# Writes a C++ file that defines `const std::string_view NAME` for each file: cmake -DOUTPUT=x.cpp -DHEADER=x.h
# -DNAMES=a,b -DFILES=path,path -P embed.cmake
string(REPLACE "," ";" NAMES "${NAMES}")
string(REPLACE "," ";" FILES "${FILES}")
set(text "#include \"${HEADER}\"\n\nnamespace wm {\nnamespace {\n")
set(views "")
foreach(name file IN ZIP_LISTS NAMES FILES)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND text "\nconst char ${name}Bytes[] = {${bytes}};\n")
  string(APPEND views "const std::string_view ${name}(${name}Bytes, sizeof ${name}Bytes);\n")
endforeach()
file(WRITE "${OUTPUT}" "${text}\n} // namespace\n\n${views}\n} // namespace wm\n")
