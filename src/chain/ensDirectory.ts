/** Who somebody is, by ENS over an RPC node. */
import type { Directory } from "../accounts/directory.js";
import { parseAddress } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { checkThatFailed } from "../lookup/checks.js";
import { resolveAddress } from "../lookup/resolveAddress.js";
import type { ResolveOptions } from "../lookup/resolveOptions.js";
import { resolveProfile } from "../lookup/resolveProfile.js";

/** Clients and senders wait for it. */
const TIMEOUT_MS = 6_000;

export function ensDirectory(given: ResolveOptions): Directory {
  const options: ResolveOptions = { timeoutMs: TIMEOUT_MS, relayNodes: "none", ...given };
  return {
    personOf: async (name) => {
      const outcome = await resolveProfile(name, options);
      const { sentence } = outcome;
      switch (outcome.status) {
        case "found":
          return { address: parseAddress(outcome.address), profile: outcome.profile, sentence };
        case "unreachable":
          throw new SignpostError("UNREACHABLE", sentence);
        case "absent":
        case "untrusted":
          return { address: await addressOf(name, options), profile: null, sentence };
      }
    },
  };
}

/** Null as well where what the resolver says cannot be trusted. */
async function addressOf(name: NormalName, options: ResolveOptions) {
  try {
    return await resolveAddress(name, options);
  } catch (error) {
    if (isSignpostError(error) && checkThatFailed(error) !== null) return null;
    throw error;
  }
}
