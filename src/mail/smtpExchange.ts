/** Hands one finished mail to one server, by nodemailer's SMTPConnection, which writes bytes as they are. */
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { foreignText } from "../fetch/foreignText.js";
import { connectionTo, type SmtpPeer, step } from "./smtpConnection.js";

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
/** In ms. */
const GOODBYE_MS = 5_000;
/** For all servers of a domain together: servers that say a little again and again are never silent. */
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

/** @param mostMs for the whole exchange */
export async function exchange(
  peer: SmtpPeer,
  ourName: string,
  mail: FinishedMail,
  mostMs = longestMs(mail.length),
): Promise<SmtpAnswer> {
  const connection = connectionTo(peer, ourName);
  let handedOver = false;
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new Error("It was too slow."));
    // what is waited for may never end otherwise
    connection.close();
  }, mostMs);
  const act = (what: Parameters<typeof step>[1]) => step(connection, what, deadline.signal);
  try {
    await act((done) => {
      connection.connect(done);
    });
    const { account } = peer;
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
    await act((done) => {
      const dsn = mail.sender === null ? { notify: "NEVER" } : reports;
      connection.send({ ...envelope, to: [...envelope.to], dsn }, inPieces(mail.parts), done);
    });
    connection.quit();
    setTimeout(() => {
      connection.close();
    }, GOODBYE_MS).unref();
    return { is: "taken" };
  } catch (error) {
    connection.close();
    return answerOf(error as SmtpError, handedOver);
  } finally {
    clearTimeout(timer);
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

function inPieces(parts: readonly Uint8Array[]): Readable {
  async function* pieces() {
    for (const part of parts) {
      for (let at = 0; at < part.length; at += PIECE) {
        yield part.subarray(at, at + PIECE);
        await nextTurn();
      }
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}
