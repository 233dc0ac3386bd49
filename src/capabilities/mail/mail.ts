/** The mail bridge: joins e-mail to a relay node that runs on the same database, in this process or another one. */
import { OUTGOING_GIVEN } from "../../db/outbox/outboxTables.js";
import type { AnnouncedLine, Capability } from "../../service/capability.js";
import { mailCommand } from "./commands/mailCommand.js";
import { MAIL, MAIL_MIGRATIONS, OWN_SECRET, WALLET_SECRET } from "./migrations.js";
import { type MailConfig, mailSettings, NEEDED } from "./settings.js";

export const mail: Capability<MailConfig> = {
  name: MAIL,
  summary: "a mail bridge: carries end-to-end encrypted e-mail (OpenPGP) to DM3 users, and back",
  settings: mailSettings,
  migrations: MAIL_MIGRATIONS,
  sealedColumns: [WALLET_SECRET, OWN_SECRET, OUTGOING_GIVEN],
  addCommands: mailCommand,
  exitStatuses: {},
  prepare: (_installation, { bridge, listen }) => {
    const announced: AnnouncedLine[] = [
      [
        "Mail bridge",
        bridge === null
          ? `not set up yet (${NEEDED})`
          : `${bridge.domain}, mail comes to ${listen.host}:${listen.port}`,
      ],
    ];
    return Promise.resolve(announced);
  },
  async start(parts, { own }) {
    const [{ startMail }, { ensAccess }] = await Promise.all([
      import("./startMail.js"),
      import("../../connecting/ensAccess.js"),
    ]);
    return startMail(parts, {
      ...own,
      ...ensAccess(parts.chainRpcUrls, own.ens),
      allowLoopback: own.ens.allowLoopback,
    });
  },
};
