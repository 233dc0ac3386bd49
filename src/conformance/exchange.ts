/** One request to the relay node, and what came back: an answer of any status, or none. */
import { foreignText } from "../fetch/foreignText.js";

export interface Answered {
  readonly kind: "answered";
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  /** Undefined where the text is no JSON. */
  readonly json: unknown;
}

interface Unanswered {
  readonly kind: "unanswered";
  /** Fit to print. */
  readonly reason: string;
}

export type Exchange = Answered | Unanswered;

export function answeredWith({
  status,
  headers,
  text,
}: Pick<Answered, "status" | "headers" | "text">): Answered {
  return { kind: "answered", status, headers, text, json: jsonIn(text) };
}

/** Nothing can be asked of what was not answered, so it has no status. */
export function statusOf(exchange: Exchange): number | null {
  return exchange.kind === "answered" ? exchange.status : null;
}

export function isOk(exchange: Exchange): exchange is Answered {
  return exchange.kind === "answered" && exchange.status >= 200 && exchange.status < 300;
}

/** 2xx says yes as well where its body is the error of a JSON-RPC call. */
export function isRefused(exchange: Exchange): boolean {
  if (exchange.kind === "unanswered") return false;
  if (exchange.status >= 400 && exchange.status < 500) return true;
  return isOk(exchange) && rpcErrorOf(exchange) !== null;
}

/** Accepted: 2xx, and no error of JSON-RPC in it. */
export function isAccepted(exchange: Exchange): exchange is Answered {
  return isOk(exchange) && rpcErrorOf(exchange) === null;
}

/** The member `error` of a JSON-RPC response (JSON-RPC 2.0, section 5.1), or null. */
export function rpcErrorOf({ json }: Answered): Readonly<Record<string, unknown>> | null {
  const { jsonrpc, error } = membersOf(json);
  return jsonrpc === undefined || typeof error !== "object" || error === null
    ? null
    : membersOf(error);
}

/** Of whatever it is; those of nothing are none. */
export function membersOf(json: unknown): Readonly<Record<string, unknown>> {
  return Object(json) as Readonly<Record<string, unknown>>;
}

/** What was answered, as a line tells it. */
export function told(exchange: Exchange): string {
  if (exchange.kind === "unanswered") return `no answer (${exchange.reason})`;
  const text = foreignText(withoutTokens(exchange.text.replace(/<[^>]*>/g, " ")), 80);
  return text === "" ? `HTTP ${exchange.status}` : `HTTP ${exchange.status} (${text})`;
}

/** A report is handed on; what opens a mailbox must not stand in it. */
function withoutTokens(text: string): string {
  return text.replace(/[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g, "a token");
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
