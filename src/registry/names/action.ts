/**
 * What can be done to a name: a closed list. Everything that changes a name is one of these actions, in the right of
 * one of the authorities; `applyAction` says what comes of it.
 *
 * Actions hold what was verified already: make them with `profileAction`, `recordsAction` and their siblings.
 *
 * A signed request says its action by the same word. An *operation* is something else: the message of ERC-7884, by which
 * a client of ENS asks for `setRecords`. Histories are older than this rule, and say `operation` for the action.
 */
import type { Digest } from "../../abi/digest.js";
import type { CertificateScheme } from "../../dm3/statement/certificate.js";
import type { Address } from "../../ens/address.js";
import type { NameRecords } from "../../ens/records.js";

/** Signed by DM3 keys, for one owner of the name. */
export interface Statement {
  /** The text of its record. */
  readonly record: string;
  /** With its checksum (EIP-55); null where the name is its service's own. */
  readonly owner: string | null;
}

export type Action =
  /** Makes an empty name; changes nothing where the name exists. */
  | { readonly kind: "create" }
  /** Makes the name for a wallet, which holds it from then on. */
  | { readonly kind: "claim"; readonly owner: Address }
  | {
      readonly kind: "publishProfile";
      /** The wallet that signed the profile. */
      readonly address: Address;
      /** The text of `network.dm3.profile`. */
      readonly record: string;
      /** `profileFingerprint`. */
      readonly fingerprint: Digest;
    }
  | { readonly kind: "deleteProfile" }
  /** Replaces the kinds of records that are given; without what follows from signatures. */
  | { readonly kind: "setRecords"; readonly records: Partial<NameRecords> }
  | {
      readonly kind: "registerRelayNode";
      /** The text of `network.dm3.deliveryService`. */
      readonly record: string;
      /** The node's own word for it; null where the service alone says so. */
      readonly proof: Statement | null;
    }
  | { readonly kind: "removeRelayNode" }
  /** What a messaging gateway or a bridge says of itself. */
  | { readonly kind: "registerNetwork"; readonly statement: Statement }
  | { readonly kind: "removeNetwork" }
  | {
      readonly kind: "publishCertificate";
      readonly scheme: CertificateScheme;
      /** The text of its record. */
      readonly record: string;
      /** That signed it: base64. */
      readonly publicSigningKey: string;
    }
  | { readonly kind: "removeCertificate"; readonly scheme: CertificateScheme }
  /** To another wallet. Nothing of the former owner's records stays. */
  | { readonly kind: "move"; readonly to: Address }
  | { readonly kind: "delete" }
  | { readonly kind: "suspend"; readonly reason: string }
  | { readonly kind: "unsuspend" }
  /** Another domain holds the name from now on. */
  | { readonly kind: "handOver" }
  /** The name goes with its domain, which is removed here. */
  | { readonly kind: "withdraw" };

export type ActionKind = Action["kind"];
