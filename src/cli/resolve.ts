import type { Command } from "commander";
import { foreignText } from "../fetch/foreignText.js";
import {
  type KnownRelayNodeOutcome,
  type ProfileOutcome,
  type ResolveOptions,
  resolveProfile,
  resolveRelayNode,
} from "../sdk/node.js";
import { jsonText } from "../terminal/jsonText.js";
import { addEnsOptions, type EnsFlags, ensOptions } from "./ensOptions.js";
import { outcomeText } from "./outcomeText.js";
import { progressLine } from "./progressLine.js";
import { rpcUrlOfEnvironment } from "./rpcUrl.js";

/** Exit status by outcome, so that a script can tell absence from outage and from forgery. */
export const OUTCOME_EXIT_STATUS: Readonly<Record<ProfileOutcome["status"], number>> = {
  found: 0,
  absent: 3,
  unreachable: 4,
  untrusted: 5,
};

interface ResolveFlags extends EnsFlags {
  readonly rpc?: string;
  readonly relayNode?: true;
  readonly allowLoopback?: true;
  readonly json?: true;
}

/** `signpost resolve <name>`: what any client sees of a name, verified, or exactly why not. */
export function resolveCommand(program: Command): void {
  const resolve = program
    .command("resolve")
    .description("resolve an ENS name to its verified DM3 profile and relay node")
    .argument("<name>", "a full ENS name, e.g. alice.users.example.eth")
    .option("--rpc <url>", "URL of an RPC node (default: the environment's RPC_URL)");
  addEnsOptions(resolve)
    .option("--relay-node", "the name is a relay node's: resolve that profile")
    .option("--allow-loopback", "let gateways and links be on this machine")
    .option("--json", "print the outcome as JSON")
    .addHelpText("after", "\nExit status: 0 found, 3 absent, 4 unreachable, 5 untrusted.")
    .action(async (name: string, flags: ResolveFlags, command: Command) => {
      const progress = progressLine();
      progress.show(foreignText(name));
      const outcome = await outcomeOf(name, flags).finally(progress.clear);
      const text = flags.json ? jsonText(outcome) : outcomeText(outcome);
      command.configureOutput().writeOut?.(`${text}\n`);
      process.exitCode = OUTCOME_EXIT_STATUS[outcome.status];
    });
}

function outcomeOf(
  name: string,
  flags: ResolveFlags,
): Promise<ProfileOutcome | KnownRelayNodeOutcome> {
  const options: ResolveOptions = {
    rpc: flags.rpc ?? rpcUrlOfEnvironment(),
    allowLoopback: flags.allowLoopback ?? false,
    ...ensOptions(flags),
  };
  return flags.relayNode ? resolveRelayNode(name, options) : resolveProfile(name, options);
}
