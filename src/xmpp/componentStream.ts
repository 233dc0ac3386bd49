/** One connection of the component to its server, from the handshake to its end. */
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Element } from "ltx";
import { SignpostError } from "../errors.js";
import { type ComponentPlace, openSocket } from "./handshake.js";
import { pings } from "./pings.js";
import { unreachableServer } from "./streamErrors.js";

/** Stanzas are written together up to here, in characters. */
const PIECE = 64 * 1024;
/** What the server has not read of answers, in bytes: above it, no more are written. */
const MOST_UNREAD = 8 * 1024 * 1024;

export interface StreamSettings {
  readonly connectTimeoutMs: number;
  /** How often the server is pinged. */
  readonly keepaliveMs: number;
  /** How long a ping may stay unanswered before the connection counts as cut. */
  readonly answerTimeoutMs: number;
  readonly nowMs: () => number;
}

export interface ComponentStream {
  /**
   * Writes in this order, no faster than the server reads.
   * @throws UNREACHABLE when the connection ends before
   */
  readonly write: (stanzas: Iterable<string>) => Promise<void>;
  /** Writes an answer without waiting. False, and nothing written, where the server has too much to read. */
  readonly answer: (stanza: Element) => boolean;
  /**
   * Resolves when the server has read what was written before.
   * @throws UNREACHABLE when the connection ends before
   */
  readonly barrier: () => Promise<void>;
  /** Ends the stream in order, and waits for the server's end tag. */
  readonly close: () => Promise<void>;
  /** Settled when it is over; null after `close`. */
  readonly ended: Promise<SignpostError | null>;
}

/**
 * @param nativeDomain the server's own host, which is pinged
 * @throws UNREACHABLE, INVALID_CONFIGURATION
 */
export async function openComponentStream(
  place: ComponentPlace,
  nativeDomain: string,
  settings: StreamSettings,
  stanza: (stanza: Element) => void,
): Promise<ComponentStream> {
  const end: { why: SignpostError | null } = { why: null };
  let isClosing = false;
  let settle: (error: SignpostError | null) => void = () => undefined;
  const ended = new Promise<SignpostError | null>((resolve) => {
    settle = resolve;
  });
  const { connectTimeoutMs, keepaliveMs, answerTimeoutMs, nowMs } = settings;
  const socket = await openSocket(place, connectTimeoutMs, {
    stanza: (one) => {
      if (!questions.isAnswer(one)) stanza(one);
    },
    ended: (error) => {
      end.why = error ?? unreachableServer(place, "it ended the connection");
      clearInterval(watch);
      questions.end(cut(end.why));
      settle(isClosing ? null : end.why);
    },
  });
  const questions = pings(
    place.componentDomain,
    nativeDomain,
    (text) => void socket.write(text),
    nowMs,
  );
  let askedMs = nowMs();
  const watch = setInterval(
    () => {
      if (questions.oldestMs() > answerTimeoutMs) {
        socket.destroy();
      } else if (nowMs() - askedMs >= keepaliveMs) {
        askedMs = nowMs();
        questions.ask().catch(() => undefined);
      }
    },
    Math.min(keepaliveMs, answerTimeoutMs) / 4,
  );
  watch.unref();

  async function writePiece(text: string): Promise<void> {
    assertOpen();
    if (socket.write(text)) return;
    await drained(socket);
    assertOpen();
  }
  const isOver = () => end.why !== null || socket.destroyed;
  function assertOpen(): void {
    if (isOver()) throw cut(end.why ?? unreachableServer(place, "the connection was cut"));
  }

  return {
    write: async (stanzas) => {
      let piece = "";
      for (const text of stanzas) {
        piece += text;
        if (piece.length < PIECE) continue;
        await writePiece(piece);
        piece = "";
      }
      if (piece !== "") await writePiece(piece);
    },
    answer: (one) => {
      if (isOver() || socket.writableLength > MOST_UNREAD) return false;
      socket.write(one.toString());
      return true;
    },
    barrier: () => questions.ask(),
    close: async () => {
      isClosing = true;
      if (isOver()) return;
      socket.end("</stream:stream>");
      const timer = setTimeout(() => socket.destroy(), answerTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
    ended,
  };
}

/** Nothing is known of what was on its way, whatever ended the connection. */
function cut(error: SignpostError): SignpostError {
  if (error.code === "UNREACHABLE") return error;
  const { message, details } = error;
  return new SignpostError("UNREACHABLE", message, details, { cause: error });
}

/** Also when it ends. */
async function drained(socket: Socket): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race([once(socket, "drain", { signal }), once(socket, "close", { signal })]).catch(
    () => undefined,
  );
  stop.abort();
}
