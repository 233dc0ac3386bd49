/** The XMPP gateway: joins an XMPP server to a relay node that runs on the same database, in this process or another one. */
import { OUTGOING_GIVEN } from "../../db/outbox/outboxTables.js";
import { NODE_SECRET } from "../../db/relay/nodeSecrets.js";
import type { AnnouncedLine, Capability } from "../../service/capability.js";
import { xmppCommand } from "./commands/xmppCommand.js";
import { XMPP, XMPP_MIGRATIONS } from "./migrations.js";
import { type XmppConfig, xmppSettings } from "./settings.js";

export const xmpp: Capability<XmppConfig> = {
  name: XMPP,
  summary: "an XMPP gateway: carries the relay node's messages into an XMPP server, and out of it",
  settings: xmppSettings,
  migrations: XMPP_MIGRATIONS,
  sealedColumns: [OUTGOING_GIVEN, NODE_SECRET],
  addCommands: xmppCommand,
  exitStatuses: {},
  prepare: (_installation, { component }) => {
    const announced: AnnouncedLine[] = [
      [
        "XMPP gateway",
        component === null
          ? "not set up yet (XMPP_COMPONENT, XMPP_SECRET, XMPP_DOMAIN)"
          : `${component.domain}, for the users of ${component.nativeDomain}`,
      ],
    ];
    return Promise.resolve(announced);
  },
  async start(parts, { own }) {
    const [{ startXmpp }, { ensAccess }] = await Promise.all([
      import("./startXmpp.js"),
      import("../../connecting/ensAccess.js"),
    ]);
    return startXmpp(parts, {
      ...own,
      ...ensAccess(parts.chainRpcUrls, own.ens),
      allowLoopback: own.ens.allowLoopback,
    });
  },
};
