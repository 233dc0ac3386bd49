/**
 * Tokens of messages that go into the network, by which reports name them. A token follows from keys of its receiver, so it is the same however
 * often the message is sent, and is written down with what became of the message. Until then it is known here.
 */
import { toHex } from "../../abi/hex.js";
import { sha256 } from "../../abi/sha256.js";
import type { MessageKeys } from "../../dm3/message/messageKeys.js";
import { formatNativeAddress } from "../address/nativeAddress.js";
import type { PassageStore, SentPassage } from "./passageStore.js";

export interface SentTokens {
  /**
   * Sends a message and writes down what the network said; the token is known meanwhile. Where that fails, the network may have the message all
   * the same, and report about it: so the token is kept then, too.
   * @throws what `send` throws, and DATABASE_UNAVAILABLE
   */
  readonly around: <Result>(
    token: string,
    passage: SentPassage,
    send: () => Promise<Result>,
  ) => Promise<Result>;
  /** Null for a token that is not ours, or was forgotten. Throws DATABASE_UNAVAILABLE. */
  readonly passageOf: (token: string) => Promise<SentPassage | null>;
  /** Its message is over: the token becomes nobody's, also where it is being sent. Throws DATABASE_UNAVAILABLE. */
  readonly end: (token: string) => Promise<void>;
}

export function sentTokens(
  passages: Pick<PassageStore, "noteSent" | "sentWith" | "endSent">,
): SentTokens {
  const underWay = new Map<string, SentPassage>();
  return {
    around: async (token, passage, send) => {
      underWay.set(token, passage);
      try {
        return await send();
      } catch (error) {
        if (underWay.has(token)) await passages.noteSent(token, passage);
        throw error;
      } finally {
        underWay.delete(token);
      }
    },
    passageOf: async (token) => underWay.get(token) ?? passages.sentWith(token),
    end: async (token) => {
      underWay.delete(token);
      await passages.endSent(token);
    },
  };
}

/** 128 bits: lower-case letters and digits, because mail servers may change case. */
const TOKEN_DIGITS = 32;

/** Nobody without the receiver's key can make it. Nothing else that this key signs begins like this. */
export async function tokenOf(
  { signingKey }: MessageKeys,
  { to, hash, number }: Pick<SentPassage, "to" | "hash" | "number">,
): Promise<string> {
  const text = `Signpost: the token of the message ${number} ${hash} to ${formatNativeAddress(to)}`;
  const signature = await signingKey.sign(new TextEncoder().encode(text));
  return toHex(sha256(signature)).slice(2, 2 + TOKEN_DIGITS);
}
