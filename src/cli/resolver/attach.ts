/** `signpost resolver attach`: names the resolver of a name, in ENSv1 or ENSv2. */
import type { Command } from "commander";
import { toHex } from "../../abi/hex.js";
import { alreadyAttached, attachPlan } from "../../admin/attachPlan.js";
import type { Plan } from "../../admin/change.js";
import { notesOfHidden } from "../../admin/hiddenNotes.js";
import { assertNotLost } from "../../admin/registrationNotes.js";
import type { Connection } from "../../chain/connection.js";
import { hiddenNames } from "../../chain/hiddenNames.js";
import { refused } from "../../chain/unsentTransaction.js";
import { parseAddress } from "../../ens/address.js";
import { normalizeName } from "../../ens/normalize.js";
import { EXTENDED_RESOLVER_ID } from "../../lookup/callResolver.js";
import { claimsInterface } from "../../lookup/contractView.js";
import type { EnsContracts } from "../../lookup/findResolver.js";
import { universalResolverIn } from "../../lookup/resolveOptions.js";
import { ensOptions } from "../ensOptions.js";
import { publishedNames } from "../publishedNames.js";
import { carryOut } from "./carryOut.js";
import { ensRegistryOf, onChain } from "./chainOptions.js";
import { type SettingFlags, settingOptions } from "./changeSetting.js";
import { chainAgain } from "./flagsAgain.js";
import {
  knownOf,
  NAME_WRAPPER_OPTION,
  type NameFlags,
  type NamePlace,
  placeFields,
  readNamePlace,
  rightTo,
} from "./namePlace.js";
import { resolverAddress } from "./resolverAddress.js";
import { type TerminalInput, terminalOf } from "./terminal.js";

type AttachFlags = SettingFlags & NameFlags & { readonly althoughLost?: true };

export function attachCommand(resolver: Command, input: TerminalInput): void {
  settingOptions(resolver.command("attach"))
    .description("let a name, and all names below it, be answered by the resolver")
    .argument("<name>", "the ENS name, e.g. users.example.eth")
    .option(...NAME_WRAPPER_OPTION)
    .option("--although-lost", "attach a name whose registration and grace period have ended")
    .action(async (text: string, flags: AttachFlags, command: Command) => {
      const name = normalizeName(text);
      await onChain(flags, async (connection) => {
        await attach(name, flags, connection, command, input);
      });
    });
}

async function attach(
  name: string,
  flags: AttachFlags,
  connection: Connection,
  command: Command,
  input: TerminalInput,
): Promise<void> {
  const chainId = connection.chainId.toString();
  const resolver = await resolverAddress(connection, flags);
  const readPlace = () => readNamePlace(connection, flags, name);
  await carryOut(
    {
      plan: async (account) => {
        const place = await readPlace();
        if (place.kind === "v1" && !flags.althoughLost) assertNotLost(place.facts);
        const below = await notesOfNamesBelow(connection, flags, name, resolver);
        return await planOf(connection, place, resolver, below, account);
      },
      readBack: async () => placeFields(await readPlace()),
      facts: () => ({ chainId, name, resolver }),
      lookAgain: () => `signpost doctor ${name}${chainAgain(flags)}`,
      nextSteps: () => [`signpost doctor ${name}${chainAgain(flags)}`],
    },
    { connection, flags, terminal: terminalOf(command, input) },
  );
}

async function planOf(
  connection: Connection,
  place: NamePlace,
  resolver: string,
  below: readonly string[],
  account: string | null,
): Promise<Plan> {
  const attached = alreadyAttached(knownOf(place), resolver, below);
  if (attached !== null) return attached;
  if (!(await claimsInterface(connection.chain(), parseAddress(resolver), EXTENDED_RESOLVER_ID))) {
    throw refused(
      `${resolver} does not answer for names below another: it does not claim ENSIP-10's interface ${toHex(EXTENDED_RESOLVER_ID)}. Check the address and --rpc.`,
    );
  }
  return attachPlan(await rightTo(connection, place, account), resolver, below);
}

/** Of the names that the service of this folder publishes, those that this does not bring to the resolver. */
async function notesOfNamesBelow(
  { chainId, chain }: Connection,
  flags: AttachFlags,
  domain: string,
  resolver: string,
): Promise<string[]> {
  const published = await publishedNames(domain);
  if (published.kind !== "names") return notesOfHidden(published, []);
  const here = { domain, resolvers: [parseAddress(resolver)] };
  const hidden = await hiddenNames(chain(), ensAt(chainId, flags), here, published.names);
  return notesOfHidden(published, hidden);
}

function ensAt(chainId: bigint, flags: AttachFlags): EnsContracts {
  return {
    ensRegistry: parseAddress(ensRegistryOf(chainId, flags)),
    universalResolver: universalResolverIn(ensOptions(flags)),
  };
}
