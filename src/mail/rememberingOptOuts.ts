/** Who wants mail from here: remembered for a minute, because each mail asks. What changes it comes by mail, to the process that remembers. */
import { formatNativeAddress } from "../messaging/address/nativeAddress.js";
import { shortMemory } from "../relay/shortMemory.js";
import type { OptOuts } from "./mailPorts.js";

const REMEMBERED_MS = 60_000;

/** To be made anew whenever this process becomes the one that takes the mail. */
export function rememberingOptOuts(optOuts: OptOuts, nowMs: () => number): OptOuts {
  const wantsMail = shortMemory<boolean>(nowMs, REMEMBERED_MS);
  const changing = async (change: Promise<void>): Promise<void> => {
    try {
      await change;
    } finally {
      wantsMail.clear();
    }
  };
  return {
    has: async (address) => {
      const read = async () => !(await optOuts.has(address));
      return !(await wantsMail.of(formatNativeAddress(address), read));
    },
    add: (address) => changing(optOuts.add(address)),
    remove: (address) => changing(optOuts.remove(address)),
  };
}
