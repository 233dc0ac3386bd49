/** Registered relay nodes on a real Postgres, behind real servers of this machine, watched by a clock that tests put forward. */
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import type { Pool } from "../../src/db/pool.js";
import { relayNodeList } from "../../src/db/relayNodeList.js";
import { watchedNodes } from "../../src/db/watchedNodes.js";
import { deriveProfileKeys, type ProfileKeys, publicKeyFields } from "../../src/dm3/keys/keys.js";
import type { DeliveryServiceProfile } from "../../src/dm3/profile/profile.js";
import { encodeDataUri } from "../../src/dm3/profile/profileRecord.js";
import { type NodeClaim, proveNode } from "../../src/dm3/statement/nodeProof.js";
import { stringify } from "../../src/dm3/stringify.js";
import { checksumAddress } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { type NodeWatchParts, watchRound } from "../../src/nodes/watchNodes.js";
import { newApiKey } from "../../src/registry/domains/apiKey.js";
import type { StoredName } from "../../src/registry/names/storedName.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { putName } from "../db/putName.js";
import { bytes, DOMAIN, sampleName } from "../db/sampleNames.js";

export { DOMAIN };
export const INTERVAL_MS = 300_000;
const RECORD = "network.dm3.deliveryService";
export const OWNER = checksumAddress(bytes(20, 0xab));
export const OTHER_OWNER = checksumAddress(bytes(20, 0xcd));

export function nodeKeys(fill: number): ProfileKeys {
  return deriveProfileKeys(bytes(32, fill));
}

/** What a relay node answers: its properties, as dm3's say them. */
export function properties(changes: object = {}): object {
  const told = { messageTTL: 0, sizeLimit: 100_000, notificationChannel: [], ...changes };
  return { jsonrpc: "2.0", id: 1, result: JSON.stringify(told) };
}

export interface Registration {
  readonly url: string;
  readonly keys?: ProfileKeys;
  /** Of what is signed; what the name shows otherwise. */
  readonly claim?: Partial<NodeClaim>;
  /** Signed by these instead. */
  readonly signedBy?: ProfileKeys;
  readonly owner?: string | null;
  readonly isProven?: boolean;
  readonly changes?: Partial<StoredName>;
}

export type WatchWorld = Awaited<ReturnType<typeof openWatchWorld>>;

export async function openWatchWorld() {
  const migrated: MigratedPool = await openMigratedPool();
  const pool: Pool = migrated.pool;
  const [names, store, list] = [nameStore(pool), watchedNodes(pool), relayNodeList(pool)];
  const domain = { chainId: 1n, resolver: bytes(20, 9), domain: DOMAIN };
  await domainStore(pool).addDomain(domain, newApiKey("key"));
  let nowMs = Date.now();
  const round = (changes: Partial<NodeWatchParts> = {}) =>
    watchRound({
      ...{ store, intervalMs: INTERVAL_MS, nowMs: () => nowMs, isOver: () => false },
      ...{ fetcher: createGuardedFetcher({ allowLoopback: true }), canary: null },
      rest: () => Promise.resolve(),
      reportDefect: (error) => {
        throw error;
      },
      ...changes,
    });

  return {
    ...{ pool, names, store, list, round },
    /** Checks everything once more, an interval later. */
    later: async () => {
      nowMs += INTERVAL_MS;
      return round();
    },
    nowMs: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Puts the row there as it is: no rule of the registry is asked. */
    register: async (label: string, registration: Registration): Promise<string> => {
      const { url, keys = nodeKeys(71), owner = OWNER, isProven = true } = registration;
      const profile: DeliveryServiceProfile = { ...publicKeyFields(keys), url };
      const name = `${label}.${DOMAIN}`;
      const claim = { name, owner, profile, listed: true, signedAtSec: 1_780_000_000 };
      const { signedBy = keys } = registration;
      const proof = proveNode(signedBy.signingKeyPair.privateKey, {
        ...claim,
        ...registration.claim,
      });
      const texts = new Map([[RECORD, encodeDataUri(profile)]]);
      if (isProven) texts.set(`${RECORD}.proof`, stringify(proof));
      await putName(names, sampleName(label, { texts, ...registration.changes }));
      return name;
    },
    shown: async (label: string) => {
      const shown = await list.named(namehash(`${label}.${DOMAIN}`));
      if (shown === null) throw new Error(`${label} is no relay node.`);
      return shown;
    },
    state: async (label: string) => (await list.named(namehash(`${label}.${DOMAIN}`)))?.state,
    listedNames: async () => (await list.listed("", 100)).items.map(({ name }) => name),
    close: () => migrated.close(),
  };
}
