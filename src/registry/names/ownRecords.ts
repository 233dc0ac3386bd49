/**
 * A service's own records of a name: avatar, e-mail, addresses on other chains, content hash, ABIs and so on. The
 * DM3 records and addr(60) are not among them: those follow from what a wallet signed.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { fromHex, type Hex } from "../../abi/hex.js";
import { ADDRESS_BYTES, parseAddress } from "../../ens/address.js";
import { COIN_TYPE_ETH, isEvmCoinType } from "../../ens/coinType.js";
import { assertNormalName } from "../../ens/normalName.js";
import type { NameRecords, Pubkey } from "../../ens/records.js";
import { SignpostError } from "../../errors.js";
import type { OwnRecords } from "../../wire/ownRecords.js";

/** Text records under this prefix follow from what was verified. */
export const DM3_KEYS = "network.dm3.";

/**
 * Those kinds of records that are given; `null`, and empty bytes, mean that there is no such record. Whether clients can
 * use them is another question (`assertUsable`), which histories do not ask.
 */
export function parseOwnRecords(own: OwnRecords): Partial<NameRecords> {
  const { addresses, texts, contenthash, name, pubkey, abis, data, interfaces } = own;
  return {
    ...(addresses && { addresses: mapOf(addresses, BigInt, parseAddressOfCoin) }),
    ...(texts && { texts: parseTexts(texts) }),
    ...(contenthash !== undefined && { contenthash: parseContenthash(contenthash) }),
    ...(name !== undefined && { nameRecord: parseNameRecord(name) }),
    ...(pubkey !== undefined && { pubkey: pubkey && parsePubkey(pubkey) }),
    ...(abis && { abis: withoutEmpty(mapOf(abis, BigInt, fromHex)) }),
    ...(data && { data: withoutEmpty(mapOf(data, (key) => key, fromHex)) }),
    ...(interfaces && { interfaces: mapOf(interfaces, (id) => id as Hex, parseAddress) }),
  };
}

function mapOf<Key, Value>(
  given: Readonly<Record<string, string>>,
  keyOf: (key: string) => Key,
  valueOf: (value: string, key: Key) => Value,
): Map<Key, Value> {
  return new Map(
    Object.entries(given).map(([text, value]) => {
      const key = keyOf(text);
      return [key, valueOf(value, key)];
    }),
  );
}

function withoutEmpty<Key>(map: ReadonlyMap<Key, Uint8Array>): Map<Key, Uint8Array> {
  return new Map([...map].filter(([, bytes]) => bytes.length > 0));
}

function parseAddressOfCoin(hex: string, coinType: bigint): Uint8Array {
  const address = fromHex(hex);
  if (coinType === COIN_TYPE_ETH) {
    throw reserved("The address of coin type 60 is set by the profile that its wallet signed");
  }
  if (isEvmCoinType(coinType) && address.length !== ADDRESS_BYTES) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The address of coin type ${coinType.toString()} has to have 20 bytes, as on every EVM chain; it has ${address.length}.`,
    );
  }
  return address;
}

function parseTexts(texts: Readonly<Record<string, string>>): Map<string, string> {
  return mapOf(
    texts,
    (key) => {
      if (!key.startsWith(DM3_KEYS)) return key;
      throw reserved(`The text record ${key} is set by a verified profile`);
    },
    (text) => text,
  );
}

function reserved(why: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `${why}; publish the profile, or register the relay node, instead.`,
  );
}

function parseContenthash(hex: string | null): Uint8Array | null {
  if (hex === null || hex === "0x") return null;
  return fromHex(hex);
}

/** Clients look the name up again (ENSIP-19), so one that they could not is refused. */
function parseNameRecord(name: string | null): string | null {
  if (name === null || name === "") return null;
  assertNormalName(name);
  return name;
}

function parsePubkey(given: { x: string; y: string }): Pubkey {
  const x = fromHex(given.x);
  const y = fromHex(given.y);
  try {
    secp256k1.Point.fromBytes(Uint8Array.of(4, ...x, ...y)); // SEC 1, uncompressed
  } catch {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The pubkey is not a point of the curve secp256k1 (EIP-619); give its coordinates x and y, or null for none.",
    );
  }
  return { x, y };
}
