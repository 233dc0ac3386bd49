/** What the commands share that change one setting of a resolver. */
import type { Command } from "commander";
import type { Plan } from "../../admin/change.js";
import { resolverFields } from "../../admin/resolverFields.js";
import type { Connection } from "../../chain/connection.js";
import { readResolver, type ResolverState } from "../../chain/resolverState.js";
import { carryOut } from "./carryOut.js";
import {
  type ChainFlags,
  chainOptions,
  onChain,
  type ResolverFlags,
  resolverOption,
} from "./chainOptions.js";
import { chainAgain } from "./flagsAgain.js";
import { resolverAddress } from "./resolverAddress.js";
import { type ChangeFlags, changeOptions, type WantedChange } from "./session.js";
import { type TerminalInput, terminalOf } from "./terminal.js";

export type SettingFlags = ResolverFlags & ChangeFlags;

/** The options of such a command. */
export function settingOptions(command: Command): Command {
  return changeOptions(chainOptions(resolverOption(command)));
}

/** Who acts (null for a proposal by whoever has the right), and on which chain. */
export interface Acting {
  readonly account: string | null;
  readonly chainId: bigint;
}

/** @param plan from the state that is */
export async function changeSetting(
  flags: SettingFlags,
  command: Command,
  input: TerminalInput,
  plan: (state: ResolverState, acting: Acting) => Plan,
): Promise<void> {
  await onChain(flags, async (connection) => {
    const resolver = await resolverAddress(connection, flags);
    await carryOut(wantedSetting(connection, resolver, flags, plan), {
      ...{ connection, flags },
      terminal: terminalOf(command, input),
    });
  });
}

/** @param resolver checksummed */
export function wantedSetting(
  { provider, chainId }: Connection,
  resolver: string,
  flags: ChainFlags,
  plan: (state: ResolverState, acting: Acting) => Plan,
): WantedChange {
  return {
    plan: async (account) => plan(await readResolver(provider, resolver), { account, chainId }),
    readBack: async () => resolverFields(await readResolver(provider, resolver)),
    facts: () => ({ chainId: chainId.toString(), resolver }),
    lookAgain: () => `signpost resolver show --resolver ${resolver}${chainAgain(flags)}`,
    nextSteps: () => [],
  };
}
