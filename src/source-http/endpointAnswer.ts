/** The three answers of an endpoint: yes, no, and everything else, which says nothing. docs/source-http.md describes them. */
import { z } from "zod";
import { LONGEST_ROW_BYTES, type SourceRow, type UnusableRow } from "../registry/sources/source.js";
import { type EndpointFault, SIGNATURE_REFUSED } from "./endpointFault.js";

/** Of an answer's body; what is escaped in JSON is longer than the row itself. */
export const MOST_BYTES = 4 * LONGEST_ROW_BYTES;

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export type EndpointAnswer =
  | { readonly kind: "yes"; readonly row: SourceRow | UnusableRow }
  | { readonly kind: "no" }
  | { readonly kind: "unknown"; readonly fault: EndpointFault };

const record = z.string().nullable();
const records = z.record(z.string(), record);

/** Exact, so that a misspelt member is an error and not a record that is missing. */
const yesBody = z.strictObject({
  label: z.string(),
  wallet: record.optional(),
  profile: record.optional(),
  texts: records.optional(),
  addresses: records.optional(),
  contenthash: record.optional(),
});

const noBody = z.strictObject({ label: z.string(), error: z.literal("NO_SUCH_USER") });

/** What `answer` says of `label`; it has to name that label itself. */
export function readAnswer(label: string, { status, headers, body }: WireAnswer): EndpointAnswer {
  if (status === 401) return unknown(SIGNATURE_REFUSED);
  if (status !== 200 && status !== 404) return unknown(`HTTP ${status}`);
  // a 404 of a proxy, or of a wrong path, is no answer of the service: that one is told for all that is wrong with it
  const because = (fault: EndpointFault) =>
    unknown(status === 404 ? "HTTP 404 without NO_SUCH_USER" : fault);
  if (!isIdentity(headers.get("content-encoding"))) return because("compressed answer");
  if (!isJson(headers.get("content-type"))) return because("answer not of type application/json");
  const json = parseJson(body);
  if (status === 404) {
    const no = noBody.safeParse(json);
    if (!no.success) return because("answer not as documented");
    return no.data.label === label ? { kind: "no" } : unknown("answer for another label");
  }
  const yes = yesBody.safeParse(json);
  if (!yes.success) return because("answer not as documented");
  if (yes.data.label !== label) return unknown("answer for another label");
  const row = rowOf(yes.data);
  return { kind: "yes", row: bytesOf(row) > LONGEST_ROW_BYTES ? "tooLarge" : row };
}

function unknown(fault: EndpointFault): EndpointAnswer {
  return { kind: "unknown", fault };
}

function isIdentity(encoding: string | undefined): boolean {
  return encoding === undefined || encoding.trim().toLowerCase() === "identity";
}

/** RFC 8259, section 11: JSON has no parameters; `charset=utf-8`, which frameworks add, changes nothing. */
function isJson(contentType: string | undefined): boolean {
  return /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(contentType?.trim() ?? "");
}

/** `undefined` for what is no JSON in UTF-8: it has no schema. */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function rowOf(said: z.infer<typeof yesBody>): SourceRow {
  return {
    wallet: said.wallet ?? null,
    profile: said.profile ?? null,
    texts: present(said.texts ?? {}),
    addresses: present(said.addresses ?? {}),
    contenthash: said.contenthash ?? null,
  };
}

function present(values: Readonly<Record<string, string | null>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

function bytesOf({ wallet, profile, texts, addresses, contenthash }: SourceRow): number {
  const values = [wallet, profile, contenthash, ...texts.values(), ...addresses.values()];
  return values.reduce((sum, value) => sum + new TextEncoder().encode(value ?? "").length, 0);
}
