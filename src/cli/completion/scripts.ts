/** Completion scripts. Each hands the words typed so far to `sweep __complete` and offers what that prints. */

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** How to install, by shell. */
export const INSTALL: Readonly<Record<Shell, string>> = {
  bash: "echo 'source <(sweep completion bash)' >> ~/.bashrc",
  zsh: "echo 'source <(sweep completion zsh)' >> ~/.zshrc   # after compinit",
  fish: "sweep completion fish > ~/.config/fish/completions/sweep.fish",
};

// Bash cuts words at COMP_WORDBREAKS, '=' among them, and replaces the last piece only: the words are taken from the line,
// and what stands before the last break is cut off from the candidates.
const BASH = `_sweep_complete() {
  local line="\${COMP_LINE:0:COMP_POINT}" word breaks="" char prefix="" candidate
  local -a typed
  read -ra typed <<< "$line"
  [[ "$line" == *[[:space:]] ]] && typed+=("")
  word="\${typed[-1]}"
  for char in = : @; do
    [[ "$COMP_WORDBREAKS" == *"$char"* ]] && breaks+="$char"
  done
  [[ -n "$breaks" ]] && prefix="\${word%"\${word##*[$breaks]}"}"
  COMPREPLY=()
  while IFS= read -r candidate; do
    COMPREPLY+=("\${candidate#"$prefix"}")
    [[ "$candidate" == *[=./] ]] && compopt -o nospace
  done < <("\${COMP_WORDS[0]/#\\~/$HOME}" __complete "\${typed[@]:1}" 2> /dev/null)
}
complete -o default -F _sweep_complete sweep servesweep
`;

const ZSH = `_sweep_complete() {
  local candidate
  local -a whole open
  while IFS= read -r candidate; do
    case "$candidate" in
      *[=./]) open+=("$candidate") ;;
      *) whole+=("$candidate") ;;
    esac
  done < <("\${words[1]/#\\~/$HOME}" __complete "\${(@Q)words[2,CURRENT]}" 2> /dev/null)
  if (( \${#whole} + \${#open} == 0 )); then
    _files
    return
  fi
  (( \${#open} )) && compadd -S '' -- "\${open[@]}"
  (( \${#whole} )) && compadd -- "\${whole[@]}"
}
compdef _sweep_complete sweep servesweep
`;

const FISH = `function __sweep_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found ($words[1] __complete $words[2..-1] 2> /dev/null)
    if test (count $found) -eq 0
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c sweep -f -a '(__sweep_complete)'
complete -c servesweep -f -a '(__sweep_complete)'
`;

export function completionScript(shell: Shell): string {
  const body = { bash: BASH, zsh: ZSH, fish: FISH }[shell];
  return `# Completion of sweep for ${shell}. To install:\n#   ${INSTALL[shell]}\n${body}`;
}
