/**
 * A network that knows nothing of DM3, as a bridge sees it: whole native messages go in and come out. They were encrypted by
 * the client of the one user and are opened by that of the other; nobody in between holds a key to them.
 *
 *   DM3 → network   `send`; later an event `reported`
 *   network → DM3   an event `received`, answered with what became of it; later `tell`
 */
import type { NormalName } from "../../ens/normalize.js";
import type { NativeAddress } from "../address/nativeAddress.js";
import type { NetworkKind } from "../address/virtualAddress.js";

/** From a DM3 user to somebody in the network. */
export interface OutgoingNative {
  /** The DM3 user who wrote it; the transport writes its address in the network. */
  readonly from: NormalName;
  readonly to: NativeAddress;
  /** As the sender's codec made it. Not one byte of what is encrypted in it changes on the way. */
  readonly bytes: Uint8Array;
  /** Reports about the message name it: 16 to 60 lower-case letters and digits that nobody can guess. */
  readonly token: string;
}

/** What the network said. */
export type NativeAnswer =
  /** From here on, the network answers for it: it arrives, or a report says why not. */
  | { readonly is: "taken" }
  /** It never will. */
  | { readonly is: "refused"; readonly sentence: string };

/** From somebody in the network to a DM3 user. */
export interface IncomingNative {
  /** Proven by the network's own means, not only claimed. */
  readonly from: NativeAddress;
  readonly to: NormalName;
  /** As the network delivered it. */
  readonly bytes: Uint8Array;
  /**
   * SHA-256, 64 hexadecimal digits: the same for the same message to the same user, also where servers on the way changed what is
   * not part of the message.
   */
  readonly digest: string;
}

/** What names a message from the network. */
type NamedNative = Pick<IncomingNative, "from" | "to" | "digest">;

/** What the network found out about something that was sent before. */
export interface NativeReport {
  readonly token: string;
  readonly is: "refused" | "delayed" | "delivered";
  /** In the network's words, in short. */
  readonly sentence: string;
}

/** What somebody in the network is told about a message of theirs that was kept and will not arrive after all. */
export interface NativeNotice {
  readonly to: NativeAddress;
  /** To whom it was written. */
  readonly from: NormalName;
  /** The header of their message, as the network delivered it. */
  readonly head: string;
  readonly sentence: string;
}

export interface NativeEvents {
  /** Whether a DM3 user exists. Throws UNREACHABLE. */
  readonly exists: (name: NormalName) => Promise<boolean>;
  /** The DM3 user behind a local part from which only a table leads back (see virtualAddress.ts); null where it is nobody's. */
  readonly nameOfHash: (localPart: string) => Promise<NormalName | null>;
  /** Whether this address has a name and keys here already. */
  readonly isKnown: (address: NativeAddress) => Promise<boolean>;
  /** Whether this address ever wrote here: whoever did not is written to "cold". */
  readonly hasWritten: (address: NativeAddress) => Promise<boolean>;
  /**
   * Resolves when it is kept. The same digest once more is kept once.
   * @throws SignpostError with the reason where it never will be; UNREACHABLE, DATABASE_UNAVAILABLE: later, perhaps
   */
  readonly received: (message: IncomingNative) => Promise<void>;
  /** Whether the sender was told that it will never be kept; nobody tells it twice. Throws DATABASE_UNAVAILABLE. */
  readonly isTold: (message: NamedNative) => Promise<boolean>;
  readonly noteTold: (message: NamedNative) => Promise<void>;
  /** Whoever has this address wants its name, keys and all else to be gone. */
  readonly left: (address: NativeAddress) => Promise<void>;
  /** Whether the token is one of ours; nothing of a report is believed before. */
  readonly isToken: (token: string) => Promise<boolean>;
  readonly reported: (report: NativeReport) => Promise<void>;
}

export interface NativeTransport {
  readonly kind: NetworkKind;
  /** Listens, until `stop`. Throws INVALID_CONFIGURATION where it cannot. */
  readonly start: (events: NativeEvents) => Promise<void>;
  /** Throws UNREACHABLE where the network did not say: try it again later. */
  readonly send: (message: OutgoingNative) => Promise<NativeAnswer>;
  /** Throws UNREACHABLE where the network did not say. */
  readonly tell: (notice: NativeNotice) => Promise<void>;
  readonly stop: () => Promise<void>;
}
