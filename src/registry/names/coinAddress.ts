/**
 * Addresses of coins, in the bytes that ENS stores (ENSIP-9). What no client could pay to is refused: an Ethereum address
 * as Bitcoin's, an address's text as its bytes, a zero address.
 *
 * ENS' own encoder of addresses decides, the one that clients show them by. It is loaded with the first address that
 * somebody writes: 120 ms and 15 MB that a process which only answers lookups need not have. Coins that it does not know
 * are taken as bytes.
 */
import { ADDRESS_BYTES } from "../../ens/address.js";
import { isEvmCoinType } from "../../ens/coinType.js";
import { SignpostError } from "../../errors.js";

/** From bytes to text, and back; both throw for what is no address. */
interface Coder {
  readonly encode: (bytes: Uint8Array) => string;
  readonly decode: (text: string) => Uint8Array;
}

interface Coin extends Coder {
  /** As people call it: "Bitcoin". */
  readonly name: string;
}

/**
 * How many bytes the addresses of widely used coins have, from and to, where the encoder takes any number: it spells
 * "hello world" as an address of Ripple.
 */
const LENGTHS = new Map<number, readonly [shortest: number, longest: number]>([
  [7, [21, 21]], // Namecoin
  [42, [26, 26]], // Decred
  [118, [20, 32]], // Cosmos
  [128, [69, 77]], // Monero
  [133, [23, 43]], // Zcash
  [144, [21, 31]], // Ripple, with and without a tag
  [148, [32, 32]], // Stellar
  [165, [32, 32]], // Nano
  [195, [21, 21]], // Tron
  [304, [20, 20]], // IoTeX
  [313, [20, 20]], // Zilliqa
  [330, [20, 32]], // Terra
  [459, [20, 32]], // Kava
  [508, [32, 32]], // MultiversX
  [566, [20, 32]], // IRISnet
  [714, [20, 20]], // BNB
  [888, [21, 21]], // NEO
  [931, [20, 20]], // THORChain
  [1023, [20, 20]], // Harmony
  [1024, [20, 20]], // Ontology
  [1237, [32, 32]], // Nostr
  [1815, [29, 128]], // Cardano
  [2301, [21, 21]], // Qtum
  [4218, [32, 32]], // IOTA
  [8444, [32, 32]], // Chia
  [9000, [20, 20]], // Avalanche
]);

/** Throws INVALID_REQUEST unless clients can show it and pay to it. */
export async function assertCoinAddress(coinType: bigint, address: Uint8Array): Promise<void> {
  if (address.length === 0) throw unusable(coinType, "has no bytes; leave the coin out instead");
  if (address.every((byte) => byte === 0)) {
    throw unusable(coinType, "is all zeros, which is nobody's; leave the coin out instead");
  }
  if (isEvmCoinType(coinType)) {
    if (address.length === ADDRESS_BYTES) return;
    throw unusable(
      coinType,
      `has to have ${ADDRESS_BYTES} bytes, as on every EVM chain; it has ${address.length}`,
    );
  }
  const coin = await coinOf(coinType);
  if (coin === null) return;
  if (isText(coin, address)) {
    throw unusable(coinType, `is the text of a ${coin.name} address; decode it into its bytes`);
  }
  const [shortest = 1, longest = Infinity] = LENGTHS.get(Number(coinType)) ?? [];
  const { length } = address;
  if (length >= shortest && length <= longest && isAddress(coin, address)) return;
  throw unusable(
    coinType,
    `is no ${coin.name} address in the bytes that ENS stores (ENSIP-9); decode the address's text by @ensdomains/address-encoder, as ENS' own apps do`,
  );
}

/** Of an address as wallets show it; null for a coin that the encoder does not know, or what is no address of it. */
export async function bytesOfCoinText(coinType: bigint, text: string): Promise<Uint8Array | null> {
  const coin = await coinOf(coinType);
  try {
    return coin === null ? null : Uint8Array.from(coin.decode(text));
  } catch {
    return null;
  }
}

/** Null for a coin that the encoder does not know. */
async function coinOf(coinType: bigint): Promise<Coin | null> {
  const { getCoderByCoinType, nonEvmCoinTypeToNameMap } =
    await import("@ensdomains/address-encoder");
  const names: Readonly<Record<string, readonly [string, string]>> = nonEvmCoinTypeToNameMap;
  const [, name] = names[coinType.toString()] ?? [];
  if (name === undefined) return null;
  const { encode, decode } = getCoderByCoinType(Number(coinType) as never) as Coder;
  return { name, encode, decode };
}

/** Whether it is what its own text stands for: some coders spell any bytes, and refuse to read them back. */
function isAddress({ encode, decode }: Coder, address: Uint8Array): boolean {
  try {
    // a copy: a coder may read the whole buffer that it lies in
    return sameAs(address, decode(encode(Uint8Array.from(address))));
  } catch {
    return false;
  }
}

/** Whether it is an address as people write it, in ASCII; where a coin's bytes are that text (NEAR), it is as it should be. */
function isText({ decode }: Coder, address: Uint8Array): boolean {
  if (address.some((byte) => byte < 0x21 || byte > 0x7e)) return false;
  try {
    return !sameAs(address, decode(String.fromCharCode(...address)));
  } catch {
    return false;
  }
}

function sameAs(address: Uint8Array, other: Uint8Array): boolean {
  return address.length === other.length && address.every((byte, at) => byte === other[at]);
}

function unusable(coinType: bigint, why: string): SignpostError {
  const shown = coinType.toString();
  return new SignpostError("INVALID_REQUEST", `The address of coin type ${shown} ${why}.`, {
    coinType: shown,
  });
}
