/**
 * What a relay node's answer to a submitted envelope means. Nodes are of several makes: dm3's answer `OK`, or 400 with a
 * text, a JSON error or nothing at all; ours, and those that follow the specification, answer JSON-RPC.
 *
 * Only what a relay node would say counts. A page of a proxy, with whatever status, is no answer: the message was then
 * neither accepted nor refused.
 */
import { foreignText } from "../fetch/foreignText.js";
import type { Reason, WhyNot } from "./outgoingMessage.js";

export type SubmitAnswer =
  | { readonly kind: "accepted" }
  /** It knows the hash by the other name. */
  | { readonly kind: "other-hash-field" }
  /** Keys may have changed: signing and encrypting once more may help, once. After that, it counts as `otherwise`. */
  | ({ readonly kind: "sign-again"; readonly otherwise: "refused" | "later" } & WhyNot)
  /** For good. */
  | ({ readonly kind: "refused" } & WhyNot)
  /** For now. */
  | ({ readonly kind: "later" } & WhyNot & AskedPause)
  | ({ readonly kind: "unreachable" } & WhyNot & AskedPause);

/** How long the relay node asks to be left alone, in milliseconds, where it does. */
interface AskedPause {
  readonly retryAfterMs?: number;
}

type Kind = Exclude<SubmitAnswer["kind"], "accepted" | "other-hash-field">;

/** What our relay node names in `error.data.code`, where the number of the specification says less. */
const BY_CODE: Readonly<Record<string, readonly [Kind, Reason]>> = {
  WRONG_METADATA_SIGNATURE: ["sign-again", "wrong-key"],
  NOT_FOR_THIS_KEY: ["sign-again", "malformed"],
  DELIVERY_INFORMATION_MALFORMED: ["refused", "malformed"],
  ENVELOPE_MALFORMED: ["refused", "malformed"],
  TOO_LARGE: ["refused", "too-large"],
  UNKNOWN_SENDER: ["refused", "unknown-sender"],
  INVALID_PROFILE: ["refused", "untrusted-profile"],
  LIMIT_EXCEEDED: ["later", "limit"],
  OVERLOADED: ["later", "limit"],
  UNREACHABLE: ["unreachable", "unreachable"],
  DATABASE_UNAVAILABLE: ["unreachable", "unreachable"],
  INTERNAL: ["unreachable", "unreachable"],
};

/** DM3's specification, message transport, "Error codes" and reasons for a rejection; and JSON-RPC's own for a server that failed. */
const BY_NUMBER: Readonly<Record<number, readonly [Kind, Reason]>> = {
  [-32001]: ["refused", "no-account"],
  [-32002]: ["unreachable", "unreachable"],
  [-32003]: ["refused", "unwanted"],
  [-32005]: ["later", "limit"],
  [-32050]: ["refused", "unwanted"],
  [-32051]: ["refused", "too-large"],
  [-32603]: ["unreachable", "unreachable"],
};

const INVALID_SCHEMA = /^invalid schema$/i;
/** dm3's node has these for what is no envelope. */
const DM3_TEXT = /^(Envelop missing|Error parsing envelop|Bad Request)$/;
/** A relay node's answer takes some hundred characters. */
const LONGEST_READ = 16_384;

export function readSubmitAnswer(status: number, body: Uint8Array): SubmitAnswer {
  const text = new TextDecoder().decode(body.subarray(0, LONGEST_READ)).trim();
  const json = objectIn(text);
  if (status >= 500 || status === 408 || status === 425) {
    const { code, message } = errorIn(json);
    return unreachable(`answered ${status}${quoted(message ?? code)}`);
  }
  if (status === 429) return no("later", "limit", status, errorIn(json).message);
  if (status >= 200 && status < 300) return successIn(status, text, json);
  if (status === 413) return no("refused", "too-large", status, errorIn(json).message);
  return refusalIn(status, text, json);
}

/** A relay node that gave no answer at all. */
export function unreachable(what: string): SubmitAnswer {
  return {
    ...{ kind: "unreachable", reason: "unreachable" },
    sentence: `The relay node ${what}. It is tried again.`,
  };
}

function successIn(status: number, text: string, json: Json | null): SubmitAnswer {
  if (text === "OK" || text === '"OK"') return { kind: "accepted" };
  if (json !== null && json["error"] !== undefined && json["error"] !== null) {
    return refusalIn(status, text, json);
  }
  if (json !== null && Object.hasOwn(json, "result") && json["result"] !== false) {
    return { kind: "accepted" };
  }
  return unreachable(`answered ${status} with something that is no answer of a relay node`);
}

function refusalIn(status: number, text: string, json: Json | null): SubmitAnswer {
  if (json === null) {
    if (status === 400 && (text === "" || DM3_TEXT.test(text))) {
      // dm3's node says no more when it cannot read its part, or does not know the receiver, or finds it too large
      return no("sign-again", "unnamed", status, text === "" ? undefined : text);
    }
    return unreachable(`answered ${status} with something that is no answer of a relay node`);
  }
  const { number, code, message, sentence = message } = errorIn(json);
  if (INVALID_SCHEMA.test(message ?? "")) return { kind: "other-hash-field" };
  const known =
    (code !== undefined && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined) ??
    (number !== undefined ? BY_NUMBER[number] : undefined);
  if (known !== undefined) return no(known[0], known[1], status, sentence);
  return no("refused", "unnamed", status, sentence);
}

function no(kind: Kind, reason: Reason, status: number, message?: string): SubmitAnswer {
  const said = message === undefined ? ` with status ${status}` : quoted(message);
  const sentence =
    kind === "unreachable"
      ? `The relay node could not decide${said}. It is tried again.`
      : kind === "later"
        ? `The relay node takes it later${said}.`
        : `The relay node refused it${said}.`;
  if (kind !== "sign-again") return { kind, reason, sentence };
  // whoever does not say why may mean something that passes, such as a receiver who signs up tomorrow
  return { kind, reason, sentence, otherwise: reason === "unnamed" ? "later" : "refused" };
}

const quoted = (text: string | undefined) =>
  text === undefined || text === "" ? "" : `: ${foreignText(text)}`;

type Json = Readonly<Record<string, unknown>>;

function objectIn(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Json)
      : null;
  } catch {
    return null;
  }
}

interface ToldError {
  readonly number?: number;
  readonly code?: string;
  readonly message?: string;
  /** What our relay node adds: a sentence. */
  readonly sentence?: string;
}

/** Of `{error: "text"}`, `{message: "text"}` or JSON-RPC's `{error: {code, message, data: {code, message}}}`. */
function errorIn(json: Json | null): ToldError {
  const error = json?.["error"] ?? json?.["message"];
  if (typeof error === "string") return { message: error };
  if (typeof error !== "object" || error === null) return {};
  const { code: number, message, data } = error as Json;
  const { code, message: sentence } = Object(data) as Json;
  return {
    ...(typeof number === "number" && { number }),
    ...(typeof message === "string" && { message }),
    ...(typeof code === "string" && { code }),
    ...(typeof sentence === "string" && { sentence }),
  };
}
