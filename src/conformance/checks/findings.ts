/** Findings that many checks share. */
import { failed, type Finding, passed } from "../../doctor/line.js";
import { type Exchange, isRefused, statusOf, told } from "../exchange.js";
import type { Malformed } from "../facts/rpcFacts.js";

/** A refusal with one of these statuses is right; 5xx, 2xx and no answer are not. */
export function refusedWith(
  exchange: Exchange,
  statuses: readonly number[],
  what: string,
  advice: string,
): Finding {
  const status = statusOf(exchange);
  if (status !== null && statuses.includes(status)) return passed(`${what}: HTTP ${status}`);
  return failed(`${what}: ${told(exchange)}`, advice);
}

/** None of them answered with 5xx, left unanswered or taken for good. */
export function noneBroke(malformed: readonly Malformed[], advice: string): Finding {
  const broke = malformed.filter(({ exchange }) => !isRefused(exchange));
  const [first] = broke;
  if (first === undefined) return passed(`${malformed.length} malformed requests refused`);
  return failed(
    `${broke.length} of ${malformed.length} are not refused; the first, ${first.what}: ${told(first.exchange)}`,
    advice,
  );
}
