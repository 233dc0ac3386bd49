/**
 * What the owners' signatures of a name have used up, so that each counts once and in order (no replay). It is kept when
 * the name is deleted, and follows from the history.
 */
import type { Hex } from "../../abi/hex.js";
import type { ActionKind } from "./action.js";

export interface SignatureState {
  /** The last sequence that an owner's signature used; 0 when none did. */
  readonly sequence: number;
  /**
   * A writer's message (ERC-7884), which has no sequence, has to expire later than this second of Unix time: it
   * was made after everything that its owner signed before.
   */
  readonly writesAfterSec: number;
  /** The only chain on which a contract wallet counts as the owner; null while none was asked. */
  readonly ownerChain: bigint | null;
  /** Wallets that moved or deleted the name by a signature: what they signed before does not bring it back to them. */
  readonly givenUpBy: readonly Hex[];
  /** Whether the last signature moved it: its owner may not have asked for it. */
  readonly isGift: boolean;
}

export const NEVER_SIGNED: SignatureState = {
  sequence: 0,
  writesAfterSec: 0,
  ownerChain: null,
  givenUpBy: [],
  isGift: false,
};

/** How long after the latest block the resolver lets a writer's message expire (OperationRouter.sol). */
const WRITE_VALIDITY_SEC = 900;

/** What the next state depends on, of an owner's signature that was accepted. */
export interface AcceptedSignature {
  readonly action: ActionKind;
  /** Who signed: 0x and 40 lower-case digits. */
  readonly wallet: Hex;
  readonly chainId: bigint;
  readonly byContract: boolean;
  /** Of a writer's message, in seconds of Unix time; null for a request with a sequence. */
  readonly expirationSec: number | null;
  /** When it was accepted, Unix time in milliseconds. */
  readonly atMs: number;
}

export function signatureStateAfter(
  before: SignatureState,
  accepted: AcceptedSignature,
): SignatureState {
  const { expirationSec, atMs } = accepted;
  // a message of before this moment expires before this moment's own messages would
  const asOfNow = Math.floor(atMs / 1000) + WRITE_VALIDITY_SEC;
  return {
    sequence: before.sequence + 1,
    writesAfterSec: Math.max(before.writesAfterSec, expirationSec ?? asOfNow),
    ownerChain: ownerChainAfter(before, accepted),
    givenUpBy: givenUpByAfter(before, accepted),
    isGift: accepted.action === "move",
  };
}

function givenUpByAfter(
  { givenUpBy }: SignatureState,
  { action, wallet }: AcceptedSignature,
): readonly Hex[] {
  const isGivenUp = action === "move" || action === "delete";
  return isGivenUp && !givenUpBy.includes(wallet) ? [...givenUpBy, wallet] : givenUpBy;
}

/**
 * Somebody else may own the same address on another chain, where a contract is: so a contract wallet is asked where
 * it was first, and a new owner where the former one moved the name to it.
 */
function ownerChainAfter(
  { ownerChain }: SignatureState,
  { action, chainId, byContract }: AcceptedSignature,
): bigint | null {
  if (action === "delete") return null;
  return action === "move" || byContract ? chainId : ownerChain;
}
