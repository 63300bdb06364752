#!/bin/sh
# pkg_config_consumer.sh COMPILER SOURCE PKGCONFIG-FOLDER WORK-FOLDER [FLAGS]: builds and runs with pkg-config alone.
set -eu
export PKG_CONFIG_PATH="$3"
# shellcheck disable=SC2046,SC2086  # lists of flags
"$1" ${5:-} "$2" $(pkg-config --cflags --libs wm) -o "$4/pkg_config_consumer"
exec "$4/pkg_config_consumer" "$4/pkg_config.key"
