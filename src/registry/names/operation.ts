/**
 * What can be done to a name: a closed list. Everything that changes a name is one of these operations, in the right of
 * one of the authorities; `applyOperation` says what comes of it.
 *
 * Operations hold what was verified already: make them with `profileOperation`, `recordsOperation` and their siblings.
 */
import type { NameRecords } from "../../ens/records.js";

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
