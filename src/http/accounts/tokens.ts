/** Challenges and tokens as dm3's clients carry them: JWTs (RFC 7519), signed by a secret that is for nothing else. */
import { randomUUID, webcrypto } from "node:crypto";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { toHex } from "../../abi/hex.js";
import {
  type Challenge,
  invalidChallenge,
  notSignedIn,
  type Session,
} from "../../accounts/session.js";
import type { Address } from "../../ens/address.js";
import { parseAddress } from "../../ens/address.js";
import { isSignpostError } from "../../errors.js";

const ALGORITHM = "HS256";
const CHALLENGE_SEC = 15 * 60;
const TOKEN_SEC = 60 * 60;
/** A live connection may come back with a token so long after its time, as long as keys and owner are the same. */
export const RECONNECT_SEC = 30 * 86_400;

/** Of a JWT of ours, which has half of it. */
const LONGEST = 2_000;

/** Clients ask again and again with one token; beyond it, the one that was verified first is verified again. */
const MOST_VERIFIED = 10_000;

export interface Tokens {
  challenge(address: Address): Promise<string>;
  /** Throws CHALLENGE_INVALID. */
  readChallenge(text: string): Promise<Challenge>;
  token(session: Session): Promise<string>;
  /**
   * @param graceSec how long after its time it still counts
   * @throws NOT_SIGNED_IN
   */
  readToken(text: string, graceSec?: number): Promise<Session>;
}

/**
 * @param secret 32 bytes
 * @param nowMs Unix time in milliseconds
 * @param audience what clients know the node by: its ENS name, its URL. Challenges say so, and the signature covers it: a node
 *   that passes another one's challenge on, to get a token there, gets it signed by no client that looks
 */
export function tokensBy(
  secret: Uint8Array,
  nowMs: () => number,
  audience: readonly string[],
): Tokens {
  // once: the library would import it anew for each token
  const key = webcrypto.subtle.importKey(
    ...([
      "raw",
      secret,
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign", "verify"] as KeyUsage[],
    ] as const),
  );
  const signed = async (claims: JWTPayload, lifetimeSec: number) => {
    const nowSec = Math.floor(nowMs() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
      .setIssuedAt(nowSec)
      .setNotBefore(nowSec)
      .setExpirationTime(nowSec + lifetimeSec)
      .sign(await key);
  };
  const verified = new Map<string, JWTPayload>();
  /** What was verified before, in its time. */
  const verifiedBefore = (text: string): JWTPayload | undefined => {
    const nowSec = Math.floor(nowMs() / 1000);
    const { nbf = Infinity, exp = 0 } = verified.get(text) ?? {};
    return nowSec >= nbf && nowSec < exp ? verified.get(text) : undefined;
  };
  const verify = async (text: string, toleranceSec: number): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(text, await key, {
      ...{ algorithms: [ALGORITHM], currentDate: new Date(nowMs()), clockTolerance: toleranceSec },
      requiredClaims: ["account", "exp", "use"],
    });
    verified.set(text, payload);
    const [first] = verified.keys();
    if (verified.size > MOST_VERIFIED && first !== undefined) verified.delete(first);
    return payload;
  };
  const read = async (text: string, use: "challenge" | "token", toleranceSec = 0) => {
    if (text.length > LONGEST) throw new errors.JWTInvalid("too long");
    const payload = verifiedBefore(text) ?? (await verify(text, toleranceSec));
    if (payload["use"] !== use) throw new errors.JWTInvalid("for another use");
    return payload;
  };

  return {
    challenge: (address) =>
      signed(
        {
          ...{ account: toHex(address), challenge: randomUUID(), use: "challenge" },
          ...(audience.length > 0 && { aud: [...audience] }),
        },
        CHALLENGE_SEC,
      ),

    readChallenge: async (text) => {
      try {
        const { account, challenge, exp = 0 } = await read(text, "challenge");
        const [address, id] = [parseAddress(String(account)), String(challenge)];
        return { text, id, address, expiresMs: exp * 1000 };
      } catch (error) {
        throw isOfToken(error) ? invalidChallenge("unreadable") : error;
      }
    },

    token: ({ address, signingKey, proof }) =>
      signed({ account: toHex(address), key: signingKey, proof, use: "token" }, TOKEN_SEC),

    readToken: async (text, graceSec = 0) => {
      try {
        const { account, key, proof } = await read(text, "token", graceSec);
        return {
          address: parseAddress(String(account)),
          signingKey: String(key),
          proof: proof === "challenge" ? "challenge" : "sign-up",
        };
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw notSignedIn("expired");
        throw isOfToken(error) ? notSignedIn("invalid") : error;
      }
    },
  };
}

function isOfToken(error: unknown): boolean {
  return error instanceof errors.JOSEError || isSignpostError(error, "INVALID_REQUEST");
}
