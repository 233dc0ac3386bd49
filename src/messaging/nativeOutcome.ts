/** What looking up a native address, or a name's address in a network, comes to. */
import type { NetworkDescription } from "../dm3/statement/networkRecord.js";
import type { FoundNetwork } from "../lookup/networkOutcome.js";
import type {
  FoundProfile,
  FoundRelayNode,
  UnreachableOutcome,
  UntrustedOutcome,
} from "../lookup/outcome.js";

interface Asked {
  /** The person's ENS name; the network's own while the person's is not known. In normal form. */
  readonly name: string;
  /** What came out and, where something is wrong, what to do next; for people. */
  readonly sentence: string;
}

/** The way to somebody in a network. */
export interface FoundNative extends Asked {
  readonly status: "found";
  /** As the network compares it: `bob@chat.example`. */
  readonly address: string;
  /** Of a gateway, the person holds the keys of the profile; of a bridge, the bridge does. */
  readonly kind: NetworkDescription["kind"];
  /** Verified. Encrypt to its keys; its relay nodes are in `relayNodes`. */
  readonly profile: FoundProfile;
  /** To send to, the first that works: those of the profile, in its order, that are nodes of the network. One at least. */
  readonly relayNodes: readonly FoundRelayNode[];
  /** The forms in which the network's clients read, the best one first. */
  readonly codecs: readonly string[];
  readonly network: FoundNetwork;
}

/** There is no such way. Whoever could know was asked and said so. */
export interface AbsentNative extends Asked {
  readonly status: "absent";
  readonly reason:
    /** The ENS name that was given is no messaging gateway and no bridge. */
    | "no-network"
    /** The network's protocol, or this address in it, has no name by a rule that this SDK knows. */
    | "no-rule"
    /** The network carries for another native domain. */
    | "other-domain"
    /** The address is how a DM3 user is called there: write to `name` itself. */
    | "virtual"
    /** Nobody has published a profile for the address. */
    | "no-profile"
    /** The network takes no messages from DM3. */
    | "one-way"
    /** The person's profile names no relay node of this network: messages would not arrive at the address. */
    | "other-nodes";
}

export type NativeOutcome = FoundNative | AbsentNative | UnreachableOutcome | UntrustedOutcome;

/** What a name is called in a network. */
export interface FoundAddress extends Asked {
  readonly status: "found";
  readonly address: string;
  /** The network's own person behind the name, or a DM3 user whom it knows as a virtual one. */
  readonly user: "native" | "virtual";
  /** False where the address has a hash in place of a long name, so that only the network's table leads back. */
  readonly isReversible: boolean;
  readonly kind: NetworkDescription["kind"];
  readonly network: FoundNetwork;
}

export interface AbsentAddress extends Asked {
  readonly status: "absent";
  readonly reason:
    | "no-network"
    | "no-rule"
    /** The name is one of the network's people, by a hash: only the network's table knows the address. */
    | "only-table";
}

export type AddressOutcome = FoundAddress | AbsentAddress | UnreachableOutcome | UntrustedOutcome;
