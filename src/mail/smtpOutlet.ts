/** The way of a finished mail out: through the operator's smarthost, or to the mail servers of its domain, one after the other. */
import { SignpostError } from "../errors.js";
import type { NativeAnswer } from "../messaging/bridge/nativeTransport.js";
import type { ResolveDns } from "./boundedDns.js";
import type { KeptConnections } from "./keptConnections.js";
import { mailServersOf } from "./mailServers.js";
import type { SmtpPeer, TlsRule } from "./smtpConnection.js";
import { exchange, type FinishedMail, longestMs } from "./smtpExchange.js";

interface Smarthost {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsRule;
  readonly isImplicitTls: boolean;
  readonly account: { readonly user: string; readonly password: string } | null;
}

/** To the mail servers of each domain. */
interface DirectDelivery {
  readonly tls: TlsRule;
  /** 25, but in tests. */
  readonly port: number;
  /** Whether a socket may be connected to an address that a stranger's DNS names. */
  readonly mayConnect: (ip: string) => boolean;
}

export type OutletSettings =
  | { readonly through: Smarthost; readonly direct?: undefined }
  | { readonly direct: DirectDelivery; readonly through?: undefined };

/** Throws UNREACHABLE where nobody said yes or no. */
export type Outlet = (domain: string, mail: FinishedMail) => Promise<NativeAnswer>;

/**
 * @param ourName as which we greet: the host name that our address leads back to
 * @param kept connections that stay open between mails; null: each mail has its own
 */
export function smtpOutlet(
  settings: OutletSettings,
  ourName: string,
  resolve: ResolveDns,
  kept: KeptConnections | null = null,
): Outlet {
  async function peersFor(domain: string): Promise<readonly SmtpPeer[] | NativeAnswer> {
    const { through, direct } = settings;
    if (direct === undefined) return [{ ...through, name: through.host }];
    const found = await mailServersOf(domain, resolve, direct.mayConnect);
    if (found.is === "unknown")
      throw unreachable(domain, "its mail servers could not be found out");
    if (found.is === "none") return { is: "refused", sentence: found.sentence };
    return found.servers.map(({ name, ip }) => ({
      ...{ host: ip, name, port: direct.port, tls: direct.tls },
      ...{ isImplicitTls: false, account: null },
    }));
  }

  return async (domain, mail) => {
    const peers = await peersFor(domain);
    if ("is" in peers) return peers;
    let reason = "there is no mail server";
    // for all of them together: a domain names as many as it likes
    const endMs = performance.now() + longestMs(mail.length);
    for (const peer of peers) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) break;
      const answer = await exchange(peer, ourName, mail, leftMs, kept);
      if (answer.is !== "unreachable") return answer;
      reason = answer.reason;
      if (!answer.before) break;
    }
    throw unreachable(domain, reason);
  };
}

function unreachable(domain: string, reason: string): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    `The mail server of ${domain} did not take the mail (${reason}). Try it again later.`,
    { reason },
  );
}
