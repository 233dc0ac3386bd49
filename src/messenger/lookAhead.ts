/**
 * Looks senders up before their envelopes are read, so that one whose CCIP gateway is slow holds up nobody but those of the
 * same sender. What is found, and what is not, is remembered by whoever answers; here it is only asked for in good time.
 */
import { LONGEST_NAME } from "../ens/dnsName.js";

/** Of one mailbox. What reads the envelopes asks as well, where a name's turn has not come. */
const MOST_AT_ONCE = 16;
/** That many envelopes are looked at before they are read, and so many names wait at most. */
export const MOST_AHEAD = 100;

/** @param lookUp its result and failure are ignored */
export function createLookAhead(
  lookUp: (name: string) => unknown,
  isStopping: () => boolean,
): (envelopes: readonly unknown[]) => void {
  const waiting = new Set<string>();
  let running = 0;

  async function work(): Promise<void> {
    running++;
    for (const name of waiting) {
      waiting.delete(name);
      if (isStopping()) break;
      try {
        await lookUp(name);
      } catch {
        // told when the envelope is read
      }
    }
    running--;
  }

  return (envelopes) => {
    for (const envelope of envelopes) {
      const name = senderOf(envelope);
      if (name !== null && waiting.size < MOST_AHEAD) waiting.add(name);
    }
    while (running < MOST_AT_ONCE && waiting.size > 0) void work();
  };
}

interface Unread {
  readonly metadata?: { readonly deliveryInformation?: { readonly from?: unknown } | null } | null;
}

/** As the relay node says it, unread: null where it did not decrypt the delivery information. */
function senderOf(envelope: unknown): string | null {
  const from = (envelope as Unread | null)?.metadata?.deliveryInformation?.from;
  return typeof from === "string" && from.length <= LONGEST_NAME ? from : null;
}
