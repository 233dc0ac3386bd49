/**
 * One canary: an account of the XMPP server logs in as a user's app does, links, and writes to its own DM3 name. The message goes through
 * server, component, ENS and relay node, and comes back by all of them. So it says what no ping does.
 */
import { isSignpostError } from "../../../errors.js";
import { unlessAborted } from "../../../fetch/unlessAborted.js";
import type { CanaryOutcome } from "../../../health/canaryWatch.js";
import type { ResolveOptions } from "../../../lookup/resolveOptions.js";
import { openMessageKeys } from "../../../sdk/messagesNode.js";
import { askXmppGateway, createXmppMessenger } from "../../../sdk/xmppNode.js";
import { createProfile } from "../../../wallet/createProfile.js";
import { type CanaryAccount, type LoggedIn, logIn } from "./logIn.js";
import { sendAndReceive } from "./sendAndReceive.js";

export interface CanaryOptions {
  readonly account: CanaryAccount;
  /** The component's host. */
  readonly gateway: string;
  readonly lookup: Pick<
    ResolveOptions,
    "rpc" | "ensRegistry" | "universalResolver" | "allowLoopback"
  >;
}

/** For all of it. */
const LONGEST_MS = 60_000;
/** For the message to come back. */
const BACK_MS = 30_000;
const ANSWER_MS = 10_000;
/** Not that of `signpost gateway check`: servers end the older one of two logins with the same. */
const RESOURCE = "signpost-canary";

/** Takes a minute at most, and never throws. */
export async function sendCanary(
  options: CanaryOptions,
  signal: AbortSignal,
): Promise<CanaryOutcome> {
  const startedMs = performance.now();
  const ending = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  const tookMs = () => performance.now() - startedMs;
  try {
    const logging = logIn(options.account, RESOURCE);
    // a login that comes too late is ended as well
    const leave = () => logging.then((logged) => logged.leave()).catch(() => undefined);
    try {
      await fromAccount(options, await unlessAborted(ending, logging), ending);
    } finally {
      if (ending.aborted) void leave();
      else await leave();
    }
    return { isWell: true, tookMs: tookMs(), sentence: "The XMPP canary's message came back." };
  } catch (error) {
    const told = isSignpostError(error) ? error.message : `It took over ${LONGEST_MS / 1000} s.`;
    return { isWell: false, tookMs: tookMs(), sentence: `The XMPP canary was lost. ${told}` };
  }
}

async function fromAccount(
  { account: { address, wallet }, gateway, lookup }: CanaryOptions,
  { connection }: LoggedIn,
  signal: AbortSignal,
): Promise<void> {
  const place = { connection, gateway, address, answerMs: ANSWER_MS };
  const { relayNode } = await unlessAborted(signal, askXmppGateway(place));
  const created = await createProfile(wallet, [relayNode]);
  const messenger = createXmppMessenger({
    ...{ ...lookup, ...place, wallet: created.address, receipts: false },
    ...{ keys: await openMessageKeys(created.keys), profile: created.signedUserProfile },
  });
  try {
    const { name } = await unlessAborted(signal, messenger.link());
    await sendAndReceive(messenger, name, { longestMs: BACK_MS, signal });
  } finally {
    await messenger.stop();
  }
}
