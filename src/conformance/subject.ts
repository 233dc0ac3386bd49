/** Which relay node is examined, and with which instruments. */
import type { ProfileKeys } from "../dm3/keys/keys.js";
import type { DeliveryServiceProfile, SignedUserProfile } from "../dm3/profile/profile.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { Deadline } from "../fetch/deadline.js";
import { foreignText } from "../fetch/foreignText.js";
import { shortReason } from "../fetch/serversAsked.js";
import { guardUrl } from "../fetch/urlGuard.js";
import type { RelayNodeOutcome } from "../lookup/outcome.js";
import { exchange as send, guardedAgent } from "../net/guardedFetch.js";
import { answeredWith, type Exchange } from "./exchange.js";

/** Somebody whose keys the caller has: made to be thrown away, since messages are sent and acknowledged in their name. */
export interface Account {
  /** An ENS name, which the relay node finds in the same ENS. */
  readonly name: string;
  readonly keys: ProfileKeys;
  /** As published under the name. */
  readonly signed: SignedUserProfile;
}

export interface Accounts {
  readonly sender: Account;
  readonly receiver: Account;
}

export interface ConformanceOptions {
  /** What ENS says of the relay node; not given where nobody looked. */
  readonly record?: RelayNodeOutcome;
  /** Without them nothing is submitted or fetched. They need a record, whose keys they use. */
  readonly accounts?: Accounts;
  /** Lets the relay node be on this machine. */
  readonly allowLoopback?: boolean;
  /** For everything together, in milliseconds. */
  readonly timeoutMs?: number;
}

interface Question {
  readonly method: "GET" | "POST" | "OPTIONS";
  /** Behind the base, e.g. "/rpc"; may be empty. */
  readonly path: string;
  /** Sent as `application/json`, an object as JSON. */
  readonly body?: unknown;
  /** A bearer token. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Subject {
  readonly givenUrl: string;
  /** Without a slash at its end. */
  readonly base: string;
  readonly deadline: Deadline;
  readonly record: RelayNodeOutcome | null;
  /** Null without a record: then nothing can be encrypted for the relay node. */
  readonly profile: DeliveryServiceProfile | null;
  readonly accounts: Accounts | null;
  readonly allowLoopback: boolean;
  /** One request, bounded in time and size, to a public address. Never throws for what the other side does. */
  readonly ask: (question: Question) => Promise<Exchange>;
  /** A call of JSON-RPC to /rpc. */
  readonly call: (method: string, ...params: unknown[]) => Promise<Exchange>;
}

/** A page that browsers would ask from. */
export const ORIGIN = "https://check.example";

export const LONGEST_WAIT_MS = 11_000;
const DEFAULT_TIMEOUT_MS = 120_000;
const LONGEST_TIMEOUT_MS = 600_000;
/** A mailbox in one answer: ours shows half of that, and one of a throw-away account has little in it. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

/** Throws INVALID_REQUEST for options that make no sense. The URL may be anything: that is a check. */
export function admit(givenUrl: string, options: ConformanceOptions): Subject {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, allowLoopback = false, record = null } = options;
  if (!(timeoutMs >= 1 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The time-out is ${timeoutMs} ms. Give between 1 ms and ${LONGEST_TIMEOUT_MS} ms.`,
    );
  }
  const deadline = new Deadline(timeoutMs);
  const agent = guardedAgent({ allowLoopback });
  const base = givenUrl.replace(/\/+$/, "");

  async function ask(question: Question): Promise<Exchange> {
    const { method, path, body, token, headers } = question;
    try {
      const answer = await send(agent, guardUrl(base + path, { allowLoopback }), {
        method,
        headers: {
          origin: ORIGIN,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        maxBytes: LONGEST_ANSWER,
        timeoutMs: Math.min(LONGEST_WAIT_MS, deadline.remainingMs),
      });
      return answeredWith({ ...answer, text: new TextDecoder().decode(answer.body) });
    } catch (error) {
      if (!isSignpostError(error, "UNREACHABLE", "FORBIDDEN_ADDRESS", "TOO_LARGE")) throw error;
      return { kind: "unanswered", reason: foreignText(shortReason(error)) };
    }
  }

  return {
    ...{ givenUrl, base, deadline, record, allowLoopback, ask },
    profile: record?.status === "found" ? record.profile : null,
    accounts: options.accounts ?? null,
    call: (method, ...params) =>
      ask({ method: "POST", path: "/rpc", body: { jsonrpc: "2.0", id: 1, method, params } }),
  };
}

export function isOutOfTime({ deadline }: Pick<Subject, "deadline">): boolean {
  return deadline.remainingMs <= 1;
}
