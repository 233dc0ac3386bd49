/** Our storage, as `signpost serve storage` starts it from its settings, with a database of its own. */
import { join } from "node:path";
import { freePort } from "../../src/demo/freePort.js";
import type { SignpostError } from "../../src/errors.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { startService } from "../../src/service/service.js";
import { readSettings } from "../../src/settings/settingsPart.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { serveChain } from "../lookup/chainServer.js";

const CHAIN_ID = 31_337n;

export interface ServedStorage {
  /** What clients are given. */
  readonly url: string;
  readonly failures: readonly SignpostError[];
  readonly close: () => Promise<void>;
}

export async function serveStorage(
  ensRegistry: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ServedStorage> {
  // as the capability loads what it needs: test runners that make CommonJS of this file would load it twice
  const { storage } = await import("../../src/capabilities/storage/storage.js");
  const { storageSettings } = await import("../../src/capabilities/storage/settings.js");
  const chain = await serveChain();
  const database = await openScratchDatabase();
  const folder = await temporaryFolder();
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/backend`;
  const failures: SignpostError[] = [];
  const own = readSettings([storageSettings], {
    STORAGE_URL: url,
    RELAY_ENS_CHAIN: CHAIN_ID.toString(),
    RELAY_ENS_REGISTRY: ensRegistry,
    RELAY_ALLOW_LOOPBACK: "true",
    ...more,
  })(storageSettings);
  const service = await startService(
    [
      {
        capability: storage,
        start: (parts) =>
          storage.start(parts, { own, readAgain: () => own, installation: undefined as never }),
      },
    ],
    {
      ...{ host: "127.0.0.1", port },
      database: { url: database.url, standbyUrls: [], pooler: "none" },
      wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
      chainRpcUrls: new Map([[CHAIN_ID, chain.url]]),
      reportFailure: (error) => failures.push(error),
    },
  );
  return {
    ...{ url, failures },
    close: async () => {
      await service.stop();
      await database.close();
      await chain.close();
      await removeFolder(folder);
    },
  };
}
