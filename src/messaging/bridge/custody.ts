/** The DM3 side of people who have no DM3 keys: the bridge holds keys for them, and says so in its record. */
import type { MessageKeys } from "../../dm3/message/messageKeys.js";
import type { Address } from "../../ens/address.js";
import type { NormalName } from "../../ens/normalize.js";
import type { NativeAddress } from "../address/nativeAddress.js";
import type { NetworkEvents } from "../network.js";

export interface VirtualUser {
  readonly native: NativeAddress;
  readonly name: NormalName;
  /** Of the wallet that the bridge made; nobody should send money there. */
  readonly wallet: Address;
  readonly keys: MessageKeys;
}

/**
 * Why somebody gets a name. Each kind has places of its own, so that strangers take none from the others, and within a kind those count
 * who cause it: never all whom they ask for.
 */
export type Coming =
  /** Wrote here, as the network proved. */
  | { readonly is: "proven" }
  /** A DM3 user wants to write there, and signed that. */
  | { readonly is: "asked"; readonly by: NormalName }
  /** Somebody wants to, and nobody knows who. @param network as HTTP counts clients; null where nobody can be told apart */
  | { readonly is: "introduced"; readonly network: string | null };

export interface Custody {
  /** Null for an address that was given no keys. Throws DATABASE_UNAVAILABLE, SECRET_UNREADABLE. */
  readonly userOf: (native: NativeAddress) => Promise<VirtualUser | null>;
  /**
   * Makes keys and a name where there are none yet, and links them. Whoever asks at the same time gets the same.
   * @throws LIMIT_EXCEEDED, and INVALID_REQUEST where no name can be given; UNREACHABLE, DATABASE_UNAVAILABLE
   */
  readonly userFor: (
    native: NativeAddress,
    events: Pick<NetworkEvents, "linked">,
    comes: Coming,
  ) => Promise<VirtualUser>;
  /** Destroys the keys, with the link and the account. What waits there is lost: tell its senders before. */
  readonly forget: (native: NativeAddress, events: Pick<NetworkEvents, "left">) => Promise<void>;
}
