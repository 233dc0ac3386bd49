/**
 * A service's own records of a name: avatar, e-mail, addresses on other chains, content hash. The DM3 records
 * and addr(60) are not among them: those follow from what a wallet signed.
 */
import { z } from "zod";
import { fromHex } from "../abi/hex.js";
import { COIN_TYPE_ETH, isEvmCoinType } from "../ens/coinType.js";
import { SignpostError } from "../errors.js";
import { nodeUnderDomain } from "./nameUnderDomain.js";
import { emptyName, type RegistryStores } from "./store.js";

/** Bounds: one name's row stays small enough for one database page and its TOAST, and for one signed answer. */
const MOST_RECORDS = 64;
const LONGEST_KEY = 128;
/** In bytes of UTF-8. */
const LONGEST_TEXT = 4096;
const LONGEST_BYTES = 256;

const DM3_KEYS = "network.dm3.";

const utf8Length = (value: string): number => new TextEncoder().encode(value).length;

/** U+0000 cannot be stored by Postgres, and no client shows it; lone surrogates have no UTF-8 form. */
const storableText = z
  .string()
  .refine(
    (value) => !value.includes("\0") && value.isWellFormed(),
    "must be valid Unicode without U+0000",
  );

const bytes = z
  .string()
  .max(2 + 2 * LONGEST_BYTES)
  .regex(/^0x(?:[0-9a-fA-F]{2})*$/, "must be 0x and an even number of hexadecimal digits");

const coinType = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,77})$/, {
    error: "must be a decimal coin type (ENSIP-9), such as 0 for Bitcoin",
    abort: true,
  })
  .refine((decimal) => BigInt(decimal) < 2n ** 256n, "must be a coin type below 2^256");

/** zod leaves the key __proto__ out in silence; a key that we cannot keep is refused instead. */
function recordsOf<Key extends z.ZodString>(key: Key, value: z.ZodString) {
  return (
    z
      .unknown()
      .refine(
        (given) => !Object.hasOwn(Object(given) as object, "__proto__"),
        "cannot have the key __proto__",
      )
      // counted first: explaining what is wrong with each of 90,000 would take longer than reading them
      .refine(
        (given) => Object.keys(Object(given) as object).length <= MOST_RECORDS,
        `at most ${MOST_RECORDS} records of a kind`,
      )
      .pipe(z.record(key, value))
  );
}

/** `addresses` by decimal coin type (ENSIP-9 bytes in hex), `texts` by key (ENSIP-5), `contenthash` (ENSIP-7). */
export const ownRecordsSchema = z.strictObject({
  addresses: recordsOf(coinType, bytes).optional(),
  texts: recordsOf(
    storableText.min(1).max(LONGEST_KEY),
    storableText.refine(
      (value) => utf8Length(value) <= LONGEST_TEXT,
      `must not be longer than ${LONGEST_TEXT} bytes in UTF-8`,
    ),
  ).optional(),
  contenthash: bytes.nullable().optional(),
});

export type OwnRecords = z.infer<typeof ownRecordsSchema>;

/**
 * Replaces the kinds of records that are given; a kind that is left out stays as it is. Throws INVALID_NAME,
 * FORBIDDEN (another domain's name), INVALID_REQUEST (a reserved key, or an address of the wrong length).
 */
export async function setRecords(
  { names, domains }: RegistryStores,
  { domain, name, records }: { domain: string; name: string; records: OwnRecords },
): Promise<void> {
  const node = await nodeUnderDomain(domains, name, domain);
  const addresses = records.addresses && parseAddresses(records.addresses);
  const texts = records.texts && parseTexts(records.texts);

  await names.changeName(node, async (locked) => {
    const kept = locked.current ?? emptyName(node, name, domain);
    const owner = kept.addresses.get(COIN_TYPE_ETH);
    const dm3Texts = [...kept.texts].filter(([key]) => key.startsWith(DM3_KEYS));
    await locked.save({
      ...kept,
      domain,
      ...(addresses && { addresses: owner ? addresses.set(COIN_TYPE_ETH, owner) : addresses }),
      ...(texts && { texts: new Map([...texts, ...dm3Texts]) }),
      ...(records.contenthash !== undefined && { contenthash: bytesOrNull(records.contenthash) }),
    });
  });
}

function parseAddresses(addresses: Record<string, string>): Map<bigint, Uint8Array> {
  return new Map(
    Object.entries(addresses).map(([decimal, hex]) => {
      const coinType = BigInt(decimal);
      const address = fromHex(hex);
      if (coinType === COIN_TYPE_ETH) {
        throw reserved(
          "The address of coin type 60 follows from the profile that its wallet signed",
        );
      }
      if (isEvmCoinType(coinType) && address.length !== 20) {
        throw new SignpostError(
          "INVALID_REQUEST",
          `The address of coin type ${decimal} takes 20 bytes, as on every EVM chain; ${address.length} came.`,
        );
      }
      return [coinType, address] as const;
    }),
  );
}

function parseTexts(texts: Record<string, string>): Map<string, string> {
  const own = new Map(Object.entries(texts));
  for (const key of own.keys()) {
    if (key.startsWith(DM3_KEYS)) {
      throw reserved(`The text record ${key} follows from a profile that was verified`);
    }
  }
  return own;
}

function reserved(why: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `${why}; publish the profile, or register the relay node, instead.`,
  );
}

function bytesOrNull(hex: string | null): Uint8Array | null {
  return hex === null || hex === "0x" ? null : fromHex(hex);
}
