/** `signpost signer rotate`: beside the other commands about the signer, which know no chain. */
import type { Command } from "commander";
import { SignpostError } from "../../errors.js";
import { addressOf, collect } from "../resolver/chainOptions.js";
import { ALTHOUGH_UNREACHABLE_OPTION, sendOptions } from "../resolver/session.js";
import { type TerminalInput, terminalOf } from "../resolver/terminal.js";
import { finishRotation } from "./finishRotation.js";
import { rotateTo } from "./rotateTo.js";
import { type RotationFlags, withRotation } from "./rotation.js";

type RotateFlags = RotationFlags & { readonly finish?: string };

/** @param input where answers to questions come from */
export function rotateCommand(program: Command, input: TerminalInput = process.stdin): void {
  const signer =
    program.commands.find((command) => command.name() === "signer") ?? program.command("signer");
  sendOptions(signer.command("rotate"))
    .description(
      "lead a new signer to every resolver that is served, and with --finish take the old one away; run it again at any point. Exit status 1 where a resolver does not take it yet, 4 where one could not be asked",
    )
    .argument("[address]", "the new signer's address")
    .option("--finish <address>", "the old signer's address: take it away from every resolver")
    .option(
      "--rpc <url>",
      "an RPC node, in the place of that in CHAIN_RPC_URLS for its chain; repeatable",
      collect,
    )
    .option(...ALTHOUGH_UNREACHABLE_OPTION)
    .option("--json", "print JSON")
    .action(async (given: string | undefined, flags: RotateFlags, command: Command) => {
      const { finish } = flags;
      const terminal = terminalOf(command, input);
      if (given !== undefined && finish === undefined) {
        const wanted = addressOf(given);
        await withRotation(flags, terminal, (rotation) => rotateTo(wanted, rotation));
      } else if (given === undefined && finish !== undefined) {
        const old = addressOf(finish);
        await withRotation(flags, terminal, (rotation) => finishRotation(old, rotation));
      } else throw notOne();
    });
}

function notOne(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "Give either the new signer's address, or --finish with the old one's.",
  );
}
