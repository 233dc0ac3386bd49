/** A connection to one mail server, by nodemailer's SMTPConnection, within bounds of time and bytes. */
import SMTPConnection from "nodemailer/lib/smtp-connection";

export interface SmtpPeer {
  /** Host name or address. */
  readonly host: string;
  readonly port: number;
  /** Of its certificate. */
  readonly name: string;
  readonly tls: TlsRule;
  /** TLS from the first byte on, as on port 465. */
  readonly isImplicitTls: boolean;
  readonly account: { readonly user: string; readonly password: string } | null;
}

/** Servers of strangers mostly have certificates that name others, so TLS that is only wanted does not look at them. */
export type TlsRule = "if offered" | "required" | "verified";

/** In ms. */
const CONNECT_MS = 15_000;
const GREETING_MS = 30_000;
const SILENCE_MS = 120_000;
const GOODBYE_MS = 5_000;

/** Not connected yet. @param ourName as which we greet */
export function connectionTo(peer: SmtpPeer, ourName: string): SMTPConnection {
  const isVerified = peer.tls === "verified";
  return new SMTPConnection({
    host: peer.host,
    port: peer.port,
    servername: peer.name,
    name: ourName,
    secure: peer.isImplicitTls,
    requireTLS: peer.tls !== "if offered" && !peer.isImplicitTls,
    opportunisticTLS: peer.tls === "if offered",
    tls: { rejectUnauthorized: isVerified },
    connectionTimeout: CONNECT_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
    // the address was looked up and allowed before
    allowInternalNetworkInterfaces: true,
    maxResponseSize: 64 * 1024,
  });
}

/** Ends the connection, also where the server does not answer. */
export function sayGoodbye(connection: SMTPConnection): void {
  if (connection.destroyed) return;
  connection.quit();
  setTimeout(() => {
    connection.close();
  }, GOODBYE_MS).unref();
}

/** Errors of the connection come as events as well. Throws the reason of `deadline` when that comes first. */
export function step(
  connection: SMTPConnection,
  act: (done: (error?: Error | null) => void) => void,
  deadline: AbortSignal = new AbortController().signal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => {
      reject(deadline.reason as Error);
    };
    if (deadline.aborted) {
      late();
      return;
    }
    deadline.addEventListener("abort", late, { once: true });
    connection.removeAllListeners("error");
    connection.on("error", reject);
    act((error) => {
      deadline.removeEventListener("abort", late);
      if (error == null) resolve();
      else reject(error);
    });
  });
}
