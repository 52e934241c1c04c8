#!/bin/sh
# What the link's container runs in Compose: the link, started again where it ends by itself. So the container stays,
# and with it the network that the server shares; the next run finds a link, or in $words why there is none.
set -u
folder=/dev/shm/link
words=$folder/words
link= pause=
trap 'trap - TERM; [ -z "$link$pause" ] || kill -TERM $link $pause 2>/dev/null; wait; exit 0' TERM INT
mkdir -p -m 0750 "$folder"

# Where the checkout is root's, who in most containers may not write there, runs leave artifacts by their group.
for one in /socklab/out /socklab/out/lab*; do
  [ ! -d "$one" ] || [ ! -O "$one" ] || { busybox chgrp 61000 "$one" && chmod g+ws "$one"; }
done 2>/dev/null

while :; do
  deno run --allow-all --no-config --no-lock --quiet \
    --v8-flags=--max-semi-space-size=1,--optimize-for-size,--max-inlined-bytecode-size=2500,--max-inlined-bytecode-size-cumulative=5000 \
    /socklab/src/link/main.ts --driver "$1" --socket "$folder/control.sock" --socket-group 61000 --ready-marker \
    2>"$words" &
  link=$!
  wait "$link"
  cat "$words" >&2
  mv "$words" "$folder/failed"
  link=
  sleep 1 &
  pause=$!
  wait "$pause"
  pause=
  rm -f "$folder/failed"
done
