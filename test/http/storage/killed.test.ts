/** kill -9 of the storage in the middle of batches: each is there as a whole, or not at all, and what was answered is there. */
import { join } from "node:path";
import { expect } from "chai";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import {
  type ChildProgram,
  removeFolder,
  startProgram,
  temporaryFolder,
} from "../../childProgram.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { answered, type Ask, askAt, message, rowsIn, userWith } from "./openStorageService.js";

const BATCH = 200;
const KILLS = 3;

describe("http: the storage, when its process is killed", function () {
  this.timeout(180_000);
  let database: ScratchDatabase;
  let folder: string;
  let program: ChildProgram | undefined;

  before(async () => {
    database = await openScratchDatabase();
    folder = await temporaryFolder();
    await makeKeyFile(join(folder, "secrets.key"));
  });
  after(async () => {
    program?.process.kill("SIGKILL");
    await program?.ended;
    await database.close();
    await removeFolder(folder);
  });

  async function start(): Promise<Ask> {
    const args = [database.url, join(folder, "secrets.key"), "0"];
    program = startProgram("test/http/storage/storageProgram.ts", args);
    return askAt(`${await program.printed(/listening at (\S+) /)}/backend`);
  }
  const batchOf = (number: number) => ({
    encryptedContactName: `contact ${number % 5}`,
    messageBatch: Array.from({ length: BATCH }, (_, index) =>
      message(`${number}.${index}`, number, { encryptedEnvelopContainer: "x".repeat(2_000) }),
    ),
  });

  it("has each batch whole or not at all, and counts what it has", async () => {
    const acknowledged = new Set<number>();
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const ask = await start();
      if (kill === 0) await ask("POST", "/profile/alice.eth", people.alice.signedUserProfile);
      const alice = userWith(ask, "alice", await answered(ask, "alice"));
      let isKilled = false;
      const write = async () => {
        while (!isKilled) {
          const number = next++;
          const answer = await alice.post("/addMessageBatch", batchOf(number)).catch(() => null);
          if (answer?.status === 200) acknowledged.add(number);
          if (acknowledged.size >= 4 * (kill + 1)) {
            isKilled = true;
            program?.process.kill("SIGKILL");
          }
        }
      };
      await Promise.all([write(), write(), write()]);
      await program?.ended;
    }
    const ask = await start();
    const alice = userWith(ask, "alice", await answered(ask, "alice"));
    const found = new Map<number, number>();
    for (let contact = 0; contact < 5; contact++) {
      for (let page = 0; ; page++) {
        const path = `/getMessages/contact%20${contact}?pageSize=1000&offset=${page}`;
        const rows = rowsIn((await alice.get(path)).body);
        for (const { createdAt } of rows) {
          const number = Date.parse(createdAt);
          found.set(number, (found.get(number) ?? 0) + 1);
        }
        if (rows.length < 1_000) break;
      }
    }
    expect([...found.values()].filter((count) => count !== BATCH)).to.deep.equal([]);
    expect([...acknowledged].filter((number) => !found.has(number))).to.deep.equal([]);
    const { messages } = await alice.read<{ messages: number }>("/usage");
    expect(messages).to.equal(found.size * BATCH);
    // and the same sent again is told as known
    const [first = 0] = acknowledged;
    const again = await alice.post("/addMessageBatch", batchOf(first));
    expect(JSON.parse(again.body)).to.deep.include({ added: 0 });
  });
});
