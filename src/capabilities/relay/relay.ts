/**
 * The relay node: takes envelopes for users, keeps them, and hands them over. Alone, or beside the registry. What it needs
 * to serve is loaded when it starts, so that commands beside it begin quickly.
 */
import { NODE_SECRET } from "../../db/relay/nodeSecrets.js";
import type { AnnouncedLine, Capability } from "../../service/capability.js";
import { relayCommand } from "./commands/relayCommand.js";
import { RELAY, RELAY_MIGRATIONS } from "./migrations.js";
import { type RelayConfig, relaySettings } from "./settings.js";

export const relay: Capability<RelayConfig> = {
  name: RELAY,
  summary: "a DM3 relay node: keeps messages for users until they fetch them",
  settings: relaySettings,
  migrations: RELAY_MIGRATIONS,
  sealedColumns: [NODE_SECRET],
  addCommands: relayCommand,
  exitStatuses: {},
  prepare: (_installation, { ensName, basePath }) => {
    const announced: AnnouncedLine[] = [
      [
        "relay node",
        `${ensName ?? "without a name yet (RELAY_ENS_NAME)"}, below ${basePath || "/"}`,
      ],
    ];
    return Promise.resolve(announced);
  },
  async start(parts, { own }) {
    const [{ startRelay }, { ensAccess }] = await Promise.all([
      import("./startRelay.js"),
      import("./ensAccess.js"),
    ]);
    return startRelay(parts, { ...own, ...ensAccess(parts.chainRpcUrls, own) });
  },
};
