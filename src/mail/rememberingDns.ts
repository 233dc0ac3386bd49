/** Texts in the DNS, remembered for a minute: keys and policies of a provider are asked for with each of its mails. */
import { readings } from "../accounts/readings.js";
import type { ResolveDns } from "./boundedDns.js";

const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 2_000;
/** In characters; strangers write them. */
const LONGEST_REMEMBERED = 4_096;

export function rememberingDns(resolve: ResolveDns, nowMs: () => number): ResolveDns {
  const texts = readings((name: string) => resolve(name, "TXT"), {
    ...{ nowMs, most: MOST_REMEMBERED },
    isKept: (found) => JSON.stringify(found).length <= LONGEST_REMEMBERED,
  });
  return (name, type) =>
    type === "TXT" ? texts.notOlderThan(REMEMBERED_MS, name.toLowerCase()) : resolve(name, type);
}
