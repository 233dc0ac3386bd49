/** `signpost completion`: prints the script that completes commands and options in a shell. */
import { Argument, Command } from "commander";
import { commandTree } from "../help/commandTree.js";
import { completionScript, type Shell, SHELLS } from "./completionScript.js";

export const COMPLETION = "completion";

/** @param addAll adds every command to a program */
export function completionCommand(
  program: Command,
  addAll: (program: Command) => Promise<void>,
): void {
  program
    .command(COMPLETION)
    .description("print the script that completes commands and options in your shell")
    .addArgument(new Argument("<shell>", "your shell").choices(SHELLS))
    .action(async (shell: Shell, _flags: object, command: Command) => {
      const whole = new Command("signpost");
      await addAll(whole);
      command.configureOutput().writeOut?.(completionScript(shell, commandTree(whole)));
    });
}
