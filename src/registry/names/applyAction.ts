/**
 * What an action makes of a name: a pure function of the state, the action, its authority and the time. It
 * throws what refuses the action. The rules of who may do what stand in `authorityRules`.
 */
import { sameBytes } from "../../abi/bytes.js";
import { DM3_PROFILE_KEY } from "../../dm3/profile/profileRecord.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import type { NameRecords } from "../../ens/records.js";
import { SignpostError } from "../../errors.js";
import type { Action } from "./action.js";
import type { Authority } from "./authority.js";
import { assertMayChange } from "./authorityRules.js";
import { ownerOf } from "./nameOwner.js";
import { noSuchName, supersededProfile } from "./nameRefusals.js";
import { DM3_KEYS } from "./ownRecords.js";
import type { EffectSituation, Situation } from "./situation.js";
import {
  withCertificate,
  withNetwork,
  withoutCertificate,
  withoutFormerStatements,
  withoutNetwork,
  withoutRelayNode,
  withRelayNode,
} from "./statements.js";
import { emptyName, type StoredName } from "./storedName.js";
import { assertTwinsAreItsOwners } from "./twinRules.js";

/** The name as it is afterwards, null when it is gone. The same as before where there is nothing to change. */
export function applyAction(
  situation: Situation,
  action: Action,
  authority: Authority,
): StoredName | null {
  assertMayChange(situation, action, authority);
  const after = effectOf(situation, action, authority.kind);
  assertTwinsAreItsOwners(situation, after);
  return after;
}

/** The same without the rules of who may do what. */
export function effectOf(
  situation: EffectSituation,
  action: Action,
  by: Authority["kind"],
): StoredName | null {
  const after = result(situation, action, by);
  // from an owner's first signature on, the name is theirs
  return after && (by === "owner" || by === "writer") ? { ...after, held: true } : after;
}

function result(
  situation: EffectSituation,
  action: Action,
  by: Authority["kind"],
): StoredName | null {
  const { node, name, domain, current, nowMs } = situation;
  // under the domain that holds it now: a more specific one may have been added since
  const kept = ofItsAddress({
    ...(current ?? emptyName(node, name, domain.name)),
    domain: domain.name,
  });
  switch (action.kind) {
    case "create":
      return kept;
    case "claim":
      return withoutFormerStatements(kept, withAddress(kept, action.owner));
    case "publishProfile":
      return withProfile(situation, kept, action, by);
    case "deleteProfile":
      return withoutProfile(situation, kept);
    case "setRecords":
      return { ...kept, ...action.records, ...signedFor(kept, action.records) };
    case "registerRelayNode":
      return withRelayNode(kept, action);
    case "removeRelayNode":
      return withoutRelayNode(kept);
    case "registerNetwork":
      return withNetwork(kept, action.statement);
    case "removeNetwork":
      return withoutNetwork(kept);
    case "publishCertificate":
      return withCertificate(kept, action);
    case "removeCertificate":
      return withoutCertificate(kept, action.scheme);
    case "move":
      // whatever the former owner had there, payment addresses above all, is not the new one's
      return withAddress(emptyName(node, name, domain.name), action.to);
    case "delete":
    case "withdraw":
      return null;
    case "suspend":
      return suspended(existing(situation), action.reason, by, nowMs);
    case "handOver":
      return existing(situation);
    case "unsuspend":
      return { ...existing(situation), suspension: null };
  }
}

/** A name that is made of an address is that wallet's from its first moment on, whoever makes it. */
function ofItsAddress(name: StoredName): StoredName {
  const owner = ownerOf(name);
  return owner && !name.addresses.has(COIN_TYPE_ETH) ? withAddress(name, owner) : name;
}

function withAddress(name: StoredName, address: Address): StoredName {
  return { ...name, addresses: new Map(name.addresses).set(COIN_TYPE_ETH, address) };
}

function withProfile(
  { isRetired }: EffectSituation,
  kept: StoredName,
  { address, record, fingerprint }: Action & { kind: "publishProfile" },
  by: Authority["kind"],
): StoredName {
  assertBoundTo(kept, address);
  if (kept.profileFingerprint && sameBytes(kept.profileFingerprint, fingerprint)) return kept;
  // an owner's request has a sequence: whoever kept the profile cannot bring it back, but its owner can (decision 3)
  if (isRetired && by !== "owner") throw supersededProfile(kept.name);
  return withoutFormerStatements(kept, {
    ...withAddress(kept, address),
    texts: new Map(kept.texts).set(DM3_PROFILE_KEY, record),
    profileFingerprint: fingerprint,
  });
}

/** The name keeps its address: nobody else can publish under it. */
function withoutProfile({ name }: EffectSituation, kept: StoredName): StoredName {
  if (!kept.profileFingerprint) {
    throw new SignpostError("NOT_FOUND", `The name ${name} has no profile to delete.`, { name });
  }
  const texts = new Map(kept.texts);
  texts.delete(DM3_PROFILE_KEY);
  return withoutFormerStatements(kept, { ...kept, texts, profileFingerprint: null });
}

function suspended(
  name: StoredName,
  reason: string,
  kind: Authority["kind"],
  atMs: number,
): StoredName {
  const by = kind === "admin" ? "admin" : "service";
  const { suspension } = name;
  if (suspension?.by === by && suspension.reason === reason) return name;
  return { ...name, suspension: { by, reason, atMs } };
}

/** The given kinds with those of their records that follow from what a wallet signed. */
function signedFor(
  kept: StoredName,
  { addresses, texts }: Partial<NameRecords>,
): Partial<NameRecords> {
  const owner = ownerOf(kept);
  const dm3Texts = [...kept.texts].filter(([key]) => key.startsWith(DM3_KEYS));
  return {
    ...(addresses && owner && { addresses: new Map([...addresses, [COIN_TYPE_ETH, owner]]) }),
    ...(texts && { texts: new Map([...texts, ...dm3Texts]) }),
  };
}

function existing({ current, name, domain }: EffectSituation): StoredName {
  if (current) return { ...current, domain: domain.name };
  throw noSuchName(name);
}

/** Nobody moves a name by publishing under it: its first address stays. */
function assertBoundTo(kept: StoredName, address: Address): void {
  const owner = ownerOf(kept);
  if (owner && !sameBytes(owner, address)) {
    throw new SignpostError(
      "NAME_TAKEN",
      `The name ${kept.name} is owned by ${checksumAddress(owner)}. That wallet has to sign a profile for it.`,
      { name: kept.name, owner: checksumAddress(owner) },
    );
  }
}
