/** How what was registered looks from outside: to the service that watches the node, to senders, and to whoever doubts the domains. */
import { setTimeout as delay } from "node:timers/promises";
import type { DeliveryServiceProfile } from "../../dm3/profile/profile.js";
import type { NetworkRecord } from "../../dm3/statement/networkRecord.js";
import { type Finding, notApplicable, passed, warning } from "../../doctor/line.js";
import type { DnsOptions } from "../../net/domainConsent.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import { networkConsent } from "../../net/networkConsent.js";
import { askNode } from "../../nodes/askNode.js";
import { resolveNetwork, resolveRelayNode } from "../../sdk/node.js";
import type { GatewayHere } from "./gatewayHere.js";

export interface StepLine extends Finding {
  readonly id: string;
}

const NODE_TIMEOUT_MS = 10_000;
/** Gateways may answer for a second as before. */
const LOOKS = 6;
const BETWEEN_MS = 500;

export async function answersLine(
  { url, allowLoopback, serve }: Pick<GatewayHere, "url" | "allowLoopback" | "serve">,
  keys: Omit<DeliveryServiceProfile, "url">,
): Promise<StepLine> {
  const fetcher = createGuardedFetcher({ allowLoopback });
  const answer = await askNode({ ...keys, url }, { fetcher, timeoutMs: NODE_TIMEOUT_MS });
  if (answer.kind === "works") return { id: "answers", ...passed(`${url} answers, with its keys`) };
  const advice = `Start it (${serve}), and let RELAY_URL lead to it.`;
  return { id: "answers", ...warning(`${url} ${answer.reason}`, advice) };
}

/** As senders find both. */
export async function foundLines(
  { lookup, relayNode }: Pick<GatewayHere, "lookup" | "relayNode">,
  name: string,
  { signedAtSec }: Pick<NetworkRecord, "signedAtSec">,
): Promise<readonly StepLine[]> {
  if (lookup === null) {
    return [
      {
        id: "found",
        ...notApplicable("no RPC node is set (CHAIN_RPC_URLS), so ENS was not asked"),
      },
    ];
  }
  const advice = "See what doctor says of the name: signpost doctor.";
  const node = await untilFound(() => resolveRelayNode(relayNode, lookup));
  const network = await untilFound(
    () => resolveNetwork(name, lookup),
    (found) => found.record.signedAtSec === signedAtSec,
  );
  const isPart =
    network.status !== "found" ||
    network.relayNodes.some((one) => one.status === "found" && one.name === relayNode);
  return [node, network].map(({ status, sentence }, index) => {
    const seen = sentence.replace(/\.$/, "");
    const isGood = status === "found" && (index === 0 || isPart);
    return { id: "found", ...(isGood ? passed(seen) : warning(seen, advice)) };
  });
}

async function untilFound<Outcome extends { readonly status: string }>(
  look: () => Promise<Outcome>,
  isNew: (found: Extract<Outcome, { status: "found" }>) => boolean = () => true,
): Promise<Outcome> {
  for (let looks = 1; ; looks++) {
    const outcome = await look();
    const isThere =
      outcome.status === "found" && isNew(outcome as Extract<Outcome, { status: "found" }>);
    if (isThere || looks === LOOKS) return outcome;
    await delay(BETWEEN_MS);
  }
}

export async function consentLines(
  record: NetworkRecord,
  name: string,
  dns: DnsOptions,
): Promise<readonly StepLine[]> {
  const { domain, virtualDomain } = await networkConsent(record, name, dns);
  return [domain, virtualDomain]
    .filter((one) => one !== null)
    .map(({ consent, sentence }) => {
      const seen = sentence.replace(/\.$/, "");
      const advice = "Others cannot tell that the domain wants it until its DNS says so.";
      return { id: "consent", ...(consent === "confirmed" ? passed(seen) : warning(seen, advice)) };
    });
}
