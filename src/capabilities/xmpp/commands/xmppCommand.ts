/** `signpost xmpp`: the XMPP gateway of this installation. */
import type { Command } from "commander";

export function xmppCommand(program: Command): void {
  const xmpp = program.command("xmpp").description("the XMPP gateway of this installation");
  xmpp
    .command("describe")
    .description("print what its settings say of it, for `signpost network prove --record`")
    .action(async () => {
      const { describe } = await import("./describe.js");
      describe();
    });
}
