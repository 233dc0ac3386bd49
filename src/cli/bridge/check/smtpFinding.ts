/** Whether the mail server of the bridge's domain greets whoever brings mail, and has TLS. */
import { failed, type Finding, notApplicable, passed, warning } from "../../../doctor/line.js";
import { foreignText } from "../../../fetch/foreignText.js";
import { dnsResolver } from "../../../mail/dnsResolver.js";
import { mailServersOf } from "../../../mail/mailServers.js";
import { greetingOf, type SmtpGreeting } from "../../../mail/smtpGreeting.js";
import type { AddressRule } from "../../../net/addressRule.js";
import type { DnsOptions } from "../../../net/domainConsent.js";
import type { HostAndPort } from "../../../settings/networkSettings.js";

export interface SmtpOptions {
  readonly dns: DnsOptions;
  /** Null: where its MX record leads. */
  readonly server: HostAndPort | null;
  readonly mayConnect: AddressRule;
}

interface Server extends HostAndPort {
  /** Of its certificate. */
  readonly name: string;
}

const MAIL_PORT = 25;
const OPEN =
  "Lead port 25 to MAIL_LISTEN and open it. Many networks close that port on the way out: look from another machine, or by --smtp.";

export async function smtpFinding(domain: string, options: SmtpOptions): Promise<Finding> {
  const servers = await serversFor(domain, options);
  if ("status" in servers) return servers;
  let seen = "";
  // as senders do: the next one where one does not answer
  for (const server of servers) {
    const greeting = await greetingOf(server);
    if (greeting.is === "greeted") return greetedFinding(server, greeting, seen);
    seen += `${placeOf(server)} did not greet (${greeting.reason}). `;
  }
  return failed(seen.replace(/\. $/, ""), OPEN);
}

async function serversFor(
  domain: string,
  { dns, server, mayConnect }: SmtpOptions,
): Promise<readonly Server[] | Finding> {
  if (server !== null) return [{ ...server, name: server.host }];
  const found = await mailServersOf(domain, dnsResolver(dns.servers ?? null), mayConnect);
  switch (found.is) {
    case "servers":
      return found.servers.map(({ name, ip }) => ({ name, host: ip, port: MAIL_PORT }));
    case "none":
      return failed(found.sentence.replace(/\.$/, ""), "Publish its MX record, and an address.");
    case "unknown":
      return notApplicable(`the DNS did not tell the mail servers of ${domain}`);
  }
}

/** @param before what was seen of servers that come before it */
function greetedFinding(
  server: Server,
  greeting: Extract<SmtpGreeting, { is: "greeted" }>,
  before: string,
): Finding {
  const place = `${before}${placeOf(server)}`;
  switch (greeting.tls) {
    case "none":
      return warning(
        `${place} greets, without TLS`,
        "Let mail come over TLS: MAIL_TLS_CERT_FILE and MAIL_TLS_KEY_FILE.",
      );
    case "unverified":
      return warning(
        `${place} greets, with TLS, but its certificate is not one for ${foreignText(server.name)} (${greeting.reason})`,
        "Give it a certificate for this host name: servers that verify it bring no mail otherwise.",
      );
    case "verified":
      return before === "" ? passed(`${place} greets, with TLS`) : warning(`${place} greets`, OPEN);
  }
}

function placeOf({ name, host, port }: Server): string {
  return name === host ? `${foreignText(host)}:${port}` : `${foreignText(name)} (${host}:${port})`;
}
