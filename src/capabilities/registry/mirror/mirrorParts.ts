/** What following one domain takes, from the parts of an installation: for the service, and for commands beside it. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { toHex } from "../../../abi/hex.js";
import { domainStore } from "../../../db/domainStore.js";
import { mirrorStore } from "../../../db/mirror/mirrorStore.js";
import { nameStore } from "../../../db/nameStore.js";
import type { Pool } from "../../../db/pool.js";
import type { Node } from "../../../ens/namehash.js";
import type { MirrorParts } from "../../../mirror/followMirror.js";
import type { Primary } from "../../../mirror/primary.js";
import type { Clock, Pause } from "../../../registry/changes/clock.js";
import type { ContractWallets } from "../../../registry/signed/contractWallets.js";
import { resolverKey } from "../../../transfer/arrive/decideArrival.js";

export interface MirrorSurroundings {
  readonly pool: Pool;
  readonly contractWallets: ContractWallets;
  readonly nowMs: Clock;
  readonly pause: Pause;
  /** Told of each name that may have changed here. */
  readonly onTaken?: (node: Node) => void;
}

export function mirrorParts(
  { pool, contractWallets, nowMs, pause, onTaken = () => undefined }: MirrorSurroundings,
  domain: string,
  primary: Primary,
  ended: AbortController,
): MirrorParts {
  const domains = domainStore(pool);
  const store = mirrorStore(pool);
  return {
    ...{ domains, primary, contractWallets, nowMs, pause },
    lease: { domain, token: randomUUID() },
    store: {
      ...store,
      takeIn: async (lease, taken) => {
        try {
          return await store.takeIn(lease, taken);
        } finally {
          // after a failure, too: a commit whose answer was lost may have been carried out
          for (const { node } of taken.arrivals) onTaken(node);
        }
      },
    },
    names: nameStore(pool),
    resolvers: async () => {
      const served = await domains.resolversOf(domain);
      return new Set(
        served.map(({ chainId, resolver }) => resolverKey(chainId.toString(), toHex(resolver))),
      );
    },
    rest: (ms, until) => {
      const signal = until === undefined ? ended.signal : AbortSignal.any([ended.signal, until]);
      return delay(ms, undefined, { ref: false, signal }).catch(() => undefined);
    },
    chance: Math.random,
    isOver: () => ended.signal.aborted,
    giveUp: () => {
      ended.abort();
    },
  };
}
