/**
 * What is done each time the connection is there, in the order that servers need: carbons, presence, then the archive; and the link to
 * the gateway, which sends again then what the app has not accepted. What fails is tried again while the connection lasts.
 */
import type { SignpostError } from "../errors.js";
import { asSignpostError } from "../messenger/defect.js";
import { pauseMs } from "../sending/patience.js";
import type { Archive } from "./archive.js";
import type { XmppConnection } from "./connection.js";
import type { Greeting } from "./gateway.js";
import { type Questions, sent } from "./questions.js";
import { ENABLE_CARBONS } from "./stanzas.js";
import { element } from "./xmlElement.js";

export interface SessionParts {
  readonly connection: XmppConnection;
  readonly questions: Questions;
  readonly sendsPresence: boolean;
  /** Asks the gateway and links the account; throws UNREACHABLE, GATEWAY_REFUSED and others. */
  readonly link: () => Promise<Greeting>;
  /** Messages can be submitted now. */
  readonly onLinked: () => void;
  readonly onProblem: (error: SignpostError) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly chance: () => number;
}

export interface Session {
  /** What the gateway said, while the account is linked. */
  linked(): Greeting | null;
  /** The account was linked by somebody else here. */
  noteLinked(greeting: Greeting): void;
  online(): void;
  offline(): void;
  /** From now on messages are read, from the archive on; null ends that. */
  read(archive: Archive | null): void;
  /** Something was missed: the archive and the gateway are asked for it again. */
  readAgain(): void;
  /** The gateway does not know the account. */
  linkAgain(): void;
  stop(): void;
}

const LINK_PAUSE = { firstMs: 2_000, mostMs: 15 * 60_000 };
const ARCHIVE_PAUSE = { firstMs: 2_000, mostMs: 15 * 60_000 };
/** However often it is asked for. */
const AGAIN_MS = 2_000;

export function createSession(parts: SessionParts): Session {
  const { connection, questions, sleep, chance, onProblem } = parts;
  let greeting: Greeting | null = null;
  let archive: Archive | null = null;
  let isStopped = false;
  /** Of what is done since the connection is there, or since messages are read. */
  let doing = new AbortController();
  let linking: Promise<void> | null = null;
  let isLookingAgain = false;
  let timesAgain = 0;
  /** One at a time, also when one is begun anew. */
  let reading: Promise<void> = Promise.resolve();

  function start(): void {
    doing.abort();
    doing = new AbortController();
    greeting = null;
    linking = null;
    if (isStopped || !connection.isOnline()) return;
    void begin(doing.signal);
  }

  async function begin(signal: AbortSignal): Promise<void> {
    if (archive !== null) await becomePresent();
    if (signal.aborted) return;
    startLink(signal);
    if (archive !== null) readArchive(archive, signal);
  }

  /** Without carbons there is the archive, and a connection that breaks begins anew. */
  async function becomePresent(): Promise<void> {
    await questions.ask(ENABLE_CARBONS).catch(() => undefined);
    if (!parts.sendsPresence) return;
    await sent(connection, element("presence")).catch(() => undefined);
  }

  function linkedBy(told: Greeting): void {
    greeting = told;
    parts.onLinked();
  }

  function startLink(signal: AbortSignal): void {
    linking ??= keepTrying(LINK_PAUSE, signal, async () => {
      const told = await parts.link();
      if (signal.aborted) return;
      linkedBy(told);
    }).finally(() => {
      if (!signal.aborted) linking = null;
    });
  }

  function readArchive(from: Archive, signal: AbortSignal): void {
    reading = reading.then(() => keepTrying(ARCHIVE_PAUSE, signal, () => from.read(signal)));
  }

  /** Until it worked once, or the signal is aborted. */
  async function keepTrying(
    pause: typeof LINK_PAUSE,
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<void> {
    const isEnding = () => signal.aborted;
    for (let times = 1; !isEnding(); times++) {
      try {
        await work();
        return;
      } catch (thrown) {
        if (isEnding()) return;
        onProblem(asSignpostError(thrown, "The gateway or the archive could not be asked"));
      }
      await sleep(pauseMs(times, pause, chance()), signal);
    }
  }

  return {
    linked: () => greeting,
    noteLinked: linkedBy,
    online() {
      timesAgain = 0;
      start();
    },
    offline: () => {
      doing.abort();
      greeting = null;
    },
    read(from) {
      archive = from;
      if (from !== null) start();
    },
    readAgain() {
      if (isLookingAgain || archive === null) return;
      isLookingAgain = true;
      const { signal } = doing;
      void sleep(AGAIN_MS, signal).then(() => {
        isLookingAgain = false;
        if (signal.aborted) return;
        start();
      });
    },
    linkAgain() {
      greeting = null;
      const { signal } = doing;
      if (signal.aborted || linking !== null) return;
      linking = sleep(pauseMs(++timesAgain, LINK_PAUSE, chance()), signal).then(() => {
        linking = null;
        if (!signal.aborted) startLink(signal);
      });
    },
    stop() {
      isStopped = true;
      doing.abort();
      greeting = null;
    },
  };
}
