/** The loop in which an app reads its messages: what came live and what stands in the archive, each message once. */
import { whenAborted } from "../fetch/whenAborted.js";
import { boundedQueue } from "../messenger/boundedQueue.js";
import type { IncomingMessage } from "../messenger/incomingMessage.js";
import { sleep } from "../messenger/sleep.js";
import { secondLoop } from "../messenger/wrongUse.js";
import { type Archive, type ArchiveParts, createArchive } from "./archive.js";
import { type ArrivalParts, type Arrivals, createArrivals } from "./arrivals.js";
import type { Ends } from "./ends.js";
import { type Heard, heardIn } from "./heard.js";
import type { NativeEncryption } from "./nativeEncryption.js";
import type { Session } from "./presenceSession.js";
import type { XmlElement } from "./xmlElement.js";

interface ReadingLoopParts
  extends
    Pick<ArrivalParts, "inbox" | "reading" | "onProblem" | "accept" | "chance">,
    Pick<ArchiveParts, "questions" | "jids" | "cursor" | "freshId"> {
  readonly ends: Pick<Ends, "failed">;
  readonly native: NativeEncryption;
  readonly session: Pick<Session, "read" | "readAgain">;
  /** Takes from a receipt what it says of messages that were sent. */
  readonly noteReceipt: (message: IncomingMessage) => Promise<void>;
  /** How far back the archive is read for the first time. */
  readonly archiveDays: number;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
  /** Ends every loop. */
  readonly stopping: AbortSignal;
}

export interface ReadingLoop extends Arrivals {
  isReading(): boolean;
  /** Something was missed: the archive and the gateway are asked for it again. */
  readAgain(): void;
  /** See `XmppMessenger.messages`. */
  messages(options?: {
    readonly signal?: AbortSignal | undefined;
  }): AsyncGenerator<IncomingMessage, void, undefined>;
  /** True for an entry of the archive that was asked for. */
  takeArchived(stanza: XmlElement): boolean;
}

/** Messages that the app has not taken yet. */
const MOST_WAITING = 100;
const DAY_MS = 24 * 3_600_000;

/** While no loop runs, what arrives is left at the server and the gateway. */
export function createReadingLoop(parts: ReadingLoopParts): ReadingLoop {
  const { jids, session, stopping } = parts;
  let arrivals: Arrivals | null = null;
  let archive: Archive | null = null;

  const readAgain = () => {
    session.readAgain();
  };

  async function saidIn(message: XmlElement): Promise<Heard | null | "unknown"> {
    const said = heardIn(message, jids);
    if (said !== null || !parts.native.isWanted(message)) return said;
    const inside = await parts.native.inside(message);
    return inside === "nothing" ? null : inside;
  }

  async function fromArchive(message: XmlElement | null, settle: () => void): Promise<void> {
    const said = message === null ? null : await saidIn(message);
    // it comes again with the next reading
    if (said === "unknown") return;
    if (said?.kind === "failed") await parts.ends.failed(said);
    if (said?.kind !== "envelope" && said?.kind !== "damaged") settle();
    else await arrivals?.take(said, { way: "archive", archiveId: null }, settle);
  }

  function begin(
    signal: AbortSignal,
    onMessage: (message: IncomingMessage) => Promise<unknown>,
  ): void {
    arrivals = createArrivals({
      ...{ ...parts, gateway: jids.gateway, sleep, signal },
      onMissed: readAgain,
      async onMessage(message) {
        await parts.noteReceipt(message);
        await onMessage(message);
      },
    });
    archive = createArchive({
      ...{ ...parts, onMessage: fromArchive },
      firstMs: () => parts.nowMs() - parts.archiveDays * DAY_MS,
    });
    session.read(archive);
  }

  return {
    async *messages({ signal } = {}) {
      if (arrivals !== null) throw secondLoop();
      const ending = new AbortController();
      const queue = boundedQueue<IncomingMessage>(MOST_WAITING);
      const end = () => {
        ending.abort();
        queue.close();
      };
      const stopWaiting = [signal ?? stopping, stopping].map((one) => {
        if (one.aborted) end();
        return whenAborted(one, end);
      });
      begin(ending.signal, (message) => queue.push(message));
      try {
        for (;;) {
          const message = await queue.next();
          if (message === null) return;
          yield message;
        }
      } finally {
        for (const stop of stopWaiting) stop();
        end();
        session.read(null);
        arrivals = null;
        archive = null;
      }
    },
    ...{ readAgain, isReading: () => arrivals !== null },
    takeArchived: (stanza) => archive?.take(stanza) === true,
    push(heard, by, settle) {
      arrivals?.push(heard, by, settle);
    },
    async take(heard, by, settle) {
      await arrivals?.take(heard, by, settle);
    },
    async acknowledged(id) {
      await arrivals?.acknowledged(id);
    },
  };
}
