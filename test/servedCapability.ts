/** A capability that asks ENS, served alone as its settings say, with a database and keys of its own. */
import { join } from "node:path";
import { freePort } from "../src/demo/freePort.js";
import type { SignpostError } from "../src/errors.js";
import { openScratchDatabase } from "../src/installation/scratchDatabase.js";
import type { Capability } from "../src/service/capability.js";
import { type Service, startService } from "../src/service/service.js";
import { readSettings, type SettingsPart } from "../src/settings/settingsPart.js";
import { makeKeyFile } from "../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "./childProgram.js";

const CHAIN_ID = 31_337n;

type Settings = Readonly<Record<string, string>>;

export interface ServedCapability {
  readonly service: Service;
  /** What clients are given. */
  readonly url: string;
  readonly failures: SignpostError[];
  /** For commands beside it. */
  readonly environment: Settings;
  readonly close: () => Promise<void>;
}

/** @param own what its settings are at that URL, beside those of ENS */
export async function serveCapability<Config>(
  { capability, part, path }: { capability: Capability; part: SettingsPart<Config>; path: string },
  { rpcUrl, registry }: { readonly rpcUrl: string; readonly registry: string },
  own: (url: string) => Settings,
): Promise<ServedCapability> {
  const database = await openScratchDatabase();
  const folder = await temporaryFolder();
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${path}`;
  const failures: SignpostError[] = [];
  const settings = {
    RELAY_ENS_CHAIN: CHAIN_ID.toString(),
    RELAY_ENS_REGISTRY: registry,
    RELAY_ALLOW_LOOPBACK: "true",
    ...own(url),
  };
  const config = readSettings([part], settings)(part);
  const service = await startService(
    [
      {
        capability,
        start: (parts) =>
          capability.start(parts, {
            ...{ own: config, readAgain: () => config, installation: undefined as never },
          }),
      },
    ],
    {
      ...{ host: "127.0.0.1", port },
      database: { url: database.url, standbyUrls: [], pooler: "none" },
      wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
      chainRpcUrls: new Map([[CHAIN_ID, rpcUrl]]),
      reportFailure: (error) => failures.push(error),
    },
  );
  return {
    ...{ service, url, failures },
    environment: {
      ...{ ...settings, DATABASE_URL: database.url, SIGNPOST_DIR: folder },
      CHAIN_RPC_URLS: `${CHAIN_ID.toString()}=${rpcUrl}`,
      SECRETS_KEY_LOCATION: `file:${keyFile}`,
    },
    close: async () => {
      // a stopped one is closed as well
      await service.stop();
      await database.close();
      await removeFolder(folder);
    },
  };
}
