/**
 * The lines of an export: one JSON object each, in canonical form (dm3/stringify), without clock or version numbers, so
 * that one state of a domain has one export, byte for byte. docs/export.md draws it.
 *
 *   signpost-export   form, domain
 *   domain            owner, policy
 *   alias, resolver   one line each
 *   reservation       one line each
 *   source            settings without secrets
 *   name              what outlives a name, its state, and where its history ends; by the bytes of the names
 *   entry             behind its name's line: one for each entry of its history, with its hash
 *   end               how many lines of each kind, and SHA-256 of all bytes before
 */
import { z } from "zod";
import { LONGEST_NAME } from "../../ens/dnsName.js";
import type { HistoryEntry } from "../../registry/history/historyEntry.js";
import type { NameState } from "../../registry/names/nameState.js";

export const EXPORT_FORM = 1;

const name = z.string().min(1).max(LONGEST_NAME);
const hex = (bytes: number) =>
  z.templateLiteral(["0x", z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))]);
const count = z.number().int().nonnegative();
const decimal = z.string().regex(/^(?:0|[1-9][0-9]{0,77})$/, "must be a decimal number");
const label = z.string().min(1).max(LONGEST_NAME);

const MOST_LABELS = 10_000;
const MOST_FINGERPRINTS = 100_000;

const fingerprints = z.array(hex(32)).max(MOST_FINGERPRINTS);

export const headerLine = z.strictObject({
  kind: z.literal("signpost-export"),
  form: z.literal(EXPORT_FORM, "is one that this version does not read; upgrade first"),
  domain: name,
});

const domainLine = z.strictObject({
  kind: z.literal("domain"),
  name,
  owner: hex(20).nullable(),
  policy: z.strictObject({
    claims: z.enum(["service", "wallets"]),
    addressNames: z.boolean(),
    aliases: z.boolean(),
    reservedLabels: z.array(label).max(MOST_LABELS),
  }),
});
const aliasLine = z.strictObject({ kind: z.literal("alias"), alias: name });
const resolverLine = z.strictObject({
  kind: z.literal("resolver"),
  chainId: decimal,
  address: hex(20),
});
const reservationLine = z.strictObject({
  kind: z.literal("reservation"),
  name,
  wallet: hex(20).nullable(),
  /** Unix time in milliseconds; null: for good. */
  untilMs: z.number().int().nullable(),
});
const sourceLine = z.strictObject({
  kind: z.literal("source"),
  freshMs: count,
  settings: z.record(z.string(), z.unknown()),
});
const nameLine = z.strictObject({
  kind: z.literal("name"),
  name,
  /** Null: no history tells of the name. */
  end: z.strictObject({ number: count.min(1), hash: hex(32) }).nullable(),
  marks: z.strictObject({
    sequence: count,
    writesAfterSec: count,
    ownerChain: decimal.nullable(),
    givenUpBy: z.array(hex(20)).max(MOST_FINGERPRINTS),
    isGift: z.boolean(),
  }),
  /** Fingerprints of profiles that must not come back. */
  retired: fingerprints,
  /** The last profile that was served from the service's own data. */
  served: z.strictObject({ rowDigest: hex(32), profileFingerprint: hex(32) }).nullable(),
  /** Those that were served from there before. */
  servedBefore: fingerprints,
  /** `nameState`; null: the name is gone. What it holds, `verifyName` checks. */
  state: z.custom<NameState>((given) => typeof given === "object").nullable(),
});

const AUTHORITIES: Readonly<Record<HistoryEntry["authority"]["kind"], true>> = {
  service: true,
  admin: true,
  database: true,
  dm3: true,
  owner: true,
  writer: true,
};
const OPERATIONS: Readonly<Record<HistoryEntry["operation"], true>> = {
  create: true,
  claim: true,
  publishProfile: true,
  deleteProfile: true,
  setRecords: true,
  registerRelayNode: true,
  removeRelayNode: true,
  registerNetwork: true,
  removeNetwork: true,
  publishCertificate: true,
  removeCertificate: true,
  move: true,
  delete: true,
  suspend: true,
  unsuspend: true,
  handOver: true,
  withdraw: true,
  found: true,
};
const NOT_KNOWN = "is not known here; a newer version wrote it";

/** An entry before it was looked at. */
interface Unread {
  readonly authority?: { readonly kind?: unknown } | null;
  readonly operation?: unknown;
}

/** Whether its kinds of right and of action are known; what else it holds, following it tells. */
export function isKnownEntry({ authority, operation }: Unread): boolean {
  return (
    Object.hasOwn(AUTHORITIES, String(authority?.kind)) &&
    Object.hasOwn(OPERATIONS, String(operation))
  );
}

const entryLine = z.strictObject({
  kind: z.literal("entry"),
  /** What else it holds, following it tells. */
  entry: z
    .custom<HistoryEntry>((given) => typeof given === "object" && given !== null)
    .superRefine(({ authority, operation }: Unread, context) => {
      if (!Object.hasOwn(AUTHORITIES, String(authority?.kind))) {
        context.addIssue({ code: "custom", path: ["authority", "kind"], message: NOT_KNOWN });
      }
      if (!Object.hasOwn(OPERATIONS, String(operation))) {
        context.addIssue({ code: "custom", path: ["operation"], message: NOT_KNOWN });
      }
    }),
  hash: hex(32),
});
const endLine = z.strictObject({
  kind: z.literal("end"),
  counts: z.record(z.string(), count),
  sha256: hex(32),
});

const schemas = {
  domain: domainLine,
  alias: aliasLine,
  resolver: resolverLine,
  reservation: reservationLine,
  source: sourceLine,
  name: nameLine,
  entry: entryLine,
  end: endLine,
};

/** Of the lines behind the first one. */
export type LineKind = keyof typeof schemas;
export type LineOf<Kind extends LineKind> = z.infer<(typeof schemas)[Kind]>;
export type ExportLine = LineOf<LineKind>;
export type HeaderLine = z.infer<typeof headerLine>;
export type NameLine = LineOf<"name">;

export const LINE_SCHEMAS: { readonly [Kind in LineKind]: z.ZodType<LineOf<Kind>> } = schemas;
export const LINE_KINDS = Object.keys(schemas) as readonly LineKind[];
