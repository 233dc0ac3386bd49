/** THE WAY OF EVERY STANZA: to the question that it answers, to the loop that reads messages, or to the outbox. */
import type { Answers } from "./answers.js";
import type { ArchiveCursor } from "./archiveCursor.js";
import type { Ends } from "./ends.js";
import { type Heard, type HeardBy, heardIn, isArchived, unwrapped } from "./heard.js";
import type { Jids } from "./jid.js";
import type { NativeEncryption } from "./nativeEncryption.js";
import type { Questions } from "./questions.js";
import type { ReadingLoop } from "./readingLoop.js";
import { submitId } from "./stanzas.js";
import type { XmlElement } from "./xmlElement.js";

export interface HearingParts {
  readonly jids: Jids;
  readonly questions: Pick<Questions, "take">;
  readonly loop: Pick<ReadingLoop, "isReading" | "push" | "readAgain" | "takeArchived">;
  readonly cursor: Pick<ArchiveCursor, "live">;
  readonly native: NativeEncryption;
  readonly answers: Pick<Answers, "take">;
  readonly ends: Pick<Ends, "accepted" | "failed">;
  readonly onDefect: (thrown: unknown) => void;
}

/** Live ones that the app has to open: a server lets no more than 512 KiB through in each. */
const MOST_CLOSED = 100;
const NOTHING = (): void => undefined;

/** Never throws, and never waits. */
export function createHearing(parts: HearingParts): (stanza: XmlElement) => void {
  const { jids, loop, native, onDefect } = parts;
  let opening: Promise<unknown> = Promise.resolve();
  let closed = 0;
  let isMissing = false;

  const settling = ({ archiveId }: HeardBy) =>
    archiveId === null ? NOTHING : parts.cursor.live(archiveId);

  function take(said: Heard, by: HeardBy, settle: () => void): void {
    switch (said.kind) {
      case "envelope":
      case "damaged":
        loop.push(said, by, settle);
        return;
      case "failed":
        void parts.ends.failed(said).then(settle).catch(onDefect);
        return;
      case "accepted": {
        const { address, hash } = said;
        settle();
        const isAwaited = () => parts.answers.take(submitId(hash), address, { kind: "accepted" });
        if (by.way !== "live" || isAwaited()) return;
        void parts.ends.accepted(address, hash).catch(onDefect);
        return;
      }
      case "error": {
        const { id, address, ...answer } = said;
        if (by.way === "live") parts.answers.take(id, address, answer);
      }
    }
  }

  /** One after the other, so that a conversation stays in its order. Without a loop it is left at the server. */
  function open(message: XmlElement, by: HeardBy): void {
    if (!loop.isReading()) return;
    const settle = settling(by);
    if (isMissing || closed >= MOST_CLOSED) {
      isMissing = true;
      return;
    }
    closed++;
    opening = opening
      .then(() => native.inside(message))
      .then((inside) => {
        if (inside === "nothing") settle();
        else if (inside !== "unknown") take(inside, by, settle);
      })
      .catch(onDefect)
      .finally(() => {
        closed--;
        if (closed > 0 || !isMissing) return;
        isMissing = false;
        loop.readAgain();
      });
  }

  return (stanza) => {
    if (parts.questions.take(stanza) || loop.takeArchived(stanza) || isArchived(stanza)) return;
    const read = unwrapped(stanza, jids);
    if (read === null) return;
    const { message, by } = read;
    const said = heardIn(message, jids);
    if (said === null) {
      if (native.isWanted(message)) open(message, by);
      return;
    }
    const isEnvelope = said.kind === "envelope" || said.kind === "damaged";
    take(said, by, isEnvelope ? settling(by) : NOTHING);
  };
}
