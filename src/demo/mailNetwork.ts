/**
 * The demo's world with a mail bridge, and a mail provider who knows nothing of it: its users have Delta Chat's stock core. Whoever
 * has a DM3 name writes with them by our SDK and the codec for OpenPGP mail.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignpostError } from "../errors.js";
import type { Patience } from "../sdk/messagesNode.js";
import { readVCards } from "../sdk/openpgpMimeNode.js";
import { type Dm3MailUser, type MailPerson, startDm3MailUser } from "./dm3MailUser.js";
import { DeltaChat } from "./mail/deltaChat.js";
import { DeltaChatUser } from "./mail/deltaChatUser.js";
import { type LoopbackDns, startDns } from "./mail/dnsServer.js";
import { type ProviderServer, startProvider } from "./mail/providerServer.js";
import { MAIL_DOMAIN, type MailWorld, type MailWorldOptions, startMailWorld } from "./mailWorld.js";

const PROVIDER_DOMAIN = "mail.test";

export interface MailNetwork {
  readonly world: MailWorld;
  readonly provider: ProviderServer;
  readonly dns: LoopbackDns;
  /** One of the demo's people, with an app for mail. */
  readonly newDm3User: (label: string, patience?: Partial<Patience>) => Promise<Dm3MailUser>;
  /** Somebody with an address at the provider. */
  readonly newMailUser: (localPart: string) => Promise<DeltaChatUser>;
  /** First contact: gives the mail user a name, and keeps the certificate of the user's vCard. */
  readonly introduce: (user: Dm3MailUser, vCard: string) => Promise<MailPerson>;
  readonly stop: () => Promise<void>;
}

export async function startMailNetwork(
  options: Pick<MailWorldOptions, "demo" | "databaseUrl" | "onStep" | "reportFailure">,
): Promise<MailNetwork> {
  const folder = await mkdtemp(join(tmpdir(), "signpost-delta-chat-"));
  const dns = await startDns();
  const bridge: { smtpPort: number } = { smtpPort: 0 };
  const provider = await startProvider(PROVIDER_DOMAIN, dns, (domain) => {
    if (domain === MAIL_DOMAIN) return bridge.smtpPort;
    throw new SignpostError("INTERNAL", `Nobody takes mail for ${domain} here.`);
  });
  // first, so that a machine without it learns that at once
  const deltaChat = await DeltaChat.start(join(folder, "accounts"));
  options.onStep("A mail provider", {
    users: PROVIDER_DOMAIN,
    imap: `127.0.0.1:${provider.imapPort}`,
  });
  const world = await startMailWorld({
    ...options,
    ...{ smarthostPort: provider.smtpPort, dnsServer: dns.server },
  });
  bridge.smtpPort = world.smtpPort;
  const users: Dm3MailUser[] = [];
  return {
    ...{ world, provider, dns },
    newDm3User: async (label, patience) => {
      const person = world.demo.people.find(({ name }) => name.startsWith(`${label}.`));
      if (person === undefined) throw new SignpostError("INTERNAL", `The demo has no ${label}.`);
      const user = await startDm3MailUser(world.demo, person, MAIL_DOMAIN, patience);
      users.push(user);
      options.onStep(`DM3 user ${user.name}`, { mail: user.address });
      return user;
    },
    newMailUser: async (localPart) => {
      const address = `${localPart}@${PROVIDER_DOMAIN}`;
      const user = await DeltaChatUser.start(deltaChat, address, provider);
      options.onStep(`Mail user ${address}`, { app: "Delta Chat" });
      return user;
    },
    introduce: async ({ keyBook }, vCard) => {
      const [card] = readVCards(vCard);
      if (card?.certificate == null) {
        throw new SignpostError("INVALID_REQUEST", "The vCard has no OpenPGP certificate.");
      }
      const { address, certificate } = card;
      await keyBook.take({ address, certificate, source: "vcard" });
      return { address, name: await world.introduce(address) };
    },
    stop: async () => {
      for (const user of users) await user.stop();
      await deltaChat.stop();
      await world.stop();
      await provider.stop();
      await dns.stop();
      await rm(folder, { recursive: true });
    },
  };
}
