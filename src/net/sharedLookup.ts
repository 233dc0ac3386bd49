import { lookup, type LookupAddress } from "node:dns";
import type { LookupAll } from "./guardedLookup.js";

type Callback = Parameters<LookupAll>[2];

/**
 * A DNS lookup with one question under way for a host, however many wait for it: `node:dns` has few threads for the
 * whole process, and a host whose DNS does not answer would take them all.
 */
export function sharedLookup(inner: LookupAll = lookup): LookupAll {
  const waiting = new Map<string, Callback[]>();
  return (hostname, options, callback) => {
    const question = JSON.stringify([hostname, options]);
    const others = waiting.get(question);
    if (others !== undefined) {
      others.push(callback);
      return;
    }
    const all = [callback];
    waiting.set(question, all);
    inner(hostname, options, (error: Error | null, addresses: LookupAddress[]) => {
      waiting.delete(question);
      for (const each of all) each(error, addresses);
    });
  };
}
