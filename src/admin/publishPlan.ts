/** A profile written into ENS itself: on the resolver of the name, without a service. */
import { Interface, namehash } from "ethers";
import type { FormerText } from "../chain/formerTexts.js";
import { refused, type UnsentTransaction, unsentTransaction } from "../chain/unsentTransaction.js";
import { parseRecord } from "../dm3/profile/parseRecord.js";
import { parseSignedUserProfile, type SignedUserProfile } from "../dm3/profile/profile.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../dm3/profile/profileRecord.js";
import { isSignpostError, type SignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { type Fields, type Plan, unchanged } from "./change.js";

const RESOLVER = new Interface([
  "function setText(bytes32 node, string key, string value)",
  "function setAddr(bytes32 node, address a)",
  "function multicall(bytes[] data) returns (bytes[] results)",
]);

/** What the resolver says of the name now. */
export interface PublishedState {
  /** addr(60), checksummed. */
  readonly address: string | null;
  /** The text of `network.dm3.profile`. */
  readonly record: string | null;
}

export interface WantedProfile {
  readonly name: string;
  /** Checksummed. */
  readonly resolver: string;
  /** Null removes the record. */
  readonly signed: SignedUserProfile | null;
  /** The address that the name gets beside it, checksummed; null leaves it. */
  readonly address: string | null;
}

/** Empty where the resolver has all of it already. The address comes first: a profile without it counts for nothing. */
export function missingWrites(wanted: WantedProfile, state: PublishedState): UnsentTransaction[] {
  const { name, resolver, signed, address } = wanted;
  const node = namehash(name);
  const record = recordOf(signed);
  const write = (method: string, ...values: string[]) =>
    unsentTransaction(RESOLVER, resolver, method, [node, ...values]);
  return [
    ...(address === null || address === state.address ? [] : [write("setAddr", address)]),
    ...(record === (state.record ?? "") ? [] : [write("setText", DM3_PROFILE_KEY, record)]),
  ];
}

/** Several writes in one transaction. */
export function allAtOnce(
  resolver: string,
  writes: readonly UnsentTransaction[],
): UnsentTransaction {
  return unsentTransaction(RESOLVER, resolver, "multicall", [writes.map(({ data }) => data)]);
}

export function alreadyPublished({ name, signed }: WantedProfile): Plan {
  return unchanged(
    signed === null
      ? `${name} has no record ${DM3_PROFILE_KEY}.`
      : `${name} has exactly this profile already.`,
  );
}

/**
 * @param transactions one, or two for a resolver that takes no two writes at once
 * @param notes what to know of the name and of the relay nodes: sentences
 */
export function publishPlan(
  wanted: WantedProfile,
  state: PublishedState,
  sender: string,
  [first, second]: readonly [UnsentTransaction, UnsentTransaction?],
  notes: readonly string[],
): Plan {
  const { name, resolver, signed, address } = wanted;
  return {
    kind: "change",
    change: {
      title: `${signed === null ? "Remove" : "Publish"} the DM3 profile of ${name} on its resolver ${resolver}`,
      transaction: second ?? first,
      ...(second === undefined ? {} : { earlier: first }),
      sender,
      before: { address: listOf(state.address), ...profileFields(signedIn(state.record)) },
      after: {
        ...(signed === null ? {} : { address: listOf(address ?? state.address) }),
        ...profileFields(signed),
      },
      notes: [
        ...noteOfOther(state.record),
        ...noteOfAddress(wanted, state),
        ...noteOfKeys(signed, signedIn(state.record)),
        ...(second === undefined ? [] : [TWO_TRANSACTIONS]),
        ...notes,
      ],
    },
  };
}

export function profileFields(
  signed: Pick<SignedUserProfile, "profile" | "signature"> | null,
): Fields {
  return {
    publicEncryptionKey: listOf(signed?.profile.publicEncryptionKey),
    publicSigningKey: listOf(signed?.profile.publicSigningKey),
    deliveryServices: signed?.profile.deliveryServices ?? [],
    signature: listOf(signed?.signature),
  };
}

function listOf(value: string | null | undefined): readonly string[] {
  return value == null ? [] : [value];
}

/** As text; empty for none. */
export function recordOf(signed: SignedUserProfile | null): string {
  return signed === null ? "" : encodeProfileRecord(signed);
}

/** TRANSACTION_REFUSED for a profile that was there before; null where it was not. */
export function refusalOfOlder(name: string, former: FormerText): SignpostError | null {
  if (former === null || former === "unknown") return null;
  return refused(
    `exactly this profile was published for ${name} before, in block ${former.toString()}, and replaced or removed since. Publish the newest one; or use --although-older to put this one back.`,
    { name, blockNumber: former.toString() },
  );
}

export function noteOfFormer(former: FormerText): string[] {
  return former === "unknown"
    ? [
        "The RPC node does not tell what was published before, and a profile carries no date. Make sure that this is the newest one.",
      ]
    : [];
}

/** TRANSACTION_REFUSED: the resolver does not take it from this account. */
export function refusalToWrite(
  { name, resolver }: WantedProfile,
  { account, owner }: { readonly account: string; readonly owner: string | null },
  { message, details }: SignpostError,
): SignpostError {
  const reason = message.replace(/^Nothing was sent: /, "");
  const who =
    owner === null
      ? "Its owner can do it"
      : account === owner
        ? `${owner} owns the name, so the resolver is of a kind that knows other owners (older than the NameWrapper, or somebody else's): give the name ENS's present public resolver in the ENS app, and try again; otherwise it can be done`
        : `The owner ${owner} can do it`;
  return refused(
    `the resolver ${resolver} does not let ${account} write the records of ${name}. ${reason} ${who}, or an account with the right there: on ENS's public resolver one that was approved, in ENSv2 one with ROLE_SET_TEXT (and ROLE_SET_ADDR).`,
    { ...details, name, resolver, account, owner },
  );
}

const TWO_TRANSACTIONS =
  "The resolver takes one write at a time: the address is set first, by a transaction of its own. If only that succeeds, run this again.";

function noteOfOther(record: string | null): string[] {
  if (record === null || signedIn(record) !== null) return [];
  return [`What is there now holds no profile that we can compare: ${foreignText(record, 200)}`];
}

function noteOfAddress({ name, address }: WantedProfile, state: PublishedState): string[] {
  if (address === null || state.address === null || address === state.address) return [];
  return [
    `What is sent to ${name}, payments among it, goes to ${address} from then on, no longer to ${state.address}.`,
  ];
}

function noteOfKeys(next: SignedUserProfile | null, now: SignedUserProfile | null): string[] {
  if (now === null) return [];
  if (next === null) return ["Nobody can write to the name any more."];
  return next.profile.publicEncryptionKey === now.profile.publicEncryptionKey
    ? []
    : ["The encryption key changes: what was sent before can be read with the old key alone."];
}

/** The profile that stands in the record itself, in good form; null for none, links and anything else. */
function signedIn(record: string | null): SignedUserProfile | null {
  if (record === null) return null;
  try {
    const parsed = parseRecord(record);
    return parsed.kind === "data" ? parseSignedUserProfile(parsed.json) : null;
  } catch (error) {
    if (isSignpostError(error, "INVALID_PROFILE")) return null;
    throw error;
  }
}
