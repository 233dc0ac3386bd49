/** A mail bridge in a world of its own: DNS, a mailbox that all its mail goes to, chain, registry and relay nodes. */
import { startDns } from "../../src/demo/mail/dnsServer.js";
import { type MailWorld, startMailWorld } from "../../src/demo/mailWorld.js";
import { startMailbox } from "./mailbox.js";

export interface BridgeScene {
  readonly mailbox: Awaited<ReturnType<typeof startMailbox>>;
  readonly dns: Awaited<ReturnType<typeof startDns>>;
  readonly world: MailWorld;
  readonly stop: () => Promise<void>;
}

export async function startBridgeScene(): Promise<BridgeScene> {
  const dns = await startDns();
  const mailbox = await startMailbox();
  const world = await startMailWorld({
    ...{ databaseUrl: undefined, smarthostPort: mailbox.port, dnsServer: dns.server },
    ...{ onStep: () => undefined, reportFailure: () => undefined },
  });
  return {
    ...{ dns, mailbox, world },
    stop: async () => {
      await world.stop();
      await mailbox.stop();
      await dns.stop();
    },
  };
}
