/** What a bridge is made of. */
import type { RememberingDirectory } from "../../accounts/directory.js";
import type { NormalName } from "../../ens/normalize.js";
import type { ProfileOutcome } from "../../lookup/outcome.js";
import type { RefundingCounter } from "../../relay/senderLimits.js";
import type { RelayNodeAccess } from "../../sending/relayNodeAccess.js";
import type { NativeAddress } from "../address/nativeAddress.js";
import type { MemoryBudget } from "../memoryBudget.js";
import type { Custody } from "./custody.js";
import type { FetchingPlaces } from "./fetchingPlaces.js";
import type { KeepingParts } from "./keepNative.js";
import type { LongNames } from "./longNames.js";
import type { NativeTransport } from "./nativeTransport.js";
import type { PassageStore } from "./passageStore.js";

/** How messages come that their senders keep outside of the envelope. */
interface FetchingParts {
  readonly access: RelayNodeAccess;
  /** Of one message, in bytes. */
  readonly mostBytes: number;
  readonly budget: MemoryBudget;
  readonly places: FetchingPlaces;
}

/** Somebody in the network who has a name in DM3 now. */
export interface Introduced {
  /** As the bridge writes it. */
  readonly address: string;
  readonly name: NormalName;
}

export interface BridgeParts extends KeepingParts {
  readonly transport: NativeTransport;
  /** As which the bridge writes to DM3 users in its own name. */
  readonly itself: NativeAddress;
  /**
   * Gives the person of an address a name, for the DM3 user `by`, who asks the bridge for it. Throws what `Custody.userFor` throws, and
   * INVALID_REQUEST, NOT_FOUND with a sentence for that user.
   */
  readonly introduce: (address: string, by: NormalName) => Promise<Introduced>;
  readonly custody: Custody;
  readonly passages: PassageStore;
  readonly longNames: LongNames;
  readonly fetching: FetchingParts;
  readonly directory: Pick<RememberingDirectory, "personOf">;
  /** With all relay nodes. */
  readonly profileOf: (name: string, age: "remembered" | "now") => Promise<ProfileOutcome>;
  readonly counter: RefundingCounter;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly reportFailure: (error: unknown) => void;
}
