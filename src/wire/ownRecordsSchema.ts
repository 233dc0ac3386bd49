/** The form and the bounds of a service's own records, as they come in a JSON body. */
import { z } from "zod";
import { LONGEST_NAME } from "../ens/dnsName.js";
import type { OwnRecords } from "./ownRecords.js";

/*
 * The bounds. A lookup reads the whole row, so that must stay a small thing; at all bounds at once it holds
 *
 *   texts       64 x (4096 bytes + key of 128 characters, 384 bytes)   280 KiB
 *   addresses   64 x  256 bytes, in hex                                 32 KiB
 *   abis         4 x   16 KiB, in hex                                  128 KiB
 *   data        16 x (4096 bytes in hex + key)                         134 KiB
 *   interfaces  64 x (20 bytes + id), in hex                             4 KiB
 *   name, pubkey, contenthash                                            1 KiB
 *                                                                      579 KiB
 *
 * which fits, quotes and all, into one request's JSON of 1 MiB (the route's bound). Real names have 1 to 4 KiB.
 */
const MOST_RECORDS = 64;
/** Of ENSIP-24's data: its keys are also answered all at once, by `supportedDataKeys`. */
const MOST_DATA = 16;
const LONGEST_KEY = 128;
/** In bytes of UTF-8. */
const LONGEST_TEXT = 4096;
/** Of an address or a content hash; the longest in use have 65. */
const LONGEST_BYTES = 256;
const LONGEST_DATA = 4096;
/** Compressed (content type 2), ABIs of 100 KiB fit; what is larger has a URI (content type 8). */
const LONGEST_ABI = 16 * 1024;

const utf8Length = (value: string): number => new TextEncoder().encode(value).length;

/** U+0000 cannot be stored by Postgres, and no client shows it; lone surrogates have no UTF-8 form. */
const storableText = z
  .string()
  .refine(
    (value) => !value.includes("\0") && value.isWellFormed(),
    "must be valid Unicode without U+0000",
  );

const key = storableText.min(1).max(LONGEST_KEY);

const text = storableText.refine(
  (value) => utf8Length(value) <= LONGEST_TEXT,
  `must not be longer than ${LONGEST_TEXT} bytes in UTF-8`,
);

const bytesUpTo = (longest: number) =>
  z
    .string()
    .max(2 + 2 * longest, `must not be longer than ${longest} bytes`)
    .regex(/^0x(?:[0-9a-fA-F]{2})*$/, "must be 0x and an even number of hexadecimal digits");

const coordinate = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hexadecimal digits (32 bytes)");

const coinType = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,77})$/, {
    error: "must be a decimal coin type (ENSIP-9), such as 0 for Bitcoin",
    abort: true,
  })
  .refine((decimal) => BigInt(decimal) < 2n ** 256n, "must be a coin type below 2^256");

const contentType = z
  .string()
  .regex(
    /^[1248]$/,
    "must be a content type of ENSIP-4: 1 for JSON, 2 for zlib-compressed JSON, 4 for CBOR, 8 for a URI",
  );

/** In one case only, so that no two keys are the same interface. */
const interfaceId = z
  .string()
  .regex(/^0x[0-9a-f]{8}$/, "must be an ERC-165 interface id: 0x and 8 lower-case digits");

const implementer = z.string().max(42);

/** zod leaves the key __proto__ out in silence; a key that we cannot keep is refused instead. */
function recordsOf<Key extends z.ZodString>(recordKey: Key, value: z.ZodString, most: number) {
  return (
    z
      .unknown()
      .refine(
        (given) => !Object.hasOwn(Object(given) as object, "__proto__"),
        "cannot have the key __proto__",
      )
      // counted first: explaining what is wrong with each of 90,000 would take longer than reading them
      .refine(
        (given) => Object.keys(Object(given) as object).length <= most,
        `at most ${most} records of this kind`,
      )
      .pipe(z.record(recordKey, value))
      .optional()
  );
}

/** All bytes in hex. What a record means, and what is checked of it, says `NameRecords` and `parseOwnRecords`. */
export const ownRecordsSchema = z.strictObject({
  addresses: recordsOf(coinType, bytesUpTo(LONGEST_BYTES), MOST_RECORDS),
  texts: recordsOf(key, text, MOST_RECORDS),
  contenthash: bytesUpTo(LONGEST_BYTES).nullable().optional(),
  name: z.string().max(LONGEST_NAME).nullable().optional(),
  pubkey: z.strictObject({ x: coordinate, y: coordinate }).nullable().optional(),
  abis: recordsOf(contentType, bytesUpTo(LONGEST_ABI), MOST_RECORDS),
  data: recordsOf(key, bytesUpTo(LONGEST_DATA), MOST_DATA),
  interfaces: recordsOf(interfaceId, implementer, MOST_RECORDS),
}) satisfies z.ZodType<OwnRecords>;
