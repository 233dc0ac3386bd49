/** Scripts that complete the words of `signpost` in a shell, made from the commands. */
import { allOf, type CommandNode } from "../help/commandTree.js";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** Takes every command has, beside its own. */
const EVERYWHERE = [
  { long: "--help", description: "show what the command takes", takesValue: false },
  { long: "--env-file", description: "file with the settings", takesValue: true },
];

export function completionScript(shell: Shell, program: CommandNode): string {
  const commands = allOf(program);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

/** One word for each command or option that may come next, with what it is. */
function nextWords(command: CommandNode): readonly (readonly [word: string, what: string])[] {
  return [
    ...command.commands.map(({ words, description }) => [words.at(-1) ?? "", description] as const),
    ...[...command.options, ...EVERYWHERE].map(
      ({ long, description }) => [long, description] as const,
    ),
  ];
}

const pathOf = ({ words }: CommandNode) => ["signpost", ...words].join(" ");

function bashScript(commands: readonly CommandNode[]): string {
  const known = commands.slice(1).map((one) => `"${pathOf(one)}"`);
  const cases = commands.map(
    (one) =>
      `    "${pathOf(one)}") words="${nextWords(one)
        .map(([word]) => word)
        .join(" ")}" ;;`,
  );
  return `# signpost completion bash
_signpost() {
  local path=signpost words="" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$path \${COMP_WORDS[at]}" in
      ${known.join(" | \\\n      ")}) path="$path \${COMP_WORDS[at]}" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _signpost signpost
`;
}

function zshScript(commands: readonly CommandNode[]): string {
  const known = commands.slice(1).map((one) => `'${pathOf(one)}'`);
  const cases = commands.map((one) => {
    const found = nextWords(one).map(
      ([word, what]) => `'${quoted(`${word.replaceAll(":", "\\:")}:${what}`, "'\\''")}'`,
    );
    return `    ('${pathOf(one)}') found=(\n      ${found.join("\n      ")}\n    ) ;;`;
  });
  return `#compdef signpost
# signpost completion zsh
_signpost() {
  local path_=signpost word
  local -a found
  for word in \${words[2,CURRENT-1]}; do
    case "$path_ $word" in
      (${known.join(" | \\\n      ")}) path_="$path_ $word" ;;
    esac
  done
  case "$path_" in
${cases.join("\n")}
  esac
  _describe signpost found || _files
}
compdef _signpost signpost
`;
}

function fishScript(commands: readonly CommandNode[]): string {
  const known = commands.slice(1).map((one) => `'${pathOf(one)}'`);
  const lines = commands.flatMap((one) => {
    const here = `complete -c signpost -n 'test (__signpost_path) = "${pathOf(one)}"'`;
    return [
      ...one.commands.map(
        ({ words, description }) =>
          `${here} -f -a ${words.at(-1) ?? ""} -d '${fishText(description)}'`,
      ),
      ...[...one.options, ...EVERYWHERE].map(
        ({ long, description, takesValue }) =>
          `${here} -l ${long.slice(2)}${takesValue ? " -r" : ""} -d '${fishText(description)}'`,
      ),
    ];
  });
  return `# signpost completion fish
function __signpost_path
  set -l path signpost
  for word in (commandline -opc)[2..-1]
    switch "$path $word"
      case ${known.join(" \\\n        ")}
        set path "$path $word"
    end
  end
  echo $path
end
${lines.join("\n")}
`;
}

function fishText(text: string): string {
  return quoted(text.replaceAll("\\", "\\\\"), "\\'");
}

/** @param quote how the shell writes an apostrophe inside of apostrophes */
function quoted(text: string, quote: string): string {
  return text.replaceAll("'", quote);
}
