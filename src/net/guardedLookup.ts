import { lookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import type { LookupFunction } from "node:net";
import { SignpostError } from "../errors.js";
import type { AddressRule } from "./addressRule.js";

/** Asks for all addresses of a host: `node:dns`, or what a caller puts in front of it. */
export type LookupAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A DNS lookup for sockets that returns only addresses which may be connected to, and fails with
 * FORBIDDEN_ADDRESS when none is left. The socket connects to exactly what this returns. Sockets look up names
 * only: who connects to a literal address has to ask the rule before.
 */
export function guardedLookup(
  mayConnect: AddressRule,
  lookupAll: LookupAll = lookup,
  forbidden: (hostname: string) => SignpostError = forbiddenHost,
): LookupFunction {
  return (hostname, options, callback) => {
    lookupAll(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const allowed = addresses.filter(({ address }) => mayConnect(address));
      const [first] = allowed;
      if (first === undefined) {
        callback(forbidden(hostname), []);
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
