/**
 * Questions to a server of the user's own, a relay node or a storage: how a user gets in, and any other. Nothing here is kept or
 * tried again. Answers are bounded before they are read.
 *
 * Each function throws UNREACHABLE (no answer, or none that can be understood), TOKEN_REFUSED for 401, and
 * RELAY_NODE_REFUSED for every other refusal that is not a value.
 */
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import { stringify } from "../dm3/stringify.js";
import type { FetchRequest } from "../fetch/fetcher.js";
import { retryAfterMs } from "../fetch/retryAfter.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import {
  type OwnServer,
  readOr,
  readToken,
  refused,
  silent,
  tokenRefused,
} from "./relayNodeAnswers.js";

interface Question extends Omit<FetchRequest, "timeoutMs" | "maxBytes"> {
  readonly maxBytes?: number;
  readonly waitMs?: number;
  /** Which answers are no refusal, but say that there is nothing. */
  readonly isNone?: (status: number, text: string) => boolean;
}

interface Answer {
  readonly text: string;
  /** Where a list goes on, as our servers say it. */
  readonly next: string | null;
}

/** How a user gets in. */
export interface SignInApi extends OwnServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** A first token. */
  signUp(name: string, signed: SignedUserProfile): Promise<string>;
  /** Null without an account. */
  challenge(name: string): Promise<string | null>;
  /** The token; null where the signature is not by the key that the server knows. */
  answerChallenge(name: string, challenge: string, signature: string): Promise<string | null>;
}

export interface Questions {
  readonly api: SignInApi;
  /** The URL of a path with `:name` in it. */
  readonly place: (path: string, name: string) => string;
  /** Null for an answer that is none. */
  readonly askOrNull: (question: Question) => Promise<Answer | null>;
  readonly ask: (question: Omit<Question, "isNone">) => Promise<Answer>;
  /** What `read` makes of the answer's JSON; null for an answer that is none. */
  readonly asked: <T>(question: Question, read: (json: unknown) => T) => Promise<T | null>;
  /** The same where there has to be an answer. */
  readonly told: <T>(question: Question, read: (json: unknown) => T) => Promise<T>;
}

const MOST_BYTES = 65_536;
const LONGEST_CURSOR = 256;
/** In these words our servers say that the account is gone. */
const SAYS_GONE = /has no account here/;

/** @param url with a slash at its end, or without */
export function questionsTo(
  server: OwnServer,
  url: string,
  { fetcher, timeoutMs }: RelayNodeAccess,
): Questions {
  const base = url.replace(/\/+$/, "");
  const place = (path: string, name: string) =>
    base + path.replace(":name", encodeURIComponent(name));

  async function askOrNull({ isNone, waitMs, ...request }: Question): Promise<Answer | null> {
    const answer = await fetcher({
      ...{ timeoutMs: waitMs ?? timeoutMs, maxBytes: MOST_BYTES, accept: "application/json" },
      ...request,
    });
    const { status } = answer;
    if (status === 401) throw tokenRefused(server);
    if (status >= 500 || status === 429 || status === 408)
      throw silent(server, `answered ${status}`, retryAfterMs(answer));
    const text = new TextDecoder().decode(answer.body);
    if (isNone?.(status, text) === true) return null;
    // signing in finds out, and signs up
    if (status === 404 && SAYS_GONE.test(text)) throw tokenRefused(server);
    if (status < 200 || status > 299) throw refused(server, status, text);
    const next = answer.header?.("signpost-cursor") ?? null;
    return { text, next: next !== null && next.length <= LONGEST_CURSOR ? next : null };
  }

  const ask = async (question: Omit<Question, "isNone">) => (await askOrNull(question)) as Answer;

  async function asked<T>(question: Question, read: (json: unknown) => T): Promise<T | null> {
    const answer = await askOrNull(question);
    return answer && readOr(server, answer.text, read);
  }

  async function told<T>(question: Question, read: (json: unknown) => T): Promise<T> {
    return readOr(server, (await ask(question)).text, read);
  }

  const api: SignInApi = {
    ...server,
    url: base,
    signUp: (name, signed) =>
      told(
        { url: place("/profile/:name", name), method: "POST", body: stringify(signed) },
        readToken,
      ),
    challenge: (name) =>
      asked(
        { url: place("/auth/:name", name), method: "GET", isNone: (status) => status === 404 },
        readToken,
      ),
    answerChallenge: (name, challenge, signature) =>
      asked(
        {
          ...{ url: place("/auth/:name", name), method: "POST" },
          body: JSON.stringify({ signature, challenge }),
          // in these words dm3's node says it, and ours
          isNone: (status, said) => status === 400 && /Signature invalid/.test(said),
        },
        readToken,
      ),
  };
  return { api, place, askOrNull, ask, asked, told };
}
