/** The URL itself, and whether anybody answers there. */
import type { Exchange } from "../exchange.js";
import type { Subject } from "../subject.js";

export interface ReachFacts {
  readonly givenUrl: string;
  /** To `dm3_getDeliveryServiceProperties`, which every client asks first. */
  readonly first: Exchange;
}

export async function reachFacts({ givenUrl, call }: Subject): Promise<ReachFacts> {
  return { givenUrl, first: await call("dm3_getDeliveryServiceProperties") };
}
