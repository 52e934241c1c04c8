/** A completion script for bash, from the verbs' tables. Pure. */
import type { Completes, Option, Positional, Verb } from "./verb.ts";

/** What completion needs of a verb. */
export type Completable = Pick<Verb, "name" | "positionals" | "options">;

/**
 * Returns the script: words by verb, `case` by option before the cursor, labs read from the
 * checkout that the command typed belongs to (so that a new lab needs no new script).
 */
export function bashCompletion(verbs: readonly Completable[]): string {
  return `# bash completion for socklab: source <(./lab completion bash)
_socklab() {
  local word=\${COMP_WORDS[COMP_CWORD]} before="" verb="" i at=0 skip=""
  # The words that bash splits at = are put together again by looking at the one before it.
  ((COMP_CWORD > 0)) && before=\${COMP_WORDS[COMP_CWORD - 1]}
  if [[ $word == = ]]; then word="" ; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ -n $skip ]]; then skip=""
    elif [[ \${COMP_WORDS[i]} == = ]]; then skip=1
    elif [[ -z $verb && \${COMP_WORDS[i]} != -* ]]; then verb=\${COMP_WORDS[i]}
    elif [[ \${COMP_WORDS[i]} == --* ]]; then
      [[ \${COMP_WORDS[i + 1]} != = ]] && _socklab_takes_value "$verb" "\${COMP_WORDS[i]}" && skip=1
    elif [[ \${COMP_WORDS[i]} != -* ]]; then ((at++)); fi
  done
  case "$verb $before" in
${
    verbs.flatMap((verb) =>
      Object.entries(verb.options).filter(([, option]) => option.type !== "boolean")
        .map(([name, option]) => `    "${verb.name} --${name}") ${action(option)}; return ;;`)
    ).join("\n")
  }
  esac
  if [[ -z $verb ]]; then
    _socklab_words "${[...verbs.map(({ name }) => name), "help", "--help", "--version"].join(" ")}"
    return
  fi
  if [[ $word == -* ]]; then
    case $verb in
${
    verbs.map((verb) =>
      `      ${verb.name}) _socklab_words "${
        [...Object.keys(verb.options), "help"].map((name) => `--${name}`).join(" ")
      }" ;;`
    ).join("\n")
  }
    esac
    return
  fi
  case "$verb $at" in
${
    verbs.flatMap((verb) =>
      verb.positionals.map((positional, i) =>
        `    "${verb.name} "${positional.multiple ? `*` : i}) ${action(positional)} ;;`
      )
    ).join("\n")
  }
    "help "0) _socklab_words "${verbs.map(({ name }) => name).join(" ")}" ;;
  esac
}
_socklab_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
_socklab_files() {
  mapfile -t COMPREPLY < <(compgen "-$1" -- "$word")
  compopt -o filenames 2>/dev/null
}
_socklab_root() {
  # Where the command typed lies, also by PATH, with a tilde or through a link.
  local command=\${COMP_WORDS[0]/#\~/$HOME}
  command=$(readlink -f -- "$(type -P -- "$command")")
  printf %s "\${command%/*}"
}
_socklab_programs() {
  # Servers of the lab on the line, of every lab before that stands there.
  local lab="lab*" file name names=""
  for name in "\${COMP_WORDS[@]}"; do [[ $name == lab[1-9]* ]] && lab=\${name%%-*}; done
  for file in "$(_socklab_root)"/labs/$lab-*/solution/server*.ts; do
    name=\${file##*/}; name=\${name%.ts}
    [[ $name == *['*.']* ]] || names+=" $name"
  done
  _socklab_words "$names"
}
_socklab_labs() {
  local folder ids=""
  for folder in "$(_socklab_root)"/labs/lab[1-9]*-*/; do
    folder=\${folder%/}; folder=\${folder##*/}
    [[ $folder == *'*'* ]] || ids+=" \${folder%%-*}"
  done
  _socklab_words "$ids"
}
_socklab_takes_value() {
  case "$1 $2" in
    ${
    verbs.flatMap((verb) =>
      Object.entries(verb.options).filter(([, option]) => option.type !== "boolean")
        .map(([name]) => `"${verb.name} --${name}"`)
    ).join(" | ") || '""'
  }) return 0 ;;
  esac
  return 1
}
complete -F _socklab lab
`;
}

/** What to offer for a value: its choices, its kind, or nothing. */
function action(value: Option | Positional): string {
  const { choices, completes } = value as {
    choices?: readonly string[];
    completes?: Completes;
  };
  if (choices) return `_socklab_words "${choices.join(" ")}"`;
  switch (completes) {
    case "file":
      return "_socklab_files f";
    case "folder":
      return "_socklab_files d";
    case "lab":
      return "_socklab_labs";
    case "program":
      return "_socklab_programs";
    case undefined:
      return ":";
  }
}
