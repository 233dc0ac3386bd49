/** Certificates that were kept a moment ago: apps hand the same one over with each mail, and need not be written down each time. */
import { sameBytes } from "../../abi/bytes.js";
import type { MailCertificateStore } from "../../db/messaging/mailCertificateStore.js";
import { formatNativeAddress, type NativeAddress } from "../../messaging/address/nativeAddress.js";

export interface RememberingCertificates extends MailCertificateStore {
  /** To be called when what is kept of this address was forgotten. */
  readonly forget: (owner: NativeAddress) => void;
}

interface Kept {
  readonly certificate: Uint8Array;
  readonly sinceMs: number;
  /** The latest time at which it was said. */
  saidMs: number;
}

/** Much less than the sixty days for which one is kept after it was seen. */
const REMEMBERED_MS = 3_600_000;
/** Of 7,600 bytes at most; beyond it, the oldest is forgotten. */
const MOST = 2_000;

export function rememberingCertificates(
  store: MailCertificateStore,
  nowMs: () => number,
): RememberingCertificates {
  const kept = new Map<string, Kept>();
  const prefixOf = (owner: NativeAddress) => `${formatNativeAddress(owner)} `;

  return {
    known: store.known,
    learn: async (owner, by, certificate, saidMs) => {
      const key = `${prefixOf(owner)}${by ?? ""}`;
      const before = kept.get(key);
      const ageMs = nowMs() - (before?.sinceMs ?? 0);
      if (before !== undefined && ageMs >= 0 && ageMs < REMEMBERED_MS) {
        // the table has an earlier time than what was said since
        if (saidMs < before.saidMs) return;
        if (sameBytes(before.certificate, certificate)) {
          before.saidMs = saidMs;
          return;
        }
      }
      kept.delete(key);
      await store.learn(owner, by, certificate, saidMs);
      kept.set(key, { certificate, sinceMs: nowMs(), saidMs });
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    },
    forget: (owner) => {
      for (const key of kept.keys()) if (key.startsWith(prefixOf(owner))) kept.delete(key);
    },
  };
}
