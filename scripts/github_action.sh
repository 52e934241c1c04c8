#!/bin/bash
# The step of action.yml: grades what its inputs name, and tells GitHub Actions what that came to.
set -euo pipefail
shopt -s nullglob
case $INPUT_FAIL_ON in lost | fault) ;; *)
  echo "::error title=Socklab::Give fail-on lost or fault"
  exit 2
  ;;
esac

# Not from the workspace: whatever lies there configures no tool that runs here.
cd "$GITHUB_ACTION_PATH"
results=$(mktemp -d "$RUNNER_TEMP/socklab-XXXXXX")
options=(--out "$results" --book none --format json --format markdown --format github)

in_workspace() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s' "$GITHUB_WORKSPACE/$1" ;; esac }
# Appends option $1 once for each word of $2.
each() {
  local word words
  read -r -d '' -a words <<<"${2//,/ }" || true
  for word in "${words[@]}"; do options+=("$1=$word"); done
}
each --format "$INPUT_FORMATS"
each --only "$INPUT_ONLY"
for name in jobs seed image timeout engine; do
  input=INPUT_${name^^}
  [ -z "${!input}" ] || options+=("--$name=${!input}")
done
[ -z "$INPUT_POLICY" ] || options+=(--policy "$(in_workspace "$INPUT_POLICY")")
[ "$INPUT_TRUST" != true ] || options+=(--trust)
paths=()
while IFS= read -r path; do
  [ -z "$path" ] || paths+=("$(in_workspace "$path")")
done <<<"$INPUT_PATH"

# Names and messages may hold anything: GitHub obeys no line until the word that ends this.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
status=0
./lab grade "${options[@]}" -- "$INPUT_LAB" "${paths[@]}" || status=$?
echo "::$token::"
printf 'status=%s\nresults=%s\n' "$status" "$results" >>"$GITHUB_OUTPUT"
if [ ! -e "$results/results.json" ]; then
  echo "::error title=Socklab::Nothing was graded to its end: the log of this step says why"
  exit "$status"
fi

folders=("$results"/submissions/*/github)
summary=$results/results.md
for folder in "${folders[@]}"; do cat "$folder/log.txt"; done
if [ ${#folders[@]} = 1 ]; then
  summary=${folders[0]}/summary.md
  { cat "${folders[0]}/outputs.txt" && printf 'result=%s\n' "$(<"${folders[0]}/result.txt")"; } \
    >>"$GITHUB_OUTPUT"
fi
# GitHub shows nothing of a summary that is larger than this.
if [ "$(wc -c <"$summary")" -le 1000000 ]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
else
  echo "The results are too long to be shown here: see \`results.md\` among them." \
    >>"$GITHUB_STEP_SUMMARY"
fi
[ "$INPUT_FAIL_ON" = lost ] || [ "$status" != 1 ] || exit 0
exit "$status"
