/** The records of a name with some of them written: the kinds that changed, whole, as a service would give them. */
import { sameBytes } from "../../abi/bytes.js";
import { toHex } from "../../abi/hex.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { SignpostError } from "../../errors.js";
import type { OwnRecords } from "../../wire/ownRecords.js";
import { ownRecordsSchema } from "../../wire/ownRecordsSchema.js";
import { parseInput } from "../../wire/parseInput.js";
import { ownerOf } from "../names/nameOwner.js";
import { DM3_KEYS } from "../names/ownRecords.js";
import type { StoredName } from "../names/storedName.js";
import type { RecordChange } from "./recordWrites.js";

/** In hex and decimal, as in JSON; of maps, so that a key may be any text. */
interface Draft {
  addresses: Map<string, string>;
  texts: Map<string, string>;
  contenthash: string | null;
  name: string | null;
  pubkey: { x: string; y: string } | null;
  abis: Map<string, string>;
  data: Map<string, string>;
  interfaces: Map<string, string>;
}
type Kind = keyof Draft;

/**
 * Throws INVALID_REQUEST for a record that follows from a signature (addr(60), network.dm3.…) and for records beyond
 * their bounds; what their standards forbid is found by `earlierRecordsAction`.
 */
export function changedRecords(stored: StoredName, changes: readonly RecordChange[]): OwnRecords {
  const draft = draftOf(stored);
  const touched = new Set<Kind>();
  for (const change of changes) for (const kind of write(draft, change, stored)) touched.add(kind);
  const given = Object.fromEntries(
    [...touched].map((kind) => {
      const value = draft[kind];
      return [kind, value instanceof Map ? Object.fromEntries(value) : value];
    }),
  );
  return parseInput(ownRecordsSchema, "The set of records after this change", given);
}

/** Returns the kinds that it writes. */
function write(draft: Draft, change: RecordChange, stored: StoredName): readonly Kind[] {
  switch (change.kind) {
    case "text": {
      // what is reserved stays in, even empty, so that it is refused and not dropped
      const isReserved = change.key.startsWith(DM3_KEYS);
      put(draft.texts, change.key, change.value, change.value === "" && !isReserved);
      return ["texts"];
    }
    case "address":
      if (change.coinType === COIN_TYPE_ETH) return unlessOwner(change.address, stored);
      putBytes(draft.addresses, change.coinType.toString(), change.address);
      return ["addresses"];
    case "contenthash":
      draft.contenthash = toHex(change.contenthash);
      return ["contenthash"];
    case "name":
      draft.name = change.name;
      return ["name"];
    case "pubkey": {
      const { x, y } = change;
      draft.pubkey = isZero(x) && isZero(y) ? null : { x: toHex(x), y: toHex(y) };
      return ["pubkey"];
    }
    case "abi":
      putBytes(draft.abis, change.contentType.toString(), change.abi);
      return ["abis"];
    case "data":
      putBytes(draft.data, change.key, change.data);
      return ["data"];
    case "interface":
      put(
        draft.interfaces,
        toHex(change.id),
        toHex(change.implementer),
        isZero(change.implementer),
      );
      return ["interfaces"];
    case "clear":
      Object.assign(draft, emptyDraft());
      return Object.keys(draft) as Kind[];
  }
}

/** addr(60) is the owner, who signed the profile: a client may write the same address again, and no other. */
function unlessOwner(address: Uint8Array, stored: StoredName): readonly Kind[] {
  const owner = ownerOf(stored);
  if (owner && sameBytes(owner, address)) return [];
  const { name } = stored;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The address of coin type 60 is the wallet that owns ${name}, so writing it would give the name away; move the name by a signed request (POST /v1/requests) if you want that.`,
    { name },
  );
}

function draftOf(stored: StoredName): Draft {
  const { texts, addresses, contenthash, nameRecord, pubkey, abis, data, interfaces } = stored;
  return {
    addresses: hexMap([...addresses].filter(([coinType]) => coinType !== COIN_TYPE_ETH)),
    texts: new Map([...texts].filter(([key]) => !key.startsWith(DM3_KEYS))),
    contenthash: contenthash && toHex(contenthash),
    name: nameRecord,
    pubkey: pubkey && { x: toHex(pubkey.x), y: toHex(pubkey.y) },
    abis: hexMap(abis),
    data: hexMap(data),
    interfaces: hexMap(interfaces),
  };
}

function emptyDraft(): Draft {
  const maps = { addresses: new Map(), texts: new Map(), abis: new Map(), data: new Map() };
  return { ...maps, interfaces: new Map(), contenthash: null, name: null, pubkey: null };
}

function hexMap(entries: Iterable<readonly [bigint | string, Uint8Array]>): Map<string, string> {
  return new Map([...entries].map(([key, bytes]) => [key.toString(), toHex(bytes)]));
}

function putBytes(map: Map<string, string>, key: string, bytes: Uint8Array): void {
  put(map, key, toHex(bytes), bytes.length === 0);
}

function put(map: Map<string, string>, key: string, value: string, isGone: boolean): void {
  if (isGone) map.delete(key);
  else map.set(key, value);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
