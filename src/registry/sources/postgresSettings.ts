/** A view or a table in the service's own Postgres: where it is, and which column is which record. No SQL is ever taken. */
import { z } from "zod";

/** Postgres itself cuts off longer identifiers, so that they would name another thing. */
const LONGEST_IDENTIFIER_BYTES = 63;

const identifier = z
  .string()
  .min(1)
  .refine(
    (name) => !name.includes("\0") && name.isWellFormed(),
    "must be valid Unicode without U+0000",
  )
  .refine(
    (name) => new TextEncoder().encode(name).length <= LONGEST_IDENTIFIER_BYTES,
    `must not be longer than ${LONGEST_IDENTIFIER_BYTES} bytes in UTF-8`,
  );

/** A host name or an IP address: neither a path to a socket, nor a list, nor a URL. */
const host = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9._:-]+$/, "must be one host name or one IP address, without a port");

const MOST_MAPPED = 32;

/** zod leaves the key __proto__ out in silence. */
const mapOf = (key: z.ZodString) =>
  z
    .unknown()
    .refine(
      (given) => !Object.hasOwn(Object(given) as object, "__proto__"),
      "cannot have the key __proto__",
    )
    .pipe(z.record(key, identifier))
    .refine((map) => Object.keys(map).length <= MOST_MAPPED, `at most ${MOST_MAPPED} of them`)
    .default({});

const textKey = z
  .string()
  .min(1)
  .max(128)
  .refine((key) => !key.startsWith("network.dm3."), "is set by the profile");
const coinType = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,77})$/, "must be a decimal coin type (ENSIP-9)")
  .refine((coin) => coin !== "60", "is the wallet");

/** Which column is which record. */
const columns = z.strictObject({
  label: identifier,
  /** How a label is looked up: as it stands, or by `lower(column)`. */
  compare: z.enum(["exact", "lower"]).default("exact"),
  wallet: identifier.nullable().default(null),
  profile: identifier.nullable().default(null),
  contenthash: identifier.nullable().default(null),
  /** By text key, and by coin type in decimal. */
  texts: mapOf(textKey),
  addresses: mapOf(coinType),
});

export const postgresSettings = z.strictObject({
  kind: z.literal("postgres"),
  host,
  port: z.int().min(1).max(65535).default(5432),
  database: identifier,
  user: identifier,
  /** "verified": TLS with a certificate for `host`. "off" is for a private network alone. */
  tls: z.enum(["verified", "off"]).default("verified"),
  /** Certificates in PEM that are trusted instead of the usual ones. */
  certificates: z.string().max(100_000).nullable().default(null),
  /** The private network, as 10.1.0.0/16, that the host may lie in; null: public addresses only. */
  network: z.string().max(64).nullable().default(null),
  schema: identifier,
  table: identifier,
  columns,
});

export type PostgresSettings = z.infer<typeof postgresSettings>;
export type ColumnMap = PostgresSettings["columns"];
