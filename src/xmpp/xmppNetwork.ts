/** An XMPP server as a connected network: a component of it (XEP-0114), which speaks docs/xmpp-wire.md. */
import { setTimeout as delay } from "node:timers/promises";
import { isSignpostError, SignpostError } from "../errors.js";
import type {
  ContactStore,
  Delivery,
  Network,
  NetworkEvents,
  SubmissionEnd,
  WaitingSender,
} from "../messaging/network.js";
import { admission, type AdmissionLimits, DEFAULT_LIMITS } from "./admission.js";
import { type ComponentConnection, stayConnected } from "./componentConnection.js";
import { type ComponentStream, openComponentStream } from "./componentStream.js";
import type { ComponentPlace } from "./handshake.js";
import { incomingIq } from "./incomingIq.js";
import { incomingMessage } from "./incomingMessage.js";
import { incomingPresence } from "./incomingPresence.js";
import type { Domains } from "./jid.js";
import { deliveryStanza, endStanza } from "./messageStanzas.js";
import { received, type Reception } from "./reception.js";
import { LONGEST_STANZA } from "./stanzaParser.js";
import { unreachableServer } from "./streamErrors.js";
import { showToWatchers } from "./watchers.js";

export interface XmppNetworkSettings extends ComponentPlace, Domains {
  readonly contacts: ContactStore;
  /** Troubles that an operator has to know. */
  readonly report: (error: SignpostError) => void;
  /** Of a clock that only goes forward. */
  readonly nowMs: () => number;
  readonly limits?: AdmissionLimits;
  /** In ms; these are the defaults. */
  readonly connectTimeoutMs?: number; // 10,000
  readonly keepaliveMs?: number; // 30,000
  readonly answerTimeoutMs?: number; // 60,000
  readonly shortestPauseMs?: number; // 2,000
  readonly longestPauseMs?: number; // 30,000
  readonly longestTaskMs?: number; // 60,000
}

/** For saying goodbye to watchers. */
const GOODBYE_MS = 5_000;
/** Far enough below what servers take: one stanza above it would end the connection each time that it is sent again. */
const LONGEST_SENT = LONGEST_STANZA - 64 * 1024;

export function xmppNetwork(settings: XmppNetworkSettings): Network {
  const { contacts, report, nowMs, nativeDomain, limits = DEFAULT_LIMITS } = settings;
  const domains: Domains = settings;
  const admitted = admission(limits, nowMs);
  let connection: ComponentConnection | null = null;
  let known: NetworkEvents | null = null;

  function start(events: NetworkEvents): void {
    if (connection !== null) throw new SignpostError("INTERNAL", "The network was started twice.");
    known = events;
    const reception = receptionOf(events);
    connection = stayConnected({
      open: () => openStream(reception),
      connected: (stream) => {
        events.connected();
        void greetWatchers(stream);
      },
      disconnected: events.disconnected,
      trouble: report,
      nowMs,
      shortestPauseMs: settings.shortestPauseMs ?? 2_000,
      longestPauseMs: settings.longestPauseMs ?? 30_000,
      chance: Math.random,
    });
  }

  const receptionOf = (events: NetworkEvents): Reception => ({
    domains,
    events,
    contacts,
    admission: admitted,
    longestTaskMs: settings.longestTaskMs,
    send: (stanza) => connection?.stream()?.answer(stanza),
    report,
  });

  const openStream = (reception: Reception) =>
    openComponentStream(
      settings,
      nativeDomain,
      {
        connectTimeoutMs: settings.connectTimeoutMs ?? 10_000,
        keepaliveMs: settings.keepaliveMs ?? 30_000,
        answerTimeoutMs: settings.answerTimeoutMs ?? 60_000,
        nowMs,
      },
      (stanza) => {
        const one = received(stanza, domains);
        if (one === null) return;
        if (stanza.is("message")) incomingMessage(one, reception);
        else if (stanza.is("iq")) incomingIq(one, reception);
        else if (stanza.is("presence")) incomingPresence(one, reception);
      },
    );

  async function greetWatchers(stream: ComponentStream): Promise<void> {
    try {
      const isCurrent = () => connection?.stream() === stream;
      await showToWatchers("available", contacts, domains, stream, isCurrent);
    } catch (error) {
      // of a connection that ended, its end is told
      if (isSignpostError(error) && error.code !== "UNREACHABLE") report(error);
      else if (!isSignpostError(error)) throw error;
    }
  }

  function connected(): ComponentStream {
    const stream = connection?.stream() ?? null;
    if (stream === null) throw unreachableServer(settings, "there is no connection");
    return stream;
  }

  async function inject(deliveries: readonly Delivery[]): Promise<readonly WaitingSender[]> {
    const stream = connected();
    await stream.write(carried(deliveries));
    await stream.barrier();
    return [];
  }

  /** One after the other, so that no more than what is written next is in memory twice. */
  function* carried(deliveries: readonly Delivery[]): Iterable<string> {
    for (const delivery of deliveries) {
      const text = deliveryStanza(delivery, domains)?.toString();
      if (text !== undefined && text.length <= LONGEST_SENT) yield text;
      else
        refuse(
          delivery,
          text === undefined
            ? "holds characters that XML changes"
            : "is longer than a stanza may be",
        );
    }
  }

  /** Sent all the same, it would end the connection for everybody, again and again. */
  function refuse({ to, hash, number }: Delivery, problem: string): void {
    const sentence = `The envelope ${problem}, so no XMPP server takes it.`;
    known?.refused(to, { hash, number, sentence }).catch((error: unknown) => {
      if (isSignpostError(error)) report(error);
    });
  }

  return {
    kind: "xmpp",
    start,
    isConnected: () => connection?.stream() != null,
    inject,
    tell: async (end: SubmissionEnd) => {
      await connected().write([endStanza(end, domains).toString()]);
    },
    stop: async () => {
      await connection?.stop(async (stream) => {
        const untilMs = nowMs() + GOODBYE_MS;
        const mayGoOn = () => nowMs() < untilMs;
        await Promise.race([admitted.idle(), delay(GOODBYE_MS, undefined, { ref: false })]);
        await showToWatchers("unavailable", contacts, domains, stream, mayGoOn).catch(
          () => undefined,
        );
      });
    },
  };
}
