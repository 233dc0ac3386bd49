/** Who is known here and who wrote: remembered for a minute, because each message asks, and only leaving takes it back. */
import { shortMemory } from "../../relay/shortMemory.js";
import { formatNativeAddress } from "../address/nativeAddress.js";
import type { PassageStore } from "./passageStore.js";

const REMEMBERED_MS = 60_000;

export function rememberingPassages(passages: PassageStore, nowMs: () => number): PassageStore {
  const known = shortMemory<boolean>(nowMs, REMEMBERED_MS);
  const wrote = shortMemory<boolean>(nowMs, REMEMBERED_MS);
  return {
    ...passages,
    isKnown: (native) => known.of(formatNativeAddress(native), () => passages.isKnown(native)),
    hasWritten: (native) =>
      wrote.of(formatNativeAddress(native), () => passages.hasWritten(native)),
    forgetAllOf: async (native) => {
      try {
        await passages.forgetAllOf(native);
      } finally {
        known.clear();
        wrote.clear();
      }
    },
  };
}
