/**
 * Names in submits that nobody can tell who they are: each has us ask RPC nodes and gateways that strangers choose, and wait for
 * seconds. A question is given back when there was an answer, so an outage costs an honest sender no more than a pause.
 */
import type { TakeQuestion } from "../../accounts/directory.js";
import { assertWithin } from "../fairness/assertWithin.js";
import { rateLimits } from "../fairness/rateLimits.js";

/** Over what a network's places ask at once, two names for each. */
const EACH = { limit: 600, of: "names a minute from one network that ENS gave no answer for" };
const ALL = {
  limit: 6_000,
  of: "names a minute that ENS gave no answer for, which all networks share",
};

/** Of a network; null where that may be everybody. */
export function questionsToEns(
  nowMs: () => number,
  mostNetworks: number,
): (network: string | null) => TakeQuestion {
  const each = rateLimits(nowMs, mostNetworks);
  const all = rateLimits(nowMs);
  return (network) => () => {
    if (network !== null) assertWithin(each.take(network, EACH.limit, 60, 1), EACH);
    const giveBack = () => {
      if (network !== null) each.giveBack(network, 1);
    };
    const waitSec = all.take("", ALL.limit, 60, 1);
    if (waitSec !== null) giveBack();
    assertWithin(waitSec, ALL);
    return () => {
      giveBack();
      all.giveBack("", 1);
    };
  };
}
