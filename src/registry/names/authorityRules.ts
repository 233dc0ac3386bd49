/**
 * Who may do what to a name. Each function throws what refuses.
 *
 *   service, admin   everything but claiming and moving, while no owner holds the name; suspending always
 *   admin            handing over to the domain that holds the name now; withdrawing it with its domain
 *   owner            everything about their own name but suspending, by signed requests, each once and in order;
 *                    taking a free name where the policy lets them
 *   writer           the owner, by messages without a sequence: records only
 *   dm3              publishing, and taking one alias, under names that nobody holds, where the policy lets them
 *
 * What an admin suspended, the service cannot change; what anybody suspended, its owner cannot.
 */
import { sameBytes } from "../../abi/bytes.js";
import { toHex } from "../../abi/hex.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import type { Action, ActionKind } from "./action.js";
import type { Authority, OwnersSignature } from "./authority.js";
import { assertMayTake, assertOwnAddressLabel, assertReservedFor } from "./claimRules.js";
import { ownerOf } from "./nameOwner.js";
import {
  heldByOwner,
  noSuchName,
  notAllowed,
  notTheOwner,
  ownedByAnother,
  ownedByService,
  suspendedName,
} from "./nameRefusals.js";
import { assertCurrent, assertWriteCurrent } from "./requestTime.js";
import type { SignatureState } from "./signatureState.js";
import type { Situation } from "./situation.js";
import { assertNotAhead, assertNotOlder } from "./statementTime.js";

const OF_OWNERS: readonly ActionKind[] = [
  "claim",
  "publishProfile",
  "deleteProfile",
  "setRecords",
  "registerRelayNode",
  "removeRelayNode",
  "registerNetwork",
  "removeNetwork",
  "publishCertificate",
  "removeCertificate",
  "move",
  "delete",
];
const OF_WRITERS: readonly ActionKind[] = ["setRecords"];
const OF_DM3: readonly ActionKind[] = ["claim", "publishProfile", "delete"];
const NOT_OF_SERVICES: readonly ActionKind[] = ["claim", "move", "handOver", "withdraw"];
/** Whatever state the name is in. */
const OF_ADMINS: readonly ActionKind[] = ["handOver", "withdraw"];

export function assertMayChange(situation: Situation, action: Action, authority: Authority): void {
  assertNotAhead(action, situation.nowMs);
  switch (authority.kind) {
    case "service":
    case "admin":
      assertServiceMay(situation, action, authority.kind);
      return;
    case "owner":
      assertCurrent(authority.request, situation);
      assertOwnerChain(authority, situation, situation.name);
      assertWalletMay(situation, action, authority.address, OF_OWNERS);
      return;
    case "writer":
      assertWriteCurrent(authority.message, situation);
      assertOwnerChain(authority, situation, situation.name);
      assertWalletMay(situation, action, authority.address, OF_WRITERS);
      return;
    case "dm3":
      assertDm3May(situation, action, authority);
  }
}

function assertServiceMay(situation: Situation, action: Action, kind: "service" | "admin"): void {
  const { current } = situation;
  if (kind === "admin" && OF_ADMINS.includes(action.kind)) return;
  if (NOT_OF_SERVICES.includes(action.kind)) throw notAllowed(action.kind, "service");
  if (kind === "service" && current?.suspension?.by === "admin") throw suspendedName(situation);
  if (action.kind === "suspend" || action.kind === "unsuspend") return;
  if (current?.held) throw heldByOwner(situation);
  // an owner's request has a sequence, so an older statement in it is a new wish
  assertNotOlder(current, action);
  if (action.kind === "publishProfile") {
    assertNotGivenUpBy(situation, action.address);
    assertOwnAddressLabel(situation, action.address);
    if (!current) assertReservedFor(situation, action.address);
  }
}

function assertWalletMay(
  situation: Situation,
  action: Action,
  wallet: Address,
  allowed: readonly ActionKind[],
  // a profile that was replaced must not come back when the suspension of a name that followed ends
  isFollowing = false,
): void {
  const { current, name } = situation;
  if (!allowed.includes(action.kind)) throw notAllowed(action.kind, "wallet");
  if (current?.suspension && !isFollowing) throw suspendedName(situation);
  assertForItself(action, wallet);
  if (action.kind === "move") assertOwnAddressLabel(situation, action.to);
  if (current) {
    assertOwnedBy(situation, wallet, action);
  } else if (action.kind === "claim" || action.kind === "publishProfile") {
    assertMayTake(situation, wallet);
  } else {
    throw noSuchName(name);
  }
}

/** What dm3's clients sign has no sequence: it must not undo what an owner signed, nor bring back what is gone. */
function assertDm3May(
  situation: Situation,
  action: Action,
  { address: wallet, isFollowing = false }: Authority & { kind: "dm3" },
): void {
  if (situation.current?.held) throw heldByOwner(situation);
  if (action.kind === "publishProfile") assertNotGivenUpBy(situation, action.address);
  if (!situation.current && situation.hasHistory && action.kind === "claim") {
    throw new SignpostError(
      "SUPERSEDED_PROFILE",
      `The name ${situation.name} existed before, and dm3's signatures do not show whether a request is new or old. Claim the name with a signed request of Signpost (POST /v1/requests).`,
      { name: situation.name },
    );
  }
  if (action.kind === "claim" && !situation.current && situation.claimantNames > 0) {
    throw new SignpostError(
      "POLICY_FORBIDS",
      `Through dm3's API a wallet can have one name, and yours already has one under ${situation.domain.name}. Delete that name first.`,
      { name: situation.name, domain: situation.domain.name },
    );
  }
  assertWalletMay(situation, action, wallet, OF_DM3, isFollowing);
}

/** What has no sequence may be older than the signature by which the wallet gave the name up. */
function assertNotGivenUpBy({ name, givenUpBy }: Situation, wallet: Address): void {
  if (!givenUpBy.includes(toHex(wallet))) return;
  throw new SignpostError(
    "SUPERSEDED_PROFILE",
    `The wallet ${checksumAddress(wallet)} gave up ${name} by a signature, and what it signed before cannot bring the name back. The wallet has to claim the name by a signed request (POST /v1/requests); reserve the name for it if the policy does not let it.`,
    { name, wallet: toHex(wallet) },
  );
}

/** Throws WRONG_SIGNER when a contract wallet was asked on another chain than the one where it owns the name. */
export function assertOwnerChain(
  { acceptedAtBlock, address, signedFor }: OwnersSignature,
  { ownerChain }: Pick<SignatureState, "ownerChain">,
  name: string,
): void {
  const chainId = signedFor.chainId;
  if (acceptedAtBlock === undefined || ownerChain === null || ownerChain === chainId) return;
  throw new SignpostError(
    "WRONG_SIGNER",
    `The name ${name} is owned by the contract wallet ${checksumAddress(address)} on chain ${ownerChain.toString()}; on chain ${chainId.toString()} somebody else may own that address. Sign for a resolver on chain ${ownerChain.toString()}.`,
    { name, chainId: ownerChain.toString() },
  );
}

/** A wallet claims and publishes for itself only. */
function assertForItself(action: Action, wallet: Address): void {
  const named = walletNamedIn(action);
  if (named === null || sameBytes(named, wallet)) return;
  const [recovered, expected] = [checksumAddress(wallet), checksumAddress(named)];
  throw new SignpostError(
    "WRONG_SIGNER",
    `Signed by ${recovered}, but the ${action.kind} is for ${expected}. Sign with that wallet.`,
    { expected, recovered },
  );
}

function walletNamedIn(action: Action): Address | null {
  if (action.kind === "claim") return action.owner;
  return action.kind === "publishProfile" ? action.address : null;
}

function assertOwnedBy({ current, name }: Situation, wallet: Address, { kind }: Action): void {
  const owner = current && ownerOf(current);
  if (!owner) throw ownedByService(name);
  if (sameBytes(owner, wallet)) return;
  // the signature of a claim is right, but the name is taken
  throw kind === "claim" ? ownedByAnother(name) : notTheOwner(name, wallet, owner);
}
