/**
 * What can be done to a name, and in whose right: both closed lists. Everything that changes a name is one of these
 * operations with one of these authorities; `applyOperation` says what comes of it.
 *
 * Operations hold what was verified already: make them with `profileOperation`, `recordsOperation` and their siblings.
 */
import type { Hex } from "../../abi/hex.js";
import type { NameRecords } from "../../ens/records.js";
import type { NameRequest, RequestDomain } from "../../signing/nameRequest.js";
import type { OperationMessage } from "../../signing/operationMessage.js";
import type { WalletProof } from "../signed/walletProof.js";

export type Operation =
  /** Makes an empty name; changes nothing where the name exists. */
  | { readonly kind: "create" }
  /** Makes the name for a wallet (20 bytes), which holds it from then on. */
  | { readonly kind: "claim"; readonly owner: Uint8Array }
  | {
      readonly kind: "publishProfile";
      /** The wallet that signed the profile, 20 bytes. */
      readonly address: Uint8Array;
      /** The text of `network.dm3.profile`. */
      readonly record: string;
      /** `profileFingerprint`, 32 bytes. */
      readonly fingerprint: Uint8Array;
    }
  | { readonly kind: "deleteProfile" }
  /** Replaces the kinds of records that are given; without what follows from signatures. */
  | { readonly kind: "setRecords"; readonly records: Partial<NameRecords> }
  /** `record` is the text of `network.dm3.deliveryService`. */
  | { readonly kind: "registerRelayNode"; readonly record: string }
  | { readonly kind: "removeRelayNode" }
  /** To another wallet (20 bytes). Nothing of the former owner's records stays. */
  | { readonly kind: "move"; readonly to: Uint8Array }
  | { readonly kind: "delete" }
  | { readonly kind: "suspend"; readonly reason: string }
  | { readonly kind: "unsuspend" };

export type OperationKind = Operation["kind"];

/** `service` and `admin` are told apart in the history, and an admin's suspension binds the service. */
export type Authority =
  | { readonly kind: "service"; readonly keyId: string }
  | { readonly kind: "admin" }
  /** A wallet's EIP-712 signature; kept in the history as the proof. */
  | (OwnersSignature & {
      readonly kind: "owner";
      readonly request: NameRequest;
      /** Canonical JSON of what came with it: the text whose hash was signed. */
      readonly content: string;
    })
  /** The owner's signature under a message by ERC-7884, which has no sequence; kept as well. */
  | (OwnersSignature & { readonly kind: "writer"; readonly message: OperationMessage })
  /**
   * What dm3's own clients sign, which has neither sequence nor time: enough to publish under a name that nobody
   * holds, never enough to bring something back. `address` is the wallet, 20 bytes; `isFollowing` where the name is changed
   * because the wallet's address name was.
   */
  | { readonly kind: "dm3"; readonly address: Uint8Array; readonly isFollowing?: boolean };

export interface OwnersSignature extends WalletProof {
  /** Who signed, 20 bytes. */
  readonly address: Uint8Array;
  readonly signedFor: RequestDomain;
  readonly signature: Hex;
}
