/**
 * How many lookups may be under way: what cannot be answered in time is refused at once, so that clients take
 * the next gateway URL, and no domain takes the places of the others.
 *
 * A domain may hold as many places as are free at the moment (a dynamic threshold). One that floods the gateway
 * alone ends up with half of the places, with the other half left to whoever else comes; two that flood it get a
 * third each, and so on. Places are counted by what answers cost: a long one takes several.
 */
import { SignpostError } from "../errors.js";
import { holdings } from "./holdings.js";

/**
 * A lookup takes about 0.1 ms of the processor, so the last one in waits about 0.1 s for those before it. With a
 * database that takes 10 ms, 1024 places let 100,000 lookups a second through: far more than one process answers.
 */
const PLACES = 1024;

/** An answer takes one more place for each of these: about what an ordinary lookup costs. */
const BYTES_PER_PLACE = 4096;

export interface Admission {
  /** Runs `lookup` in a place of the domain's. Throws OVERLOADED when the domain has no more. */
  within<T>(domain: string, lookup: (held: HeldPlaces) => Promise<T>): Promise<T>;
}

interface HeldPlaces {
  /** Takes what an answer of this length costs beyond the first place. Throws OVERLOADED when the domain has not as many. */
  weigh(answerBytes: number): void;
}

export function admission(places = PLACES): Admission {
  const held = holdings(places);

  /** As many as are free before are the most that a domain may hold afterwards. */
  function take(domain: string, count: number): void {
    if (held.heldBy(domain) + count > held.free) throw overloaded(domain);
    held.take(domain, count);
  }

  return {
    async within(domain, lookup) {
      let mine = 0;
      const takeMore = (count: number) => {
        take(domain, count);
        mine += count;
      };
      takeMore(1);
      try {
        return await lookup({
          weigh: (answerBytes) => {
            const more = Math.floor(answerBytes / BYTES_PER_PLACE);
            if (more > 0) takeMore(more);
          },
        });
      } finally {
        held.giveBack(domain, mine);
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
