/**
 * The way of a message, by an account that writes to its own DM3 name:
 *
 *   client -> XMPP server -> component -> relay node -> mailbox -> component -> XMPP server -> client
 *
 * Each line is about one part of it; those behind one that fails have nothing to look at.
 */
import {
  type CanaryAccount,
  type LoggedIn,
  logIn,
} from "../../../capabilities/xmpp/canary/logIn.js";
import { sendAndReceive } from "../../../capabilities/xmpp/canary/sendAndReceive.js";
import type { Finding } from "../../../doctor/line.js";
import { failed, passed } from "../../../doctor/line.js";
import { isSignpostError } from "../../../errors.js";
import { openMessageKeys } from "../../../sdk/messagesNode.js";
import { createProfile, type FoundNetwork, type ResolveOptions } from "../../../sdk/node.js";
import { askXmppGateway, createXmppMessenger } from "../../../sdk/xmppNode.js";

export const WAY_CHECKS = ["login", "component", "link", "canary"] as const;
type WayCheck = (typeof WAY_CHECKS)[number];

export interface WayOptions {
  readonly network: Pick<FoundNetwork, "record">;
  readonly account: CanaryAccount;
  readonly lookup: ResolveOptions;
  /** For the message to come back. */
  readonly canaryMs: number;
}

type Report = (id: WayCheck, finding: Finding) => void;

const ANSWER_MS = 10_000;
const RESOURCE = "signpost-check";

/** Ends at the first line that fails. */
export async function throughNetwork(options: WayOptions, report: Report): Promise<void> {
  const { account } = options;
  const logged = await found("login", report, () => logIn(account, RESOURCE), {
    seen: () => `${account.address} is logged in`,
    advice:
      "Give an account of the server (--account, --password-file), and where its DNS does not lead to it, --server host:port.",
  });
  if (logged === null) return;
  try {
    await fromAccount(options, logged, report);
  } finally {
    await logged.leave();
  }
}

async function fromAccount(
  { network: { record }, account, lookup, canaryMs }: WayOptions,
  { connection }: LoggedIn,
  report: Report,
): Promise<void> {
  const { address, wallet } = account;
  const place = { connection, gateway: record.virtualDomain, address, answerMs: ANSWER_MS };
  const nodes = record.relayNodes.map(({ name }) => name);
  const greeting = await found("component", report, () => askXmppGateway(place), {
    seen: ({ relayNode }) =>
      `${record.virtualDomain} is connected, for the relay node ${relayNode}`,
    isGood: ({ relayNode }) => nodes.some((name) => name === relayNode),
    advice: `See that the gateway runs and is connected as ${record.virtualDomain} (its /health/ready), and that its relay node is one of the record.`,
  });
  if (greeting === null) return;

  const created = await createProfile(wallet, [greeting.relayNode]);
  const messenger = createXmppMessenger({
    ...{ ...lookup, ...place, wallet: created.address, receipts: false },
    ...{ keys: await openMessageKeys(created.keys), profile: created.signedUserProfile },
    onProblem: () => undefined,
  });
  try {
    const linked = await found("link", report, () => messenger.link(), {
      seen: () => `${address} is ${greeting.name ?? "nobody"} in DM3`,
      isGood: () => greeting.name !== null,
      advice:
        "See that the gateway gives names: XMPP_NAMES, XMPP_REGISTRY_URL and XMPP_REGISTRY_KEY.",
    });
    if (linked === null || greeting.name === null) return;
    const name = greeting.name;
    await found("canary", report, () => sendAndReceive(messenger, name, { longestMs: canaryMs }), {
      seen: (tookMs) => `a message to ${name} came back in ${tookMs} ms`,
      advice: "Look for the gateway's relay node: its URL must be reached from the gateway itself.",
    });
  } finally {
    await messenger.stop();
  }
}

interface Wanted<Found> {
  readonly seen: (found: Found) => string;
  readonly isGood?: (found: Found) => boolean;
  readonly advice: string;
}

/** Null where the line failed. */
async function found<Found>(
  id: WayCheck,
  report: Report,
  look: () => Promise<Found>,
  { seen, isGood = () => true, advice }: Wanted<Found>,
): Promise<Found | null> {
  try {
    const there = await look();
    const isPassed = isGood(there);
    report(id, isPassed ? passed(seen(there)) : failed(seen(there), advice));
    return isPassed ? there : null;
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    report(id, failed(error.message.replace(/\.$/, ""), advice));
    return null;
  }
}
