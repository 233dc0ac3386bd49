/** `signpost node`: relay nodes as others see them. */
import type { Command } from "commander";
import { addLookupOptions } from "../message/lookupOptions.js";
import { check } from "./check.js";

export function nodeCommand(program: Command): void {
  const node = program.command("node").description("DM3 relay nodes, anybody's, seen from outside");
  const checking = node
    .command("check")
    .description("check that a DM3 relay node does what clients and senders need")
    .argument("[url]", "its URL (default: that of its record in ENS)")
    .option("--name <name>", "its ENS name: the record there is checked as well")
    .option("--sender <name>", "a throw-away account, in whose name messages are sent")
    .option("--sender-keys <file>", "its profile keys, JSON as dm3's clients keep it")
    .option("--receiver <name>", "another one, which gets and acknowledges them")
    .option("--receiver-keys <file>", "its profile keys")
    .option(
      "--demo [file]",
      "the running demo's: two accounts are made there (.signpost/demo.json)",
    )
    .option("--timeout <seconds>", "for everything together (default: 120)");
  addLookupOptions(checking)
    .addHelpText(
      "after",
      "\nExit status: 0 passed, 6 warnings only, 7 something failed, 4 the relay node did not answer." +
        "\nIt sends malformed requests, which may end a relay node that does not check them." +
        "\nEach line is explained in docs/guides/node-check.md.",
    )
    .action(check);
}
