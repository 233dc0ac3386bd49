/** Who else uses the service meanwhile: another domain's service, and people with contract wallets. */
import { randomBytes } from "node:crypto";
import type { Agent } from "node:http";
import { claimBody } from "./claims.js";
import { type Message, type Reply, send } from "./send.js";
import { ANSWERING_CHAIN, GOOD_DOMAIN, GOOD_NETWORK, HONEST_WALLET_NETWORK } from "./target.js";

/** More than any client waits; counts as so long. */
const TIMEOUT_MS = 15_000;
const EVERY_MS = 1_000;

/** To the service, over the connections of the proxy in front of it. */
interface Way {
  readonly origin: string;
  readonly agent: Agent;
}

/** One write a second by the service of the good domain. */
export function writeNames(
  { origin, agent }: Way,
  key: string,
  seconds: number,
): Promise<readonly Reply[]> {
  return eachSecond(seconds, (number) => ({
    ...{
      origin,
      method: "PUT",
      path: `/v1/names/written-${number % 5}.${GOOD_DOMAIN}/records`,
      key,
    },
    body: JSON.stringify({ texts: { url: `https://${randomBytes(8).toString("hex")}.example` } }),
    ...{ network: GOOD_NETWORK, agent, timeoutMs: TIMEOUT_MS },
  }));
}

/** One claim a second by a contract wallet whose chain can be asked. */
export function claimNames({ origin, agent }: Way, seconds: number): Promise<readonly Reply[]> {
  return eachSecond(seconds, () => ({
    ...{ origin, method: "POST", path: "/v1/requests" },
    body: claimBody(GOOD_DOMAIN, ANSWERING_CHAIN),
    ...{ network: HONEST_WALLET_NETWORK, agent, timeoutMs: TIMEOUT_MS },
  }));
}

async function eachSecond(
  seconds: number,
  messageOf: (number: number) => Message,
): Promise<readonly Reply[]> {
  const replies: Promise<Reply>[] = [];
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    const next = () => {
      replies.push(send(messageOf(replies.length)));
      if (replies.length < seconds) return;
      clearInterval(timer);
      resolve();
    };
    timer = setInterval(next, EVERY_MS);
    next();
  });
  return Promise.all(replies);
}
