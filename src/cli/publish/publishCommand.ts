/** `signpost publish`: a profile directly in ENS, by a transaction of the name's owner, without a service. */
import type { Command } from "commander";
import type { Fields } from "../../admin/change.js";
import { profileFields } from "../../admin/publishPlan.js";
import type { Connection } from "../../chain/connection.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { SignpostError } from "../../errors.js";
import type { ResolveOptions } from "../../lookup/resolveOptions.js";
import { resolveProfile } from "../../sdk/node.js";
import { carryOut } from "../resolver/carryOut.js";
import {
  addressOf,
  type ChainFlags,
  chainOptions,
  ensContractOptions,
  ensRegistryOf,
  onChain,
} from "../resolver/chainOptions.js";
import { chainAgain } from "../resolver/flagsAgain.js";
import { type ChangeFlags, changeOptions } from "../resolver/session.js";
import { type TerminalInput, terminalOf } from "../resolver/terminal.js";
import { givenProfile } from "./givenProfile.js";
import { planProfile, type Publishing } from "./planProfile.js";

interface PublishFlags extends ChainFlags, ChangeFlags {
  readonly json?: true;
  readonly onchain?: true;
  readonly profile?: string;
  readonly remove?: true;
  readonly setAddress?: string;
  readonly althoughOlder?: true;
  readonly allowLoopback?: true;
}

/** @param input where answers to questions, and a profile given as "-", come from */
export function publishCommand(program: Command, input: TerminalInput = process.stdin): void {
  changeOptions(chainOptions(ensContractOptions(program.command("publish"))))
    .description("write a signed DM3 profile into ENS itself, without a service")
    .argument("<name>", "the ENS name, e.g. alice.eth")
    .option("--onchain", "by a transaction to the name's own resolver")
    .option("--profile <file>", "JSON {profile, signature} of the SDK's createProfile (- reads it)")
    .option("--remove", "instead: remove the profile")
    .option("--set-address <address>", "give the name the address of the wallet that signed, too")
    .option("--although-older", "put back a profile that was replaced or removed before")
    .option("--allow-loopback", "let relay nodes and gateways be on this machine")
    .action(async (text: string, flags: PublishFlags, command: Command) => {
      const { name } = resolvableName(text);
      assertSensible(name, flags);
      const signed = flags.profile === undefined ? null : await givenProfile(flags.profile, input);
      await onChain(flags, async (connection) => {
        const publishing: Publishing = {
          connection,
          ens: flags,
          options: optionsOf(connection, flags),
          asked: resolvableName(name),
          signed,
          setAddress: flags.setAddress === undefined ? null : addressOf(flags.setAddress),
          althoughOlder: flags.althoughOlder ?? false,
        };
        await publish(publishing, flags, command, input);
      });
    });
}

async function publish(
  publishing: Publishing,
  flags: PublishFlags,
  command: Command,
  input: TerminalInput,
): Promise<void> {
  const { connection, asked } = publishing;
  const { name } = asked;
  const again = `signpost resolve ${name}${chainAgain(flags)}`;
  await carryOut(
    {
      plan: (account) => planProfile(publishing, account),
      readBack: () => fieldsSeen(publishing),
      facts: () => ({ chainId: connection.chainId.toString(), name }),
      lookAgain: () => again,
      nextSteps: () => [again],
    },
    { connection, flags, terminal: terminalOf(command, input) },
  );
}

/** What a client sees, with all its checks. */
async function fieldsSeen({ asked, options }: Publishing): Promise<Fields> {
  const outcome = await resolveProfile(asked.name, { ...options, relayNodes: "none" });
  if (outcome.status === "found") {
    return { address: [outcome.address], ...profileFields(outcome) };
  }
  return { ...profileFields(null), outcome: [`${outcome.status}: ${outcome.sentence}`] };
}

function optionsOf(connection: Connection, flags: PublishFlags): ResolveOptions {
  return {
    rpc: connection.chain().provider,
    ensRegistry: ensRegistryOf(connection.chainId, flags),
    universalResolver: flags.universalResolver,
    allowLoopback: flags.allowLoopback,
  };
}

function assertSensible(name: string, { onchain, profile, remove, setAddress }: PublishFlags) {
  if (onchain === undefined) {
    throw wrongUsage(
      `Add --onchain to write the profile of ${name} into ENS by a transaction. For a name of a service, publish through its API instead: that needs none.`,
    );
  }
  if ((profile === undefined) === (remove === undefined)) {
    throw wrongUsage("Give either --profile <file> (- for standard input), or --remove.");
  }
  if (remove !== undefined && setAddress !== undefined) {
    throw wrongUsage("--set-address goes with --profile: --remove leaves the address as it is.");
  }
}

function wrongUsage(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
