/** The mail server of a provider who knows nothing of DM3: signs what its users write to others, and brings it to their server. */
import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
import { isSignpostError } from "../../errors.js";
import { smtpOutlet } from "../../mail/smtpOutlet.js";
import type { LoopbackDns } from "./dnsServer.js";
import { type MailServer, type RelayedMail, startMailServer } from "./mailServer.js";
import { providerOf, signaturesOf } from "./provider.js";

export interface ProviderServer extends MailServer {
  readonly domain: string;
}

/** In ms: between two attempts to bring a mail to a server that did not answer. */
const RETRY_MS = 500;

/**
 * @param portOf where the mail server of another domain takes mail, on loopback
 * @param smtpPort 0 takes a free one
 */
export async function startProvider(
  domain: string,
  dns: Pick<LoopbackDns, "zones">,
  portOf: (domain: string) => number,
  smtpPort = 0,
): Promise<ProviderServer> {
  const provider = providerOf(domain);
  dns.zones.set(provider.name, { TXT: [provider.record] });
  const stopping = new AbortController();
  // one for each mail that waits
  setMaxListeners(0, stopping.signal);

  /** Throws the sentence of the refusal; UNREACHABLE where nobody answered. */
  async function bring(mail: RelayedMail): Promise<void> {
    const { from, to, bytes } = mail;
    const toDomain = to.split("@")[1] ?? "";
    const place = { host: "127.0.0.1", port: portOf(toDomain), isImplicitTls: false };
    const through = { ...place, tls: "if offered", account: null } as const;
    const outlet = smtpOutlet({ through }, domain, () => Promise.reject(new Error("not asked")));
    const answer = await outlet(toDomain, {
      ...{ sender: from === "" ? null : from, recipient: to },
      ...{ parts: [bytes], length: bytes.length },
    });
    if (answer.is === "refused") {
      throw Object.assign(new Error(answer.sentence), { responseCode: 550 });
    }
    for (const watcher of server.watchers) watcher(mail, "out");
  }

  /** As mail servers do: what another server cannot take now waits. */
  async function bringLater(mail: RelayedMail): Promise<void> {
    while (!stopping.signal.aborted) {
      await setTimeout(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      const isOver = await bring(mail).then(
        () => true,
        (error: unknown) => !isSignpostError(error, "UNREACHABLE"),
      );
      if (isOver) return;
    }
  }

  async function relay({ from, to, bytes }: RelayedMail): Promise<void> {
    const signatures = Buffer.from(await signaturesOf(Buffer.from(bytes), provider), "latin1");
    const mail = { from, to, bytes: Buffer.concat([signatures, bytes]) };
    try {
      await bring(mail);
    } catch (error) {
      if (!isSignpostError(error, "UNREACHABLE")) throw error;
      void bringLater(mail);
    }
  }

  const server = await startMailServer(relay, smtpPort);
  return {
    ...{ ...server, domain },
    stop: async () => {
      stopping.abort();
      await server.stop();
    },
  };
}
