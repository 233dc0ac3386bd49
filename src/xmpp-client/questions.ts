/** Questions to the user's server and to the gateway (`iq`), and their answers. */
import { isSignpostError, SignpostError } from "../errors.js";
import { sleep } from "../messenger/sleep.js";
import type { XmppConnection } from "./connection.js";
import { isFromOwnAccount, type Jids } from "./jid.js";
import type { Question } from "./stanzas.js";
import { element, type XmlElement } from "./xmlElement.js";

export interface Questions {
  /**
   * The whole answer, which may be of type="error".
   * @throws UNREACHABLE where none came in time, or the connection ended
   */
  ask(question: Question): Promise<XmlElement>;
  /** True for a stanza that answers one of these. */
  take(stanza: XmlElement): boolean;
  /** The connection is gone: no answers will come. */
  lost(): void;
}

interface Waiting {
  readonly to: string | null;
  readonly answered: (stanza: XmlElement | null) => void;
}

/** More are not under way at a time. */
const MOST_WAITING = 32;

export interface QuestionParts {
  readonly connection: XmppConnection;
  readonly jids: Jids;
  readonly answerMs: number;
  /** Text that nobody guesses. */
  readonly freshId: () => string;
}

export function createQuestions({ connection, jids, answerMs, freshId }: QuestionParts): Questions {
  const waiting = new Map<string, Waiting>();

  return {
    async ask({ type, to, payload }) {
      if (waiting.size >= MOST_WAITING) throw unanswered(to, "too many questions are under way");
      const id = freshId();
      const timing = new AbortController();
      const answer = new Promise<XmlElement | null>((resolve) => {
        waiting.set(id, { to, answered: resolve });
      });
      try {
        await sent(connection, element("iq", { type, id, ...(to !== null && { to }) }, payload));
        const timeout = sleep(answerMs, timing.signal).then(() => "late" as const);
        const first = await Promise.race([answer, timeout]);
        if (first === "late") throw unanswered(to, `no answer came in ${answerMs} ms`);
        if (first === null) throw unanswered(to, "the connection ended");
        return first;
      } finally {
        timing.abort();
        waiting.delete(id);
      }
    },
    take(stanza) {
      const { type, id = "", from } = stanza.attrs;
      if (stanza.name !== "iq" || (type !== "result" && type !== "error")) return false;
      const one = waiting.get(id);
      if (one === undefined) return false;
      // nobody answers in the place of somebody else
      const isFromAsked = one.to === null ? isFromOwnAccount(from, jids) : from === one.to;
      if (isFromAsked) one.answered(stanza);
      return isFromAsked;
    },
    lost() {
      for (const { answered } of waiting.values()) answered(null);
    },
  };
}

/** @throws UNREACHABLE */
export async function sent(connection: XmppConnection, stanza: XmlElement): Promise<void> {
  try {
    await connection.send(stanza);
  } catch (cause) {
    if (isSignpostError(cause, "UNREACHABLE")) throw cause;
    const reason = "the connection could not send";
    throw new SignpostError("UNREACHABLE", `Try again: ${reason}.`, { reason }, { cause });
  }
}

function unanswered(to: string | null, reason: string): SignpostError {
  const sentence = `${to ?? "The server"} could not be asked: ${reason}. Try again later.`;
  return new SignpostError("UNREACHABLE", sentence, { reason });
}
