/** Where a name's resolver is set, read from the chain: in ENSv1, or in the registry of ENSv2 that decides over it. */
import type { Fields } from "../../admin/change.js";
import { nameFields, type NameRight } from "../../admin/nameRight.js";
import { registrationNotes } from "../../admin/registrationNotes.js";
import { type ClaimInV1, nameHolder, rightInV1 } from "../../admin/rightInV1.js";
import { expiryNotes, rightInV2 } from "../../admin/rightInV2.js";
import { checksummed } from "../../chain/checksummed.js";
import type { Connection } from "../../chain/connection.js";
import { type EntryInV2, maySetResolverInV2, readEntryInV2 } from "../../chain/ensV2.js";
import { isApproved, type NameFacts, readNameFacts } from "../../chain/nameFacts.js";
import { assertNameWrapperOf } from "../../chain/nameWrapper.js";
import { mayReclaim } from "../../chain/registration.js";
import { type Address, parseAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { universalResolverIn } from "../../lookup/resolveOptions.js";
import { askUniversalResolver } from "../../lookup/universalResolver.js";
import { type EnsFlags, ensOptions } from "../ensOptions.js";
import { assertAgreesWithV1 } from "./assertAgreesWithV1.js";
import { addressOf, ensRegistryOf } from "./chainOptions.js";

export const NAME_WRAPPER_OPTION = [
  "--name-wrapper <address>",
  "NameWrapper to be checked (default: the one that has the name, found by itself)",
] as const;

export interface NameFlags extends EnsFlags {
  readonly nameWrapper?: string;
}

export type NamePlace =
  | { readonly kind: "v1"; readonly facts: NameFacts }
  | {
      readonly kind: "v2";
      readonly name: string;
      readonly entry: EntryInV2;
      readonly resolver: string | null;
    };

/** @throws INVALID_REQUEST for flags that name wrong contracts, UNREACHABLE when the node fails */
export async function readNamePlace(
  connection: Connection,
  flags: NameFlags,
  name: string,
): Promise<NamePlace> {
  const chain = connection.chain();
  const universalResolver = universalResolverIn(ensOptions(flags));
  const entry =
    universalResolver === null ? undefined : await readEntryInV2(chain, universalResolver, name);
  if (universalResolver !== null && entry) {
    const resolver = await resolverOf(connection, universalResolver, name);
    return { kind: "v2", name, entry, resolver };
  }
  const registry = ensRegistryOf(connection.chainId, flags);
  const facts = await readNameFacts(chain, registry, name);
  if (flags.nameWrapper !== undefined) {
    const wrapper = parseAddress(addressOf(flags.nameWrapper));
    await assertNameWrapperOf(chain, wrapper, parseAddress(registry));
  }
  if (universalResolver !== null && entry === undefined) {
    await assertAgreesWithV1(chain, { universalResolver, registry, name });
  }
  return { kind: "v1", facts };
}

/** The resolver that ENS names for exactly this name. */
async function resolverOf(
  connection: Connection,
  universalResolver: Address,
  name: string,
): Promise<string | null> {
  const asked = resolvableName(name);
  const found = (await askUniversalResolver(connection.chain(), universalResolver, asked))
    ?.resolver;
  return found?.registeredName === asked.name ? checksummed(found.address) : null;
}

/** What is known of the name before anybody's right to it. */
export function knownOf(place: NamePlace): Pick<NameRight, "name" | "resolver" | "notes"> {
  if (place.kind === "v2") return { ...place, notes: expiryNotes(place.entry) };
  const { name, resolver } = place.facts;
  return { name, resolver, notes: registrationNotes(place.facts) };
}

export function placeFields(place: NamePlace): Fields {
  return nameFields(knownOf(place));
}

/**
 * @param account who acts; null for a proposal by whoever has the right
 * @throws TRANSACTION_REFUSED when the account, or anybody, has no right to the name
 */
export async function rightTo(
  connection: Connection,
  place: NamePlace,
  account: string | null,
): Promise<NameRight> {
  const chain = connection.chain();
  if (place.kind === "v1") return rightInV1(await claimInV1(connection, place.facts, account));
  const may = async (one: string | null) =>
    one !== null && (await maySetResolverInV2(chain, place.entry, one));
  const { owner } = place.entry;
  return rightInV2({
    ...place,
    account,
    accountMay: await may(account),
    ownerMay: await may(owner),
  });
}

async function claimInV1(
  connection: Connection,
  facts: NameFacts,
  account: string | null,
): Promise<ClaimInV1> {
  const chain = connection.chain();
  const holder = nameHolder(facts);
  const { owner, contract } = holder;
  const sender = account ?? owner;
  const { registration } = facts;
  return {
    facts,
    holder,
    account: sender,
    isApproved: sender !== owner && (await isApproved(chain, contract, owner, sender)),
    mayReclaim: registration !== null && (await mayReclaim(chain, registration, sender)),
  };
}
