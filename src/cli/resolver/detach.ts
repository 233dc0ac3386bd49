/** `signpost resolver detach`: takes our resolver off a name, the way back from `attach`. */
import type { Command } from "commander";
import type { Plan } from "../../admin/change.js";
import {
  alreadyDetached,
  detachPlan,
  foreignResolver,
  type Successor,
} from "../../admin/detachPlan.js";
import type { Connection } from "../../chain/connection.js";
import { isOffchainResolver } from "../../chain/ownResolver.js";
import { refused } from "../../chain/unsentTransaction.js";
import { parseAddress } from "../../ens/address.js";
import { normalizeName } from "../../ens/normalize.js";
import { EXTENDED_RESOLVER_ID } from "../../lookup/callResolver.js";
import { claimsInterface, hasCode } from "../../lookup/contractView.js";
import { carryOut } from "./carryOut.js";
import {
  addressOf,
  type ChainFlags,
  chainOptions,
  ensContractOptions,
  onChain,
} from "./chainOptions.js";
import { chainAgain } from "./flagsAgain.js";
import {
  knownOf,
  NAME_WRAPPER_OPTION,
  type NameFlags,
  placeFields,
  readNamePlace,
  rightTo,
} from "./namePlace.js";
import { namesServed } from "./namesServed.js";
import { type ChangeFlags, changeOptions } from "./session.js";
import { type TerminalInput, terminalOf } from "./terminal.js";

type DetachFlags = ChainFlags &
  ChangeFlags &
  NameFlags & {
    readonly to?: string;
    readonly althoughForeign?: true;
  };

export function detachCommand(resolver: Command, input: TerminalInput): void {
  changeOptions(chainOptions(ensContractOptions(resolver.command("detach"))))
    .description("take our resolver off a name: the way back from attach")
    .argument("<name>", "the ENS name, e.g. users.example.eth")
    .option("--to <address>", "the resolver that the name gets instead (default: none)")
    .option(...NAME_WRAPPER_OPTION)
    .option("--although-foreign", "take off a resolver that is not one of Signpost's as well")
    .action(async (text: string, flags: DetachFlags, command: Command) => {
      const name = normalizeName(text);
      await onChain(flags, async (connection) => {
        await detach(name, flags, connection, command, input);
      });
    });
}

async function detach(
  name: string,
  flags: DetachFlags,
  connection: Connection,
  command: Command,
  input: TerminalInput,
): Promise<void> {
  const chainId = connection.chainId.toString();
  const successor = flags.to === undefined ? null : await successorAt(connection, flags.to);
  await carryOut(
    {
      plan: (account) => planOf(name, flags, connection, successor, account),
      readBack: async () => placeFields(await readNamePlace(connection, flags, name)),
      facts: () => ({ chainId, name, resolver: successor?.address ?? null }),
      lookAgain: () => `signpost doctor ${name}${chainAgain(flags)}`,
      nextSteps: () => (successor === null ? [] : [`signpost doctor ${name}${chainAgain(flags)}`]),
    },
    { connection, flags, terminal: terminalOf(command, input) },
  );
}

async function planOf(
  name: string,
  flags: DetachFlags,
  connection: Connection,
  successor: Successor | null,
  account: string | null,
): Promise<Plan> {
  const place = await readNamePlace(connection, flags, name);
  const known = knownOf(place);
  const detached = alreadyDetached(known, successor);
  if (detached !== null) return detached;
  const { resolver } = known;
  const isOurs = resolver !== null && (await isOffchainResolver(connection.chain(), resolver));
  if (!isOurs && !flags.althoughForeign) throw foreignResolver(name, resolver);
  const right = await rightTo(connection, place, account);
  const served = isOurs ? await namesServed(name, { chainId: connection.chainId, resolver }) : null;
  return detachPlan(right, successor, served);
}

/** @throws TRANSACTION_REFUSED when there is no contract */
async function successorAt(connection: Connection, text: string): Promise<Successor> {
  const address = addressOf(text);
  const contract = parseAddress(address);
  if (!(await hasCode(connection.chain(), contract))) {
    throw refused(
      `there is no contract at ${address} on this chain. Check --to and --rpc; without --to the name gets no resolver.`,
    );
  }
  const isExtended = await claimsInterface(connection.chain(), contract, EXTENDED_RESOLVER_ID);
  return { address, isExtended };
}
