/** All commands with their arguments and options, as data: for completion and for docs/cli.md. */
import type { Command } from "commander";
import { EXAMPLES } from "./examples.js";

export interface CommandNode {
  /** `signpost` itself has none. */
  readonly words: readonly string[];
  readonly description: string;
  readonly usage: string;
  readonly arguments: readonly Described[];
  readonly options: readonly DescribedOption[];
  readonly example: string | null;
  readonly commands: readonly CommandNode[];
}

interface Described {
  readonly term: string;
  readonly description: string;
}

interface DescribedOption extends Described {
  /** `--json`. */
  readonly long: string;
  readonly takesValue: boolean;
}

export function commandTree(command: Command, words: readonly string[] = []): CommandNode {
  const help = command.createHelp();
  return {
    words,
    description: command.description(),
    usage: ["signpost", ...words, command.usage()].join(" "),
    arguments: command.registeredArguments.map((argument) => ({
      term: help.argumentTerm(argument),
      description: help.argumentDescription(argument),
    })),
    options: help
      .visibleOptions(command)
      .filter(({ long }) => long !== "--help")
      .map((option) => ({
        term: help.optionTerm(option),
        description: help.optionDescription(option),
        long: option.long ?? "",
        takesValue: option.required || option.optional,
      })),
    example: EXAMPLES[words.join(" ")] ?? null,
    commands: command.commands.map((one) => commandTree(one, [...words, one.name()])),
  };
}

/** A command and everything below it, in the order of the help. */
export function allOf(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(allOf)];
}
