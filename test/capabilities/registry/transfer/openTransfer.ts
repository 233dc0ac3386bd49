/** Exports of a registry into files, and imports of files into another one. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportToFile } from "../../../../src/capabilities/registry/transfer/exportToFile.js";
import {
  type FileImport,
  type FileImported,
  importFile,
} from "../../../../src/capabilities/registry/transfer/importFile.js";
import { domainStore } from "../../../../src/db/domainStore.js";
import { nameStore } from "../../../../src/db/nameStore.js";
import type { Pool } from "../../../../src/db/pool.js";
import { withExportSnapshot } from "../../../../src/db/transfer/exportSnapshot.js";
import { importStore } from "../../../../src/db/transfer/importStore.js";
import { apiKeyFrom } from "../../../../src/registry/domains/apiKey.js";
import { bytes } from "../../../db/sampleNames.js";
import { DOMAIN } from "../../../registry/openRegistry.js";

export interface Transfer {
  readonly folder: string;
  exported(pool: Pool, domain?: string): Promise<string>;
  imported(pool: Pool, text: string, options?: Partial<FileImport>): Promise<FileImported>;
  close(): Promise<void>;
}

export async function openTransfer(): Promise<Transfer> {
  const folder = await mkdtemp(join(tmpdir(), "signpost-transfer-"));
  let files = 0;
  return {
    folder,
    exported: async (pool, domain = DOMAIN) => {
      const file = join(folder, `export-${files++}.ndjson`);
      await withExportSnapshot(pool, domain, (snapshot) =>
        exportToFile(snapshot, file, false, () => undefined),
      );
      return readFile(file, "utf8");
    },
    imported: async (pool, text, options = {}) => {
      const file = join(folder, `import-${files++}.ndjson`);
      await writeFile(file, text);
      return importFile(file, {
        registry: { names: nameStore(pool), domains: domainStore(pool) },
        store: importStore(pool),
        contractWallets: null,
        newApiKey: apiKeyFrom(bytes(32, 0x99)),
        resume: false,
        dryRun: false,
        onNewDomain: () => undefined,
        onNames: () => undefined,
        ...options,
      });
    },
    close: () => rm(folder, { recursive: true }),
  };
}
