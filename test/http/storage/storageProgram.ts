/**
 * A storage as a process of its own, to be killed: the URL of its database, its key file and its port as arguments. ENS is the
 * table of the tests.
 */
import { startStorageService } from "../../../src/capabilities/storage/storageService.js";
import { nameTable } from "../../relay/relayWorld.js";
import { ROOMY } from "./openStorageService.js";

const [url = "", file = "", port = "0"] = process.argv.slice(2);

const service = await startStorageService(
  {
    ...{ url: null, basePath: "/backend", retentionDays: null, knowsEns: true },
    bounds: { ...ROOMY, mostMessages: 1_000_000, mostBytes: 1e10 },
    directory: nameTable(),
  },
  {
    ...{ host: "127.0.0.1", port: Number(port) },
    database: { url, standbyUrls: [], pooler: "none" },
    wrappingKeys: { key: { kind: "file", file }, formerKeys: [] },
    reportFailure: (error) => {
      process.stderr.write(`${error.code}: ${error.message}\n`);
    },
  },
);
process.stdout.write(`listening at ${service.url} \n`);
