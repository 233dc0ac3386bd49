/** Hands one finished mail to one server, by nodemailer's SMTPConnection, which writes bytes as they are. */
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { foreignText } from "../fetch/foreignText.js";
import type { KeptConnections, OpenConnection } from "./keptConnections.js";
import { connectionTo, sayGoodbye, type SmtpPeer, step } from "./smtpConnection.js";

export interface FinishedMail {
  /** Envelope sender; null is the null sender. */
  readonly sender: string | null;
  readonly recipient: string;
  readonly parts: readonly Uint8Array[];
  /** In bytes. */
  readonly length: number;
}

export type SmtpAnswer =
  | { readonly is: "taken" }
  | { readonly is: "refused"; readonly sentence: string }
  /** `before`: nothing of the mail was handed over, so another server may be tried. */
  | { readonly is: "unreachable"; readonly reason: string; readonly before: boolean };

/** RFC 4954, section 6: not about the mail. */
const NEEDS_ACCOUNT = 530;
/** In ms, for all servers of a domain together: servers that say a little again and again are never silent. */
const FIRST_MS = 180_000;
const BYTES_IN_A_MS = 200;
const PIECE = 64 * 1024;

interface SmtpError extends Error {
  readonly response?: string;
  readonly responseCode?: number;
  readonly command?: string;
  readonly code?: string;
}

/** @param length of the mail, in bytes */
export const longestMs = (length: number): number => FIRST_MS + Math.ceil(length / BYTES_IN_A_MS);

/**
 * What a kept connection does not take is offered once more on a new one, unless the mail itself was begun: the server may have ended the
 * kept one meanwhile, or takes only so many mails on each.
 * @param mostMs for the whole exchange
 * @param kept connections to use and to leave open; null: a new one, which is ended
 */
export async function exchange(
  peer: SmtpPeer,
  ourName: string,
  mail: FinishedMail,
  mostMs = longestMs(mail.length),
  kept: KeptConnections | null = null,
): Promise<SmtpAnswer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new Error("It was too slow."));
  }, mostMs);
  const attempt = async (known: OpenConnection | null): Promise<Attempt> => {
    const open = known ?? { connection: connectionTo(peer, ourName), sinceMs, mails: 0 };
    const tried = await offered(open.connection, known === null ? peer : null, mail, deadline);
    if (tried.answer.is !== "taken") open.connection.close();
    else if (kept === null) sayGoodbye(open.connection);
    else kept.keep(peer, { ...open, mails: open.mails + 1 });
    return tried;
  };
  const sinceMs = performance.now();
  try {
    const known = kept?.take(peer) ?? null;
    const first = await attempt(known);
    const isOver = known === null || first.isBegun || deadline.signal.aborted;
    return isOver ? first.answer : (await attempt(null)).answer;
  } finally {
    clearTimeout(timer);
  }
}

interface Attempt {
  readonly answer: SmtpAnswer;
  /** Whether the server may have something of the mail itself. */
  readonly isBegun: boolean;
}

/** @param peer where the connection is not open yet */
async function offered(
  connection: SMTPConnection,
  peer: SmtpPeer | null,
  mail: FinishedMail,
  { signal }: AbortController,
): Promise<Attempt> {
  let [handedOver, isBegun] = [false, false];
  const act = (what: Parameters<typeof step>[1]) => step(connection, what, signal);
  const late = () => {
    // what is waited for may never end otherwise
    connection.close();
  };
  signal.addEventListener("abort", late, { once: true });
  try {
    if (peer !== null) {
      await act((done) => {
        connection.connect(done);
      });
    }
    const account = peer?.account ?? null;
    if (account !== null) {
      await act((done) => {
        connection.login({ user: account.user, pass: account.password }, done);
      });
    }
    handedOver = true;
    const envelope = {
      from: mail.sender ?? false,
      to: [mail.recipient],
      size: mail.length,
    } as const;
    const reports = { notify: ["FAILURE", "DELAY"], ret: "HDRS" };
    // read when the server has answered DATA
    const stream = inPieces(mail, () => {
      isBegun = true;
    });
    await act((done) => {
      const dsn = mail.sender === null ? { notify: "NEVER" } : reports;
      connection.send({ ...envelope, to: [...envelope.to], dsn }, stream, done);
    });
    return { answer: { is: "taken" }, isBegun: true };
  } catch (error) {
    return { answer: answerOf(error as SmtpError, handedOver), isBegun };
  } finally {
    signal.removeEventListener("abort", late);
  }
}

/** 5xx to the mail itself is for good; to the greeting or to our account it is for the operator to mend. */
function answerOf(error: SmtpError, handedOver: boolean): SmtpAnswer {
  const { responseCode = 0, command = "", code } = error;
  const said = foreignText(error.response ?? error.message, 300);
  const isAboutMail = ["MAIL FROM", "RCPT TO", "DATA"].includes(command);
  const isForGood = responseCode >= 500 && responseCode !== NEEDS_ACCOUNT;
  if (handedOver && isAboutMail && isForGood) return { is: "refused", sentence: said };
  if (handedOver && isAboutMail && code === "EMESSAGE" && responseCode === 0) {
    return { is: "refused", sentence: "The mail is larger than its server takes." };
  }
  const reason = command === "STARTTLS" ? `it has no TLS: ${said}` : said;
  return { is: "unreachable", reason, before: !handedOver };
}

/** @param begun called when the first piece is read */
function inPieces({ parts, length }: FinishedMail, begun: () => void): Readable {
  async function* pieces() {
    begun();
    if (length <= PIECE) {
      yield Buffer.concat(parts);
      return;
    }
    for (const part of parts) {
      for (let at = 0; at < part.length; at += PIECE) {
        yield part.subarray(at, at + PIECE);
        await nextTurn();
      }
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}
