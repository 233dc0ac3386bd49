/** docs/cli.md: every command with its options and an example, from the commands themselves. */
import { allOf, type CommandNode } from "./commandTree.js";

const HEAD = `# The command line

Every command of \`signpost\`, made from the commands by \`npm run cli-reference\`; do not edit it by hand.

- Every command takes \`--help\`, and \`--env-file <file>\` for the settings of the installation. The environment counts more than the
  file; a command says which of its settings differ.
- \`--json\` prints one JSON value for programs. Errors then are \`{"error": {"code", "message", "details"}}\`.
- Exit status 0 is success, 1 a refusal or failure, 2 wrong input, and 4 something that could not be reached. Others stand in the
  command's \`--help\`. A file of \`--env-file\` that is missing, or that you may not read, is refused by Node itself, with 9 and \`not found\`.
- \`signpost completion bash\` (or \`zsh\`, \`fish\`) prints what completes these words in a shell.
`;

/** @param program the whole program */
export function cliReference(program: CommandNode): string {
  const sections = program.commands.map(sectionOf);
  return [HEAD, ...sections].join("\n");
}

function sectionOf(command: CommandNode): string {
  const [first, ...below] = allOf(command);
  if (first === undefined) return "";
  if (below.length === 0) return chapter("##", first);
  const leaves = below.filter(({ commands }) => commands.length === 0);
  return [
    `## ${nameOf(first)}\n\n${sentence(first.description)}\n`,
    ...leaves.map((leaf) => chapter("###", leaf)),
  ].join("\n");
}

function chapter(heading: string, { example, ...node }: CommandNode): string {
  const terms = [...node.arguments, ...node.options];
  const width = Math.max(0, ...terms.map(({ term }) => term.length)) + 2;
  const lines = terms.map(({ term, description }) =>
    `${term.padEnd(width)}${description}`.trimEnd(),
  );
  const block = [node.usage, ...(lines.length === 0 ? [] : ["", ...lines])].join("\n");
  return [
    `${heading} ${nameOf(node)}\n`,
    `${sentence(node.description)}\n`,
    `\`\`\`text\n${block}\n\`\`\`\n`,
    ...(example === null ? [] : [`\`\`\`sh\nsignpost ${example}\n\`\`\`\n`]),
  ].join("\n");
}

function nameOf({ words }: Pick<CommandNode, "words">): string {
  return ["signpost", ...words].join(" ");
}

function sentence(description: string): string {
  // a sign of Markdown in a description is meant as itself
  const plain = description.replace(/[<>]/g, (sign) => `\\${sign}`);
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}
