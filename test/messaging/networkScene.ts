/** What a network's adapter needs for the suite that all of them pass: a real server of the network, and its users' apps. */
import type { NormalName } from "../../src/ens/normalize.js";
import type { NativeAddress } from "../../src/messaging/address/nativeAddress.js";
import type { Delivery, Network, Submission } from "../../src/messaging/network.js";
import type { Arrivals } from "../arrivals.js";
import type { RecordedEvents } from "./recordedEvents.js";

export interface NetworkScene extends Pick<RecordedEvents, "core" | "happened"> {
  readonly network: Network;
  readonly traits: NetworkTraits;
  readonly server: ServerInReach;
  /** Someone new in the network, who is there and reads. */
  readonly newUser: (localPart: string) => Promise<NetworkUser>;
  /** The address of somebody whom the network's server does not know. */
  readonly nobody: NativeAddress;
  /** Of somebody for whom the network does not let other users speak. */
  readonly somebodyElse: NativeAddress;
  /** Where a user of the network writes to this DM3 user. */
  readonly addressOf: (name: NormalName) => string;
  /** An address that looks like that of a DM3 user, and is nobody's. */
  readonly nobodysAddress: string;
  /** From alice.eth. @param bytes about so long, at least as long as its text */
  readonly letter: (to: NativeAddress, text: string, bytes?: number) => Promise<Delivery>;
  /** The longest that is carried, or one octet more. */
  readonly longest: (to: NativeAddress, text: string, more: 0 | 1) => Promise<Delivery>;
  /** What alice.eth reads in it, also where a bridge wrote it. */
  readonly textOf: (submission: Submission) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** In what networks differ. */
interface NetworkTraits {
  /**
   * Who has the message when the network says something of it: the network itself, or the user's own app. The first says `taken`
   * at once, the second `delivered` when the app does.
   */
  readonly tells: "taken" | "delivered";
  /** Whether there is one connection that can be lost; otherwise the network is connected as long as it is started. */
  readonly hasConnection: boolean;
  /** Whether users see the code of a refusal beside its sentence. */
  readonly showsCodes: boolean;
}

/** The network's own server. */
interface ServerInReach {
  /** In order. */
  readonly stop: () => Promise<void>;
  /** After `stop` or `cut`; the first user is there again as well. */
  readonly start: () => Promise<void>;
  /** It hangs: takes connections, reads nothing, says nothing; until `cut`. */
  readonly hold: () => Promise<void>;
  /** Ends all connections without a word. */
  readonly cut: () => Promise<void>;
}

export interface Arrived {
  readonly text: string;
  /** Who it is from, as the network shows it. */
  readonly from: string;
  /** How many came before, to all users. */
  readonly place: number;
}

export type Answer =
  | { readonly is: "kept" }
  | { readonly is: "refused"; readonly code: string | null; readonly sentence: string }
  /** The user's app tries it again. */
  | { readonly is: "later" }
  /** There is nobody who answers. */
  | { readonly is: "gone" };

export interface NetworkUser {
  readonly address: NativeAddress;
  /** Whole messages, each as often as it came. */
  readonly arrived: Arrivals<Arrived>;
  /** The user's app has it, and says so where apps do. */
  readonly accept: (delivery: Delivery) => Promise<void>;
  /** Resolves with what the user's app is told. */
  readonly write: (to: string, text: string) => Promise<Answer>;
  /** The same, with this address in the place of the user's own. The network may throw the user out for it. */
  readonly writeAs: (claimed: NativeAddress, to: string, text: string) => Promise<Answer>;
  /** Sentences about messages that were kept and did not arrive; the app notes each. */
  readonly ends: Arrivals<string>;
}
