#!/bin/bash
# Prints what gstpeaq (PEAQ, basic version) says of two WAV files, on one line: distortion index, ODG, Total NMR in dB.
#   peaq_measures.sh original.wav marked.wav
# Needs: gstpeaq's program `peaq`, and gst-launch-1.0 with its plugin (GST_PLUGIN_PATH): the program prints no Total
# NMR, the plugin prints it to the console when asked.
set -euo pipefail
if [ "$#" != 2 ] || [ "${1:-}" = --help ]; then
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    exit 2
fi
for program in peaq gst-launch-1.0; do
    command -v "$program" > /dev/null || { echo "$0: $program is not installed" >&2; exit 2; }
done

grades=$(peaq "$1" "$2")
decode=(wavparse ! audioconvert ! audioresample)
movs=$(gst-launch-1.0 -q peaq name=peaq console-output=true \
    filesrc location="$1" ! "${decode[@]}" ! peaq.ref \
    filesrc location="$2" ! "${decode[@]}" ! peaq.test)
printf '%s\n%s\n' "$grades" "$movs" | awk '
    /^Objective Difference Grade:/ && odg == "" { odg = $4 }
    /^Distortion Index:/                        { index_value = $3 }
    /Total NMRB:/                               { nmr = $3 }
    END { if (odg == "" || index_value == "" || nmr == "") exit 1; print index_value, odg, nmr }'
