#!/bin/sh
# Builds the plugin's folder, out/minimal-native/: the library by the C compiler, the manifest by the tool.
set -eu
cd "$(dirname "$0")"
tool() { dotnet run -c Release --project ../../conformance/Backends.Cli -- "$@"; }   # installed: backends "$@"

mkdir -p out/minimal-native
${CC:-cc} -std=c11 -O2 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden \
    -I "$(tool include)" minimal.c -o out/minimal-native/libminimal.so
tool manifest out/minimal-native --name minimal-native
