/**
 * What comes of a verified name at an installation that may know it already: the one function by which import and mirror
 * apply marks and further entries. A longer history of ours stays, one that extends ours is appended, a fork changes nothing.
 */
import { sameBytes } from "../../abi/bytes.js";
import type { Digest } from "../../abi/digest.js";
import { fromHex, toHex } from "../../abi/hex.js";
import { checksumAddress } from "../../ens/address.js";
import { isSignpostError } from "../../errors.js";
import { isInForce } from "../../registry/domains/reservation.js";
import type { SealedEntry } from "../../registry/history/historyEntry.js";
import type { KnownName, NameChange } from "../../registry/history/lockedName.js";
import { isSigned } from "../../registry/history/recordedAuthority.js";
import { ownerOf } from "../../registry/names/nameOwner.js";
import { nameState, stateDigest } from "../../registry/names/nameState.js";
import type { StoredName } from "../../registry/names/storedName.js";
import { assertTwinsAreItsOwners } from "../../registry/names/twinRules.js";
import type { NameArrival } from "../verify/nameArrival.js";

export type Arrived =
  /** `change` is what to write; null where only marks may be new. */
  | { readonly outcome: "imported"; readonly change: NameChange }
  | { readonly outcome: "unchanged" }
  /** What is here is newer: its history goes on behind the end of this one, or its marks are higher. */
  | { readonly outcome: "kept" }
  /** Neither history is the beginning of the other. */
  | { readonly outcome: "conflict"; readonly reason: string }
  | { readonly outcome: "refused"; readonly reason: string };

export interface Arriving {
  readonly arrival: NameArrival;
  /** The domain that the arrival is of. */
  readonly domain: string;
  readonly nowMs: number;
  /** Where our history is longer: the hash of our entry at the arrival's last number; null where it is not. */
  readonly ourHashThere: Digest | null;
  /** `<chain id> <address>` of the resolvers that answer for the domain here: wallets sign for those. */
  readonly resolvers: ReadonlySet<string>;
  /** Numbers of entries that a chain was asked about, and that its contract wallet accepted. */
  readonly acceptedByChain: ReadonlySet<number>;
}

/** Under the lock of the name. */
export function decideArrival(known: KnownName, arriving: Arriving): Arrived {
  const { arrival } = arriving;
  const { end: theirs, state } = arrival;
  // before anything is said of it: its marks are written also where it is unchanged
  const misplaced = faultOfPlace(known, arriving);
  if (misplaced !== null) return { outcome: "refused", reason: misplaced };
  const { end: ours, stored } = known;
  const digest = (name: StoredName | null) => stateDigest(name && nameState(name));
  const isSameState = sameBytes(digest(stored), digest(state));

  if (theirs === null) {
    if (ours !== null) return { outcome: "kept" };
    if (stored === null && state !== null) return taken(known, arriving, []);
    return isSameState ? { outcome: "unchanged" } : conflict("a row without a history is here");
  }
  if (ours === null && stored !== null && !isSameState) {
    return conflict("a row without a history is here");
  }
  if (ours !== null && ours.number > theirs.number) {
    const { ourHashThere } = arriving;
    const isBeginning = ourHashThere !== null && sameBytes(ourHashThere, theirs.hash);
    return isBeginning ? { outcome: "kept" } : fork();
  }
  const there = arrival.entries[(ours?.number ?? 0) - 1];
  if (ours !== null && (!there || !sameBytes(there.hash, ours.hash))) return fork();
  if (ours !== null && !sameBytes(ours.after, digest(stored))) {
    return conflict("the row here was changed without Signpost");
  }
  if (ours?.number === theirs.number) return { outcome: "unchanged" };
  if (known.signatureState.sequence > arrival.signatureState.sequence) return { outcome: "kept" };
  return taken(known, arriving, arrival.entries.slice(ours?.number ?? 0));
}

/** What further entries must not do here; null where they may be appended. */
function taken(known: KnownName, arriving: Arriving, entries: readonly SealedEntry[]): Arrived {
  const { arrival } = arriving;
  const fault =
    (known.end === null ? null : faultOfFurther(known, arriving, entries)) ??
    faultOfProfile(known, arriving, entries) ??
    faultOfOwner(known, arriving);
  if (fault !== null) return { outcome: "refused", reason: fault };
  const { state: after, signatureState, end, marks } = arrival;
  const change = { after, retired: marks.retired, signatureState, entries, end };
  return { outcome: "imported", change };
}

/** Of a name that is gone as well: whoever has the domain above could delete it, or mark its profiles. */
function faultOfPlace({ domain }: KnownName, { domain: its }: Arriving): string | null {
  if (domain?.name === its) return null;
  return domain === null
    ? "it lies under an alias here, or under no domain"
    : `here it lies under the domain ${domain.name}`;
}

/** Further entries of a name that is known here: an owner of it must have signed them for this registry. */
function faultOfFurther(
  { stored }: KnownName,
  { resolvers, acceptedByChain }: Arriving,
  entries: readonly SealedEntry[],
): string | null {
  for (const { entry } of entries) {
    const { authority, number } = entry;
    if (entry.operation === "withdraw" && stored?.held === true) {
      return `entry ${number} ends it with the domain of another installation, and its owner holds it here`;
    }
    if (!isSigned(authority)) continue;
    if (!resolvers.has(resolverKey(authority.chainId, authority.resolver))) {
      return `entry ${number} was signed for the resolver ${authority.resolver} on chain ${authority.chainId}, which does not answer for the domain here`;
    }
    if (authority.acceptedAtBlock !== undefined && !acceptedByChain.has(number)) {
      return `entry ${number} was signed by a contract wallet, and its chain was not asked; give --rpc`;
    }
  }
  return null;
}

/** What was replaced or deleted here does not come back, unless its owner signed for that. */
function faultOfProfile(
  { stored, isRetired }: KnownName,
  { arrival: { state } }: Arriving,
  entries: readonly SealedEntry[],
): string | null {
  const shown = state?.profileFingerprint ?? null;
  if (shown === null || !isRetired) return null;
  const before = stored?.profileFingerprint ?? null;
  if (before !== null && sameBytes(before, shown)) return null;
  const bringing = entries.findLast(({ entry: { change } }) => {
    const { profileFingerprint } = ("to" in change ? change.to : change.patch) ?? {};
    return profileFingerprint === toHex(shown);
  });
  return bringing?.entry.authority.kind === "owner"
    ? null
    : "it brings back a profile that was replaced or deleted here";
}

/** `<chain id> <address>`, as `Arriving.resolvers` has it. */
export function resolverKey(chainId: string, resolver: string): string {
  return `${chainId} ${toHex(fromHex(resolver))}`;
}

/** Twins and reservations of here. */
function faultOfOwner(known: KnownName, { arrival, nowMs }: Arriving): string | null {
  const { name, node, state, signatureState } = arrival;
  const { domain, reservation, stored } = known;
  const owner = state && ownerOf(state);
  if (!owner || domain === null) return null;
  if (stored === null && reservation !== null && isInForce(reservation, domain, nowMs)) {
    const isFor = reservation.wallet !== null && sameBytes(reservation.wallet, owner);
    if (!isFor) return `it is reserved here, and not for ${checksumAddress(owner)}`;
  }
  try {
    assertTwinsAreItsOwners(
      {
        ...{ ...known, ...signatureState, node, name, domain, nowMs },
        ...{ current: stored, hasHistory: known.end !== null },
      },
      state,
    );
    return null;
  } catch (error) {
    if (!isSignpostError(error, "NAME_TAKEN", "NAME_RESERVED")) throw error;
    return error.message;
  }
}

function fork(): Arrived {
  return conflict("the histories here and there went on differently");
}

function conflict(reason: string): Arrived {
  return { outcome: "conflict", reason };
}
