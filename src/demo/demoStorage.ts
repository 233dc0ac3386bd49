/** The storage of the demo, which dm3's own web client needs: a service of its own, with a database of its own. */
import { storageSettings } from "../capabilities/storage/settings.js";
import { startStorageService } from "../capabilities/storage/storageService.js";
import { ensDirectoryOf } from "../installation/ensDirectoryOf.js";
import { readSettings } from "../settings/settingsPart.js";
import { type NodePlace, openNodeGround } from "./nodeGround.js";

export interface DemoStorage {
  /** dm3's `backendUrl`. */
  readonly url: string;
  /** Ends it for good, with its database. */
  remove(): Promise<void>;
}

export async function startDemoStorage(place: NodePlace): Promise<DemoStorage> {
  const { origin, environment, serviceOptions, remove } = await openNodeGround("", place);
  const url = `${origin}/backend`;
  const given = { ...environment, STORAGE_URL: url };
  const settings = readSettings([storageSettings], given)(storageSettings);
  const { directory } = ensDirectoryOf(serviceOptions.chainRpcUrls, settings.ens);
  const service = await startStorageService(
    { ...settings, directory, knowsEns: true },
    serviceOptions,
  );
  return {
    url,
    remove: async () => {
      await service.stop();
      await remove();
    },
  };
}
