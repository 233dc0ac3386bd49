/** Our storage, whole, with a table for ENS: the file of people is the argument. */
import { readFile } from "node:fs/promises";
import { startStorageService } from "../../src/capabilities/storage/storageService.js";
import { parseAddress } from "../../src/ens/address.js";

interface PeopleFile {
  readonly persons: Readonly<Record<string, { readonly address: string; readonly profile: never }>>;
}

const [, , file = "", keyFile = ""] = process.argv;
const { persons } = JSON.parse(await readFile(file, "utf8")) as PeopleFile;
const people = new Map(Object.entries(persons));
const NOBODY = { address: null, profile: null, sentence: "There is nobody of that name." };
const UNBOUNDED = 1e9;

const service = await startStorageService(
  {
    ...{ url: null, basePath: "/backend", retentionDays: null, knowsEns: true },
    bounds: {
      ...{ mostConversations: UNBOUNDED, mostMessages: UNBOUNDED, mostBytes: 1e13 },
      mostMessageBytes: 320 * 1024,
    },
    directory: {
      personOf: (name) => {
        const person = people.get(name);
        if (person === undefined) return Promise.resolve(NOBODY);
        const { address, profile } = person;
        return Promise.resolve({ address: parseAddress(address), profile, sentence: "" });
      },
    },
  },
  {
    ...{ host: "127.0.0.1", port: 0 },
    database: { url: process.env["DATABASE_URL"] ?? "", standbyUrls: [], pooler: "none" },
    wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
    reportFailure: (error) => {
      console.error(error.message);
    },
  },
);
console.log(`It listens on ${service.url}`);
process.once("SIGTERM", () => void service.stop().then(() => process.exit(0)));
