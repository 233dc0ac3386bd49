/**
 * The storage: users' conversations for all of their devices, encrypted by them. DM3's level 2, which is an extension: nothing else
 * here needs it, and it is off where nobody names it. What it needs to serve is loaded when it starts.
 */
import { STORAGE_SECRET } from "../../db/storage/storageSecrets.js";
import type { AnnouncedLine, Capability } from "../../service/capability.js";
import { storageCommand } from "./commands/storageCommand.js";
import { STORAGE, STORAGE_MIGRATIONS } from "./migrations.js";
import { type StorageConfig, storageSettings } from "./settings.js";

export const storage: Capability<StorageConfig> = {
  name: STORAGE,
  summary:
    "keeps users' encrypted conversations for all of their devices, as dm3's web client needs it",
  settings: storageSettings,
  migrations: STORAGE_MIGRATIONS,
  sealedColumns: [STORAGE_SECRET],
  addCommands: storageCommand,
  exitStatuses: {},
  prepare: (_installation, { basePath }) => {
    const announced: AnnouncedLine[] = [["storage", `below ${basePath || "/"}`]];
    return Promise.resolve(announced);
  },
  async start(parts, { own }) {
    const [{ startStorage }, { ensDirectoryOf }] = await Promise.all([
      import("./startStorage.js"),
      import("../../installation/ensDirectoryOf.js"),
    ]);
    const { directory, options } = ensDirectoryOf(parts.chainRpcUrls, own.ens);
    return startStorage(parts, { ...own, directory, knowsEns: options !== null });
  },
};
