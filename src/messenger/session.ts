/**
 * A user's session at one relay node, or at a storage. It signs in when it has to, signs up where there is no account, and gives up for a
 * while where a fresh token does not help: a relay node that answers 401 to everything gets a few requests, not a storm.
 */
import { decodeUtf8 } from "../abi/utf8.js";
import { decodeForgivingBase64 } from "../dm3/base64.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { signText } from "../dm3/message/textSignature.js";
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { pauseMs } from "../sending/patience.js";
import { leftMs, type Span } from "../sending/span.js";
import type { MessengerErrors } from "./errorCodes.js";
import type { SignInApi } from "./ownServerQuestions.js";
import type { OwnServer } from "./relayNodeAnswers.js";

export interface Identity {
  /** In normal form. */
  readonly name: string;
  readonly keys: MessageKeys;
  /** What ENS shows for the name now. */
  readonly signedProfile: () => SignedUserProfile;
}

export interface SessionClock {
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
  /** From 0 to below 1. */
  readonly chance: () => number;
}

export interface Session {
  /**
   * Runs `work` with a token, and once more with a fresh one where that was refused.
   * @throws SIGN_IN_REFUSED, at once while it gives up; what `work` throws
   */
  withToken<T>(work: (token: string) => Promise<T>): Promise<T>;
  /** The token for a connection. Throws like `withToken`. */
  token(): Promise<string>;
  /** Says that the relay node did not take this token. */
  refused(token: string): void;
}

const PAUSE = { firstMs: 30_000, mostMs: 15 * 60_000 };

/**
 * A JWT, which no message, metadata or dm3 command looks like: whoever signs what a relay node sends must not sign anything
 * else by that.
 */
const CHALLENGE = /^[\w-]{4,2000}\.[\w-]{4,2000}\.[\w-]{4,2000}$/;

export function openSession(api: SignInApi, identity: Identity, clock: SessionClock): Session {
  const { name, keys } = identity;
  let current: string | null = null;
  let signingIn: Promise<string> | null = null;
  let refusals = 0;
  let resting: Span = { sinceMs: 0, lengthMs: 0 };
  let lastRefusal: SignpostError | null = null;

  async function signIn(): Promise<string> {
    const challenge = (await api.challenge(name)) ?? (await challengeAfterSignUp());
    const token = await answered(challenge);
    if (token !== null) return token;
    // it knows keys from before: the profile of now tells it the new ones
    const second = await answered(await challengeAfterSignUp());
    if (second === null) throw noSignIn(api, "signature");
    return second;
  }

  async function answered(challenge: string): Promise<string | null> {
    if (!CHALLENGE.test(challenge)) throw noSignIn(api, "challenge");
    if (!isMeantBy(api, challenge)) throw noSignIn(api, "other-node");
    return api.answerChallenge(name, challenge, await signText(keys.signingKey, challenge));
  }

  async function challengeAfterSignUp(): Promise<string> {
    await api.signUp(name, identity.signedProfile());
    const challenge = await api.challenge(name);
    if (challenge === null) throw noSignIn(api, "no-account");
    return challenge;
  }

  /** One at a time, for all who wait. */
  async function token(): Promise<string> {
    if (current !== null) return current;
    if (leftMs(resting, clock.nowMs()) > 0 && lastRefusal !== null) throw lastRefusal;
    signingIn ??= signIn().finally(() => (signingIn = null));
    try {
      return (current = await signingIn);
    } catch (error) {
      if (isSignpostError(error, "SIGN_IN_REFUSED", "RELAY_NODE_REFUSED", "TOKEN_REFUSED")) {
        rest(error);
      }
      throw error;
    }
  }

  function rest(error: SignpostError): void {
    const sinceMs = clock.nowMs();
    if (leftMs(resting, sinceMs) > 0) return;
    refusals++;
    lastRefusal = error;
    resting = { sinceMs, lengthMs: pauseMs(refusals, PAUSE, clock.chance()) };
  }

  function forget(refusedToken: string): void {
    if (current === refusedToken) current = null;
  }

  return {
    token,
    refused: forget,
    async withToken(work) {
      const first = await token();
      try {
        return helped(await work(first));
      } catch (error) {
        if (!isSignpostError(error, "TOKEN_REFUSED")) throw error;
        forget(first);
      }
      const fresh = await token();
      try {
        return helped(await work(fresh));
      } catch (error) {
        if (!isSignpostError(error, "TOKEN_REFUSED")) throw error;
        forget(fresh);
        const refusal = noSignIn(api, "token");
        rest(refusal);
        throw refusal;
      }
    },
  };

  function helped<T>(result: T): T {
    refusals = 0;
    return result;
  }
}

/**
 * Whether the challenge is that of this relay node, as its `aud` (RFC 7519, section 4.1.3) says, by ENS name or URL. Those of
 * dm3's nodes have none. Nobody can take it out of another node's challenge, which that node has signed.
 */
function isMeantBy({ relayNode, url }: SignInApi, challenge: string): boolean {
  const { aud } = payloadOf(challenge);
  if (aud === undefined) return true;
  const names: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return names.some(
    (name) => name === url || String(name).toLowerCase() === relayNode.toLowerCase(),
  );
}

/** Nothing for what is no JWT. */
function payloadOf(jwt: string): { readonly aud?: unknown } {
  const [, payload = ""] = jwt.split(".");
  try {
    const bytes = decodeForgivingBase64(payload.replaceAll("-", "+").replaceAll("_", "/"));
    return Object(JSON.parse(decodeUtf8(bytes))) as { readonly aud?: unknown };
  } catch {
    return {};
  }
}

const WHY: Readonly<Record<MessengerErrors["SIGN_IN_REFUSED"]["reason"], string>> = {
  "no-account": "It made no account of the sign-up. Ask its operator.",
  signature:
    "It does not take the signature: the profile in ENS shows other keys than this messenger has.",
  challenge: "What it sent to be signed is no challenge, so it was not signed. Ask its operator.",
  "other-node":
    "What it sent to be signed is the challenge of another relay node, so it was not signed. Take this relay node out of your profile.",
  token: "It refuses the tokens that it gives itself. Ask its operator.",
};

function noSignIn(
  { relayNode, called }: OwnServer,
  reason: MessengerErrors["SIGN_IN_REFUSED"]["reason"],
): SignpostError {
  return new SignpostError("SIGN_IN_REFUSED", `The ${called} does not let you in. ${WHY[reason]}`, {
    relayNode,
    reason,
  });
}
