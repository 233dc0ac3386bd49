/** `signpost resolver attach`: names the resolver of a name, in the ENS registry or through the NameWrapper. */
import type { Command } from "commander";
import { toHex } from "../../abi/hex.js";
import {
  alreadyAttached,
  assertNotLost,
  attachPlan,
  nameFields,
  nameHolder,
  notesOfHidden,
} from "../../admin/attachPlan.js";
import type { Plan } from "../../admin/change.js";
import type { Connection } from "../../chain/connection.js";
import { hiddenNames } from "../../chain/hiddenNames.js";
import { isApproved, type NameFacts, readNameFacts } from "../../chain/nameFacts.js";
import { refused } from "../../chain/unsentTransaction.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { normalizeName } from "../../ens/normalize.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { EXTENDED_RESOLVER_ID } from "../../lookup/callResolver.js";
import { claimsInterface } from "../../lookup/contractView.js";
import { type EnsContracts, findResolver } from "../../lookup/findResolver.js";
import { universalResolverIn } from "../../lookup/resolveOptions.js";
import { resolverInV1 } from "../../lookup/resolverInV1.js";
import { ensOptions, UNIVERSAL_RESOLVER_OPTION } from "../ensOptions.js";
import { publishedNames } from "../publishedNames.js";
import { carryOut } from "./carryOut.js";
import { ensOf, onChain, resolverAddress } from "./chainOptions.js";
import { type SettingFlags, settingOptions } from "./changeSetting.js";
import { type TerminalInput, terminalOf } from "./terminal.js";

type AttachFlags = SettingFlags & {
  readonly althoughLost?: true;
  readonly universalResolver?: string;
};

export function attachCommand(resolver: Command, input: TerminalInput): void {
  settingOptions(resolver.command("attach"))
    .description("let a name, and all names below it, be answered by the resolver")
    .argument("<name>", "the ENS name, e.g. users.example.eth")
    .option("--name-wrapper <address>", "NameWrapper (default: the one ENS deployed on the chain)")
    .option(...UNIVERSAL_RESOLVER_OPTION)
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
  const { chainId } = connection;
  const resolver = await resolverAddress(connection, flags);
  const readName = () => readNameFacts(connection.chain(), ensOf(chainId, flags), name);
  await carryOut(
    {
      plan: async (account) => {
        const facts = await readName();
        await assertDecidedInV1(connection, flags, name);
        if (!flags.althoughLost) assertNotLost(facts);
        const below = await notesOfNamesBelow(connection, flags, name, resolver);
        return await planOf(connection, facts, resolver, below, account);
      },
      readBack: async () => nameFields(await readName()),
      facts: () => ({ chainId: chainId.toString(), name, resolver }),
      nextSteps: () => [`signpost doctor ${name}`],
    },
    { connection, flags, terminal: terminalOf(command, input) },
  );
}

async function planOf(
  connection: Connection,
  facts: NameFacts,
  resolver: string,
  below: readonly string[],
  account: string | null,
): Promise<Plan> {
  const attached = alreadyAttached(facts, resolver, below);
  if (attached !== null) return attached;
  if (!(await claimsInterface(connection.chain(), parseAddress(resolver), EXTENDED_RESOLVER_ID))) {
    throw refused(
      `${resolver} does not answer for names below another: it does not claim ENSIP-10's interface ${toHex(EXTENDED_RESOLVER_ID)}. Check the address and --rpc.`,
    );
  }
  const holder = nameHolder(facts);
  const sender = account ?? holder.owner;
  return attachPlan({
    facts,
    holder,
    resolver,
    below,
    account: sender,
    isApproved:
      sender !== holder.owner &&
      (await isApproved(connection.chain(), holder.contract, holder.owner, sender)),
  });
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
    ensRegistry: parseAddress(ensOf(chainId, flags).registry),
    universalResolver: universalResolverIn(ensOptions(flags)),
  };
}

/** A change in ENSv1's registry has no effect on names that were moved to ENSv2. Throws TRANSACTION_REFUSED. */
async function assertDecidedInV1(
  { chainId, chain }: Connection,
  flags: AttachFlags,
  name: string,
): Promise<void> {
  const asked = resolvableName(name);
  const finding = await findResolver(chain(), ensAt(chainId, flags), asked);
  const inV1 = await resolverInV1(chain(), asked, finding);
  if (inV1 === undefined) return;
  const inV2 = finding.resolver === null ? "none" : checksumAddress(finding.resolver.address);
  throw refused(
    `ENSv2 decides over ${name}: its resolver there is ${inV2}, and a transaction to the registry of ENSv1 would change nothing for clients. Set the resolver in the ENS app.`,
    { name },
  );
}
