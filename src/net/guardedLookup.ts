import { lookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { SignpostError } from "../errors.js";
import { addressReach } from "../fetch/publicAddress.js";
import type { UrlGuardOptions } from "../fetch/urlGuard.js";

/**
 * A DNS lookup for sockets that returns only addresses which may be fetched from, and fails with
 * FORBIDDEN_ADDRESS when none is left. The socket connects to exactly what this returns.
 */
export function guardedLookup({ allowLoopback = false }: UrlGuardOptions): LookupFunction {
  const mayConnect = ({ address }: LookupAddress) => {
    const reach = addressReach(address);
    return reach === "public" || (reach === "loopback" && allowLoopback);
  };
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const allowed = addresses.filter(mayConnect);
      const [first] = allowed;
      if (first === undefined) {
        callback(forbiddenHost(hostname), []);
      } else if (options.all === true) {
        callback(null, allowed);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function forbiddenHost(hostname: string): SignpostError {
  return new SignpostError(
    "FORBIDDEN_ADDRESS",
    `We do not fetch from ${hostname}: it resolves to no public address. Publish a URL on a public host.`,
    { reason: "it resolves to no public address" },
  );
}
