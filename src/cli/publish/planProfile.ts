/** What `signpost publish --onchain` finds out before it asks: every reason why clients would not see the profile. */
import type { Plan } from "../../admin/change.js";
import {
  allAtOnce,
  alreadyPublished,
  missingWrites,
  noteOfFormer,
  publishPlan,
  recordOf,
  refusalOfOlder,
  refusalToWrite,
  type WantedProfile,
} from "../../admin/publishPlan.js";
import { checksummed } from "../../chain/checksummed.js";
import type { Connection } from "../../chain/connection.js";
import { type FormerText, formerText } from "../../chain/formerTexts.js";
import { rehearse } from "../../chain/rehearsal.js";
import { refused, type UnsentTransaction } from "../../chain/unsentTransaction.js";
import type { SignedUserProfile } from "../../dm3/profile/profile.js";
import { DM3_PROFILE_KEY } from "../../dm3/profile/profileRecord.js";
import { assertSignedBy } from "../../dm3/profile/profileSignature.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import type { ResolvableName } from "../../ens/resolvableName.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import { differenceText, namedBy } from "../../lookup/namedBy.js";
import { assertVouchedFor } from "../../lookup/profileTransaction.js";
import { type RecordsOnChain, recordsOnChain } from "../../lookup/recordsOnChain.js";
import { type ResolveOptions, resolveSettings } from "../../lookup/resolveOptions.js";
import { resolverInV1 } from "../../lookup/resolverInV1.js";
import { resolveRelayNode } from "../../sdk/node.js";
import type { EnsFlags } from "../ensOptions.js";
import { nameOwner } from "./nameOwner.js";

export interface Publishing {
  readonly connection: Connection;
  readonly ens: EnsFlags;
  /** As clients resolve the name. */
  readonly options: ResolveOptions;
  readonly asked: ResolvableName;
  /** Null removes the record. */
  readonly signed: SignedUserProfile | null;
  /** The address that the name gets beside it; null leaves it. */
  readonly setAddress: string | null;
  readonly althoughOlder: boolean;
}

/**
 * @param account who acts; null for a proposal by the owner
 * @throws NOT_WRITABLE, INVALID_PROFILE, WRONG_SIGNER, TRANSACTION_REFUSED, UNREACHABLE
 */
export async function planProfile(publishing: Publishing, account: string | null): Promise<Plan> {
  const { connection, ens, options, asked, signed, setAddress } = publishing;
  const { name } = asked;
  const records = await recordsOnChain(resolveSettings(options), asked);
  if (signed !== null) assertTrusted(publishing, records, signed);
  const resolver = checksumAddress(records.resolver);
  const wanted = { name, resolver, signed, address: setAddress };
  const state = { address: checksummed(records.address), record: records.profileRecord };
  const [first, ...rest] = missingWrites(wanted, state);
  if (first === undefined) return alreadyPublished(wanted);
  const former = await formerProfile(publishing, records);
  const { owner, notes } = await nameOwner(connection, ens, name);
  const sender = account ?? owner;
  if (sender === null) throw unknownOwner(name);
  const transactions = await rehearsed(connection, wanted, { account: sender, owner }, [
    first,
    ...rest,
  ]);
  return publishPlan(wanted, state, sender, transactions, [
    ...noteOfFormer(former),
    ...(await noteOfV1(publishing, records)),
    ...(await notesOfRelayNodes(signed, options)),
    ...notes,
  ]);
}

/** Throws what clients would make of it: INVALID_PROFILE for a name without an address, WRONG_SIGNER. */
function assertTrusted(
  { asked, setAddress }: Publishing,
  records: RecordsOnChain,
  signed: SignedUserProfile,
): void {
  if (setAddress !== null) {
    assertSignedBy(parseAddress(setAddress), signed);
    return;
  }
  try {
    assertVouchedFor(asked.name, records, signed);
  } catch (error) {
    if (!isSignpostError(error, "INVALID_PROFILE", "WRONG_SIGNER")) throw error;
    const advice = `If another wallet signed, and ${asked.name} is to get its address, add --set-address <address>.`;
    throw new SignpostError(error.code, `${error.message} ${advice}`, error.details);
  }
}

/** Throws TRANSACTION_REFUSED for a profile that was replaced or removed before. */
async function formerProfile(
  { connection, asked, signed, althoughOlder }: Publishing,
  { resolver, profileRecord }: RecordsOnChain,
): Promise<FormerText> {
  const record = recordOf(signed);
  if (signed === null || record === profileRecord || althoughOlder) return null;
  const place = { resolver, node: asked.node, key: DM3_PROFILE_KEY };
  const former = await formerText(connection.chain(), place, record);
  const refusal = refusalOfOlder(asked.name, former);
  if (refusal !== null) throw refusal;
  return former;
}

interface Writer {
  readonly account: string;
  readonly owner: string | null;
}

/** All writes in one transaction where the resolver takes them so. Throws TRANSACTION_REFUSED. */
async function rehearsed(
  connection: Connection,
  wanted: WantedProfile,
  writer: Writer,
  [first, second]: readonly [UnsentTransaction, ...UnsentTransaction[]],
): Promise<[UnsentTransaction, UnsentTransaction?]> {
  await assertTaken(connection, wanted, writer, first);
  if (second === undefined) return [first];
  await assertTaken(connection, wanted, writer, second);
  const both = allAtOnce(wanted.resolver, [first, second]);
  return (await takes(connection, writer.account, both)) ? [both] : [first, second];
}

async function assertTaken(
  { provider }: Connection,
  wanted: WantedProfile,
  writer: Writer,
  transaction: UnsentTransaction,
): Promise<void> {
  try {
    await rehearse(provider, writer.account, transaction);
  } catch (error) {
    if (!isSignpostError(error, "TRANSACTION_REFUSED")) throw error;
    throw refusalToWrite(wanted, writer, error);
  }
}

const NOTHING_RETURNED = "0x";

/** A contract may take any call and do nothing; multicall returns what each write does. */
async function takes(
  { provider }: Connection,
  account: string,
  transaction: UnsentTransaction,
): Promise<boolean> {
  try {
    return (await rehearse(provider, account, transaction)) !== NOTHING_RETURNED;
  } catch (error) {
    if (isSignpostError(error, "TRANSACTION_REFUSED")) return false;
    throw error;
  }
}

/** Where ENSv1 names another resolver than ENSv2, as after a sale, what is written here is not seen by all. */
async function noteOfV1(
  { connection, asked }: Publishing,
  { finding }: RecordsOnChain,
): Promise<string[]> {
  const inV1 = await resolverInV1(connection.chain(), asked, finding);
  const difference = differenceText(namedBy(finding, inV1)).trim();
  return difference === "" ? [] : [difference];
}

async function notesOfRelayNodes(
  signed: SignedUserProfile | null,
  options: ResolveOptions,
): Promise<string[]> {
  const names = signed?.profile.deliveryServices ?? [];
  const outcomes = await Promise.all(names.map((name) => resolveRelayNode(name, options)));
  return outcomes
    .filter(({ status }) => status !== "found")
    .map(
      ({ name, sentence }) =>
        `The relay node ${name} cannot be used now, so nothing reaches the name through it. ${sentence}`,
    );
}

function unknownOwner(name: string): SignpostError {
  return refused(`who owns ${name} cannot be told. Name with --safe who will send it.`, { name });
}
