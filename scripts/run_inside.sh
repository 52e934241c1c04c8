#!/bin/sh
# Starts the runner in its container. What was transpiled into the image serves; Deno's databases beside it, which it
# opens to write and at a terminal complains of where it cannot, lie in scratch memory.
export DENO_DIR=/tmp/deno-dir
mkdir -p "$DENO_DIR" && ln -sfn /opt/socklab/deno-dir/gen "$DENO_DIR/gen"
exec deno run -A --no-config /socklab/scripts/run_inside.ts "$@"
