/** Names to store, with records of every kind. */
import type { Digest } from "../../src/abi/digest.js";
import type { Address } from "../../src/ens/address.js";
import { namehash, type Node } from "../../src/ens/namehash.js";
import type { StoredName } from "../../src/registry/names/storedName.js";

export const DOMAIN = "users.example.eth";

/** Bytes for a place of any kind, of any length: the right one is asked for by whoever needs it. */
export function bytes(length: number, fill: number): Address & Node & Digest {
  return new Uint8Array(length).fill(fill) as Address & Node & Digest;
}

export function sampleName(label: string, changes: Partial<StoredName> = {}): StoredName {
  const name = `${label}.${DOMAIN}`;
  return {
    node: namehash(name),
    name,
    domain: DOMAIN,
    addresses: new Map([
      [60n, bytes(20, 0xab)],
      [0x8000000an, bytes(20, 0xcd)],
      [2n ** 256n - 1n, bytes(0, 0)],
    ]),
    texts: new Map([
      ["network.dm3.profile", `data:application/json,{"of":"${label}"}`],
      ["com.example", "züri 🌉 \u0001 \\u0000 '\"$1"],
      ["__proto__", "a key like any other"],
      ["", ""],
    ]),
    contenthash: bytes(38, 0xe3),
    nameRecord: name,
    pubkey: { x: bytes(32, 1), y: bytes(32, 2) },
    abis: new Map([
      [1n, bytes(2, 0x7b)],
      [8n, bytes(40, 0x68)],
    ]),
    data: new Map([
      ["agent-context", bytes(3, 0xda)],
      ["__proto__", bytes(0, 0)],
    ]),
    interfaces: new Map([["0x01ffc9a7", bytes(20, 0x1f)]]),
    profileFingerprint: bytes(32, 0x0f),
    held: true,
    suspension: null,
    ...changes,
  };
}
