/** Whether a mail server greets, and which TLS it has, as the server of a sender meets it. No mail is sent. */
import { TLSSocket } from "node:tls";
import { foreignText } from "../fetch/foreignText.js";
import { within } from "../fetch/within.js";
import { connectionTo, type SmtpPeer, step } from "./smtpConnection.js";

export type SmtpGreeting =
  | { readonly is: "greeted"; readonly tls: "none" | "verified" }
  /** `reason`: what is wrong with the certificate, in a code or a few words. */
  | { readonly is: "greeted"; readonly tls: "unverified"; readonly reason: string }
  | { readonly is: "unreachable"; readonly reason: string };

const LONGEST_MS = 20_000;
/** Whoever looks has no host name for that (RFC 5321, section 4.1.3). */
const OUR_NAME = "[127.0.0.1]";

export async function greetingOf(
  server: Pick<SmtpPeer, "host" | "port" | "name">,
  longestMs = LONGEST_MS,
): Promise<SmtpGreeting> {
  const connection = connectionTo(
    { ...server, tls: "if offered", isImplicitTls: false, account: null },
    OUR_NAME,
  );
  const connected = step(connection, (done) => {
    connection.connect(done);
  });
  try {
    await within(longestMs, connected, () => {
      throw new Error(`it did not greet within ${longestMs / 1_000} s`);
    });
    const socket = connection._socket;
    if (!(socket instanceof TLSSocket)) return { is: "greeted", tls: "none" };
    if (socket.authorized) return { is: "greeted", tls: "verified" };
    return { is: "greeted", tls: "unverified", reason: wordsOf(socket.authorizationError) };
  } catch (error) {
    return { is: "unreachable", reason: wordsOf(error) };
  } finally {
    connection.close();
  }
}

/** Node has a code where its types have an error. */
function wordsOf(problem: unknown): string {
  return foreignText(problem instanceof Error ? problem.message : String(problem), 300);
}
