/** What goes out on the CCIP path: answers, refusals and preflights, all of them readable from any web page (ENSIP-22). */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sizeAt, slice, WORD } from "../../abi/word.js";
import { batchSignatureIn } from "../../ccip/batchSignature.js";
import type { GatewayAnswer } from "../../gateway/gateway.js";
import { REQUEST_ID_HEADER } from "../requestId.js";
import type { ShownError } from "../shownError.js";

const ANY_ORIGIN = ["access-control-allow-origin", "*"];
const JSON_TYPE = ["content-type", "application/json; charset=utf-8"];

/** A day: what a browser asked once it need not ask again. */
const PREFLIGHT_LIFETIME = ["access-control-max-age", "86400"];

/** An answer as it is sent, again and again. */
export interface ReadyAnswer {
  /** Flat list of names and values, the form in which Node takes them without a copy. */
  readonly headers: readonly string[];
  /** Latin-1, and flat where it is kept: Node then writes it in one piece with the headers. */
  readonly body: string;
  readonly etag: string;
}

/** Of what is kept around the body: headers 0.3 KiB, two byte arrays 0.5, basis and entries of maps 0.4. */
const OVERHEAD_BYTES = 1200;

/**
 * @param maxAgeSec how long caches may give the answer again; it must end before the answer expires
 * @param isKept whether it is sent more than once
 */
export function readyAnswer({ data }: GatewayAnswer, maxAgeSec: number, isKept: boolean) {
  const json = `{"data":"0x${hexOf(data)}"}`;
  const body = isKept ? flat(json) : json;
  const etag = etagOf(data);
  const headers = [
    ...JSON_TYPE,
    "content-length",
    body.length.toString(),
    ...ANY_ORIGIN,
    "cache-control",
    `public, max-age=${maxAgeSec}`,
    "etag",
    etag,
  ];
  const ready: ReadyAnswer = { headers, body, etag };
  return { ready, bytes: body.length + OVERHEAD_BYTES };
}

/**
 * A strong validator that need not be computed: 16 bytes of the signature field, which no other answer has. A signature
 * of its own covers all of the answer, and half of its r is enough to tell two apart. Answers that share a signature
 * have a random salt each.
 */
function etagOf(data: Uint8Array): string {
  const offset = sizeAt(data, SIGNATURE_OFFSET_AT);
  const field = slice(data, offset + WORD, sizeAt(data, offset));
  const unique = batchSignatureIn(field)?.salt ?? field;
  return `"${hexOf(unique.subarray(0, ETAG_BYTES))}"`;
}

/** Behind the result's offset and the expiry. */
const SIGNATURE_OFFSET_AT = 2 * WORD;
const ETAG_BYTES = 16;

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** A copy in one piece: V8 keeps a concatenated string as a tree of its parts until it is read. */
function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { headers, body, etag }: ReadyAnswer,
): void {
  // without its end, behind which proxies that compress write their own: "...-gzip"; all have the same length
  if (ifNoneMatch(request)?.includes(etag.slice(0, -1)) === true) {
    response.writeHead(304, headers.slice(ANSWER_ONLY_HEADERS)).end();
    return;
  }
  response.writeHead(200, headers as string[]).end(body, "latin1");
}

/** From the list as it came: sorting all headers into an object would take longer than sending the answer. */
function ifNoneMatch({ rawHeaders }: IncomingMessage): string | undefined {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === IF_NONE_MATCH.length && name.toLowerCase() === IF_NONE_MATCH) {
      return rawHeaders[at + 1];
    }
  }
  return undefined;
}

const IF_NONE_MATCH = "if-none-match";

/** Type and length of a body, which 304 does not have; they come first in the list. */
const ANSWER_ONLY_HEADERS = JSON_TYPE.length + 2;

/** ERC-3668 knows no more than a message. Caches must not keep a refusal: the next moment may bring an answer. */
export function sendRefusal(
  response: ServerResponse,
  { error, status }: ShownError,
  requestId: string,
): void {
  const body = JSON.stringify({ message: error.message });
  response
    .writeHead(status, [
      ...JSON_TYPE,
      ...ANY_ORIGIN,
      "content-length",
      Buffer.byteLength(body).toString(),
      "cache-control",
      "no-store",
      REQUEST_ID_HEADER,
      requestId,
    ])
    .end(body);
}

/** Answers what browsers ask before they POST JSON from another page. */
export function sendPreflight(request: IncomingMessage, response: ServerResponse): void {
  const asked = request.headers["access-control-request-headers"] ?? "content-type";
  response
    .writeHead(204, [
      ...ANY_ORIGIN,
      ...PREFLIGHT_LIFETIME,
      "access-control-allow-methods",
      "GET, HEAD, POST",
      "access-control-allow-headers",
      /^[\w\-, ]{1,300}$/.test(asked) ? asked : "content-type",
    ])
    .end();
}
