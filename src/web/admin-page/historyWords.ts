/** Entries of a name's history in words: who did it, and what became different. */
import type { HistoryItem } from "../../sdk/index.js";

type Entry = HistoryItem["entry"];

const WHAT: ReadonlyMap<string, string> = new Map([
  ["create", "made"],
  ["claim", "claimed by a wallet"],
  ["publishProfile", "profile published"],
  ["deleteProfile", "profile deleted"],
  ["setRecords", "records written"],
  ["registerRelayNode", "registered as a relay node"],
  ["removeRelayNode", "no relay node any more"],
  ["registerNetwork", "registered as a network"],
  ["removeNetwork", "no network any more"],
  ["publishCertificate", "certificate published"],
  ["removeCertificate", "certificate taken away"],
  ["move", "moved to another wallet"],
  ["delete", "deleted"],
  ["suspend", "suspended"],
  ["unsuspend", "served again"],
  ["handOver", "handed over to another domain"],
  ["withdraw", "given up"],
  ["found", "found in the database, and not written by this service"],
]);

/** A kind that is newer than this page is told by its own word. */
export function whatOf({ operation }: Entry): string {
  return WHAT.get(operation) ?? operation;
}

export function whoOf({ authority }: Entry): {
  readonly text: string;
  readonly address: string | null;
} {
  const { address, keyId } = authority as { address?: unknown; keyId?: unknown };
  const wallet = typeof address === "string" ? address : null;
  switch (authority.kind) {
    case "service":
      return { text: typeof keyId === "string" ? `API key ${keyId}` : "an API key", address: null };
    case "admin":
      return { text: "the operator", address: null };
    case "owner":
      return { text: "its owner", address: wallet };
    case "writer":
      return { text: "its owner, by an ENS app", address: wallet };
    case "dm3":
      return { text: "a dm3 client", address: wallet };
    case "database":
      return { text: "nobody that is known here", address: null };
  }
}

const MAPS: ReadonlyMap<string, string> = new Map([
  ["texts", "text"],
  ["addresses", "address of coin"],
  ["abis", "ABI"],
  ["data", "data"],
  ["interfaces", "interface"],
]);
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["contenthash", "content hash"],
  ["nameRecord", "name record"],
  ["pubkey", "public key"],
  ["held", "held by its owner"],
]);
/** Ethereum: the address is the owner. */
const WALLET_COIN = "60";

/** What differs, each in a few words, as "text avatar" or "text url taken away". */
export function changesOf({ change }: Entry): readonly string[] {
  const { to, patch } = change as { to?: unknown; patch?: unknown };
  if (to === null) return [];
  const isBeginning = to !== undefined;
  const changed = Object.entries(Object(isBeginning ? to : patch) as Record<string, unknown>);
  return changed.flatMap(([key, value]) => {
    const map = MAPS.get(key);
    if (map !== undefined) {
      const keys = Object.entries(Object(value) as Record<string, unknown>);
      return keys.map(([name, now]) => {
        const what = key === "addresses" && name === WALLET_COIN ? "wallet" : `${map} ${name}`;
        return `${what}${now === null ? " taken away" : ""}`;
      });
    }
    const field = FIELDS.get(key);
    // at its beginning a name has all fields, most of them empty; others are told elsewhere in the row
    if (field === undefined || (isBeginning && isEmpty(value))) return [];
    return [`${field}${isEmpty(value) ? " taken away" : ""}`];
  });
}

const isEmpty = (value: unknown) => value === null || value === false;

/** Of an entry that suspends; null for all others. */
export function reasonIn({ operation, change }: Entry): string | null {
  if (operation !== "suspend") return null;
  const { to, patch } = change as { to?: unknown; patch?: unknown };
  const { suspension } = Object(patch ?? to) as { suspension?: unknown };
  const { reason } = Object(suspension) as { reason?: unknown };
  return typeof reason === "string" ? reason : null;
}
