/**
 * Which mails were kept lately. A server that did not hear our answer sends the same bytes again. DKIM names neither the recipient nor
 * every header, so a mail is known by its author, its body and its recipient.
 */
import { createHash } from "node:crypto";
import type { NormalName } from "../ens/normalize.js";
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";

/** SHA-256, 64 hexadecimal digits: the same for the same message, however often it comes. */
export function digestOfMail(from: NativeAddress, bodyHash: string, to: NormalName): string {
  return createHash("sha256")
    .update([formatNativeAddress(from), bodyHash, to].join("\n"))
    .digest("hex");
}

export interface RecentMails {
  /** Does it unless it was done; while it is being done, waits for that. Throws what `keep` throws, and forgets it then. */
  readonly once: (digest: string, keep: () => Promise<void>) => Promise<void>;
}

/** @param most how many are remembered; the database behind `received` knows the others */
export function recentMails(most = 10_000): RecentMails {
  const kept = new Map<string, Promise<void>>();
  return {
    once: async (digest, keep) => {
      const before = kept.get(digest);
      if (before !== undefined) return before;
      const now = keep();
      kept.set(digest, now);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      try {
        await now;
      } catch (error) {
        if (kept.get(digest) === now) kept.delete(digest);
        throw error;
      }
    },
  };
}
