/**
 * How many lookups may be under way: what cannot be answered in time is refused at once, so that clients take
 * the next gateway URL, and no domain takes the places of the others.
 *
 * A domain may hold as many places as are free at the moment (a dynamic threshold). One that floods the gateway
 * alone ends up with half of the places, with the other half left to whoever else comes; two that flood it get a
 * third each, and so on.
 */
import { SignpostError } from "../errors.js";

/**
 * A lookup takes about 0.1 ms of the processor, so the last one in waits about 0.1 s for those before it. With a
 * database that takes 10 ms, 1024 places let 100,000 lookups a second through: far more than one process answers.
 */
const PLACES = 1024;

export interface Admission {
  /** Runs `lookup` in a place of the domain's. Throws OVERLOADED when the domain has no more. */
  within<T>(domain: string, lookup: () => Promise<T>): Promise<T>;
}

export function admission(places = PLACES): Admission {
  const held = new Map<string, number>();
  let free = places;

  return {
    async within(domain, lookup) {
      const mine = held.get(domain) ?? 0;
      if (mine >= free) throw overloaded(domain);
      held.set(domain, mine + 1);
      free--;
      try {
        return await lookup();
      } finally {
        free++;
        const left = (held.get(domain) ?? 1) - 1;
        if (left > 0) held.set(domain, left);
        else held.delete(domain);
      }
    },
  };
}

function overloaded(domain: string): SignpostError {
  return new SignpostError(
    "OVERLOADED",
    `More lookups for ${domain} are under way than this gateway can answer in time; ask the next gateway, or again in a second.`,
    { domain },
  );
}
