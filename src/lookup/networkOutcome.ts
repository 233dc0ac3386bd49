/** What looking up a messaging gateway or a bridge comes to, and what is signed beside a relay node or a profile. */
import type { CertificateRecord } from "../dm3/statement/certificate.js";
import type { NetworkRecord } from "../dm3/statement/networkRecord.js";
import type {
  FailedOutcome,
  FoundProfile,
  FoundRelayNode,
  RelayNodeOutcome,
  Verified,
} from "./outcome.js";

/** A network record that each of its relay nodes signed for this name and its owner, by the keys that it names. */
export interface VerifiedNetwork extends Verified {
  /** The name's Ethereum address, EIP-55; null for a name that is its service's own. */
  readonly owner: FoundProfile["address"] | null;
  readonly record: NetworkRecord;
}

export interface FoundNetwork extends VerifiedNetwork {
  /**
   * One outcome for each relay node of the record, in its order. "found" is only the one whose profile in ENS has the key that
   * signed; one with another key is "untrusted".
   */
  readonly relayNodes: readonly RelayNodeOutcome[];
}

export type NetworkOutcome = FoundNetwork | FailedOutcome;

/** Of a relay node: whether it says itself that it is behind its name. */
export type NodeProofFinding =
  /** Signed by the key of its profile, for the name and its owner of now. */
  | "proven"
  /** It has published none. */
  | "none"
  /** It has published one that is for another name, owner, key or profile, or that is malformed. */
  | "wrong"
  /** It could not be found out. */
  | "unknown";

/** What a relay node carries messages for, by the network records of its own name and of the names above it. */
export type NodeRole =
  /** None of them names it: for people who have their own DM3 keys. */
  | "plain"
  /** For a network that cooperates: nobody but the users holds their keys. */
  | "gateway"
  /** For a network that does not: its operator holds the DM3 keys of that network's people. */
  | "bridge"
  /** It could not be found out. */
  | "unknown";

export interface KnownRelayNode extends FoundRelayNode {
  readonly proof: NodeProofFinding;
  readonly role: NodeRole;
  /** ENS name of the network record that names it; null where there is none, or none was found. */
  readonly network: string | null;
}

export type KnownRelayNodeOutcome = KnownRelayNode | FailedOutcome;

export interface FoundCertificate extends Verified {
  /** Signed by `publicSigningKey` of the profile over certificate, name and native address. */
  readonly certificate: CertificateRecord;
  /** The verified profile whose key signed; its relay nodes were not looked up. */
  readonly profile: FoundProfile;
}

export type CertificateOutcome = FoundCertificate | FailedOutcome;
