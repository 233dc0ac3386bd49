/** What a network is joined with, and what it may stand on. */
import type { RememberingDirectory } from "../accounts/directory.js";
import type { MessagingTables } from "../db/messaging/messagingTables.js";
import type { Pool } from "../db/pool.js";
import type { RelayTables } from "../db/relay/relayTables.js";
import type { NormalName } from "../ens/normalize.js";
import type { CanaryPlan } from "../health/canaryWatch.js";
import type { Network, NetworkEvents } from "../messaging/network.js";
import type { LinkStore } from "../messaging/store.js";
import type { RefundingCounter } from "../relay/senderLimits.js";
import type { CapabilityRoute } from "../service/capability.js";
import type { EnsAccess } from "./ensAccess.js";
import type { GivenNames } from "./givenNames.js";
import type { Told } from "./networkMetrics.js";

export interface ConnectOptions extends EnsAccess, Told {
  readonly relayNode: NormalName;
  /** Of an envelope, in bytes. */
  readonly sizeLimit: number;
  readonly allowLoopback: boolean;
  /** Null: users come with names of their own. */
  readonly given: GivenNames | null;
  /** Of all processes that name the same place, one is active. */
  readonly place: string;
  /** What is wrong while there is no connection, and what to look for. */
  readonly notConnected: string;
  /** Called once. */
  readonly join: (ground: NetworkGround) => JoinedNetwork;
}

/** What a network may stand on. */
export interface NetworkGround {
  readonly pool: Pool;
  /** Of the capability. */
  readonly schema: string;
  readonly tables: MessagingTables;
  /** Those of the relay node beside it. */
  readonly relay: RelayTables;
  readonly links: LinkStore;
  readonly directory: RememberingDirectory;
  readonly counter: RefundingCounter;
  /** What the gateway does, in any process. */
  readonly events: () => NetworkEvents;
  readonly reportFailure: (error: unknown) => void;
}

interface JoinedNetwork {
  /** Called whenever this process becomes the active one. */
  readonly open: () => Network;
  /** A message through the network and back, by the clock: the active process sends it. Null: not set up. */
  readonly canary?: CanaryPlan | null;
  /** Answered by every process. */
  readonly routes?: readonly CapabilityRoute[];
  /** Forgets what is from before this time, Unix milliseconds. */
  readonly forget?: (beforeMs: number) => Promise<void>;
}
