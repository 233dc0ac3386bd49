/** What strangers may send to /rpc, and what becomes of it. */
import { randomBytes } from "node:crypto";
import { type Exchange, isOk } from "../exchange.js";
import type { Subject } from "../subject.js";
import { readProperties, sizeLimitIn } from "./propertiesFacts.js";

export interface Malformed {
  readonly what: string;
  readonly exchange: Exchange;
}

export interface RpcFacts {
  readonly unknownMethod: Exchange;
  readonly noMethod: Exchange;
  readonly malformed: readonly Malformed[];
  /** The properties, asked after all of that. */
  readonly afterwards: Exchange;
  /** An envelope with a field that there is not. */
  readonly extraField: Exchange;
  /** An envelope that is one byte longer than `sizeLimit`; null where that is not told, or too long to try. */
  readonly oversize: { readonly bytes: number; readonly exchange: Exchange } | null;
  /** A body longer than an envelope of this node may be; null where that is too long to try. */
  readonly hugeBody: { readonly bytes: number; readonly exchange: Exchange } | null;
  /** Asked at the URL itself, as DM3's specification has it. */
  readonly atUrl: Exchange;
  readonly withSlash: Exchange;
  readonly extensionOfNobody: Exchange;
}

/** So much is sent, at most. */
const LONGEST_BODY = 4_000_000;
/** dm3's default of sizeLimit. */
const LEAST_LIMIT = 100_000;
const SUBMIT = "dm3_submitMessage";
const PROPERTIES = "dm3_getDeliveryServiceProperties";

export async function rpcFacts(subject: Subject): Promise<RpcFacts> {
  const { ask, call } = subject;
  const post = (body: unknown, path = "/rpc") => ask({ method: "POST", path, body });
  const asked = { jsonrpc: "2.0", id: 7, method: PROPERTIES, params: [] };
  const unknownMethod = await post({ ...asked, method: "dm3_noSuchMethod" });
  const noMethod = await post({ jsonrpc: "2.0", id: 7 });
  const atUrl = await post(asked, "");
  const withSlash = await post(asked, "/rpc/");
  const extensionOfNobody = await call("dm3_getProfileExtension", nobody());
  const extraField = await call(SUBMIT, JSON.stringify({ ...envelope("x"), id: "x" }));
  const sizeLimit = sizeLimitIn(readProperties(await call(PROPERTIES)).properties);

  const malformed: Malformed[] = [];
  for (const [what, body] of Object.entries(MALFORMED)) {
    malformed.push({ what, exchange: await post(body) });
  }
  const longestTold = Math.max(sizeLimit ?? 0, LEAST_LIMIT);
  const hugeBytes = Math.min(LONGEST_BODY, 3 * longestTold + 200_000);
  const openEnded = `{"jsonrpc":"2.0","method":"${SUBMIT}","params":["${"x".repeat(hugeBytes)}`;
  // an envelope's quotes are escaped twice, so a body of twice its length is one that a node may read
  const isTooLong = hugeBytes > 2 * longestTold;
  const hugeBody = isTooLong ? { bytes: hugeBytes, exchange: await post(openEnded) } : null;
  return {
    ...{ unknownMethod, noMethod, atUrl, withSlash, extensionOfNobody, extraField, malformed },
    ...{ hugeBody, oversize: await oversizeIn(subject, sizeLimit) },
    afterwards: await patiently(subject),
  };
}

/** A node that ended and was started again needs a moment, which is not the fault that is looked for here. */
async function patiently({ call }: Subject): Promise<Exchange> {
  const first = await call(PROPERTIES);
  if (isOk(first)) return first;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return call(PROPERTIES);
}

async function oversizeIn(
  { call }: Subject,
  sizeLimit: number | null,
): Promise<RpcFacts["oversize"]> {
  if (sizeLimit === null || sizeLimit > LONGEST_BODY) return null;
  const empty = JSON.stringify(envelope("")).length;
  const text = JSON.stringify(envelope("x".repeat(Math.max(0, sizeLimit + 1 - empty))));
  return { bytes: text.length, exchange: await call(SUBMIT, text) };
}

/** A name that nobody has. */
export function nobody(): string {
  return `nobody-${randomBytes(8).toString("hex")}.eth`;
}

/** Of the right form, and for nobody. */
function envelope(message: string) {
  return {
    message,
    metadata: {
      ...{ version: "v1", encryptionScheme: "x25519-chacha20-poly1305", deliveryInformation: "x" },
      ...{ messageHash: `0x${"00".repeat(32)}`, signature: "x" },
    },
  };
}

const submitting = (...params: unknown[]) =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, method: SUBMIT, params });

const MALFORMED: Readonly<Record<string, string>> = {
  "no JSON": "{",
  nothing: "",
  null: "null",
  "a text": '"x"',
  "a number": "7",
  "an empty list": "[]",
  "a list of nothing": "[null]",
  "a method that is a number": '{"jsonrpc":"2.0","id":1,"method":7,"params":[]}',
  "an id that is an object": '{"jsonrpc":"2.0","id":{"a":1},"method":7,"params":[]}',
  "a submit without parameters": `{"jsonrpc":"2.0","id":1,"method":"${SUBMIT}"}`,
  "a submit of null": submitting(null),
  "a submit of a number": submitting(7),
  "a submit of no JSON": submitting("{"),
  "a submit of null as text": submitting("null"),
  "a submit of an empty envelope": submitting("{}"),
  "an envelope without metadata": submitting('{"message":"x"}'),
  "an envelope whose metadata is null": submitting('{"message":"x","metadata":null}'),
  "an envelope whose fields are numbers": submitting(
    JSON.stringify({ ...envelope("x"), message: 7 }),
  ),
  "delivery information that is nobody's": submitting(JSON.stringify(envelope("x"))),
  "delivery information with keys of another length": submitting(
    JSON.stringify({
      ...envelope("x"),
      metadata: {
        ...envelope("x").metadata,
        deliveryInformation: '{"ciphertext":"AAAA","ephemPublicKey":"AA==","nonce":"0x00"}',
      },
    }),
  ),
  "a name of another type":
    '{"jsonrpc":"2.0","id":1,"method":"dm3_getProfileExtension","params":[{}]}',
  __proto__: '{"jsonrpc":"2.0","id":1,"method":"__proto__","params":[],"__proto__":{"x":1}}',
  "much nesting": `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
};
