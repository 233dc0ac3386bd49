/** `signpost storage`, and the storage beside registry and relay node in one process. */
import { join } from "node:path";
import { expect } from "chai";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { message, openStorageService } from "../http/storage/openStorageService.js";

const NOT_FOUND = 1;

describe("signpost storage", function () {
  this.timeout(360_000);
  let database: ScratchDatabase;
  let folder: string;

  before(async () => {
    database = await openScratchDatabase();
    folder = await temporaryFolder();
    const storage = await openStorageService({}, database.url);
    const alice = await storage.signIn("alice");
    await alice.post("/addMessage", { encryptedContactName: "bob", ...message("1") });
    await storage.signUp("bob");
    await storage.stop();
  });
  after(async () => {
    await database.close();
    await removeFolder(folder);
  });

  const start = (args: readonly string[], settings: Record<string, string> = {}) =>
    startProgram("src/cli/main.ts", args, {
      settings: { DATABASE_URL: database.url, SIGNPOST_DIR: folder, ...settings },
      cwd: folder,
    });
  const run = async (...args: string[]) => {
    const program = start(["storage", ...args]);
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  };

  it("lists the accounts with what each has, and takes one away with all of it", async () => {
    const listed = await run("accounts", "--json");
    expect(listed.exitStatus, listed.output).to.equal(0);
    const accounts = JSON.parse(listed.stdout) as Record<string, unknown>[];
    const alice = accounts.find(({ name }) => name === "alice.eth");
    expect(alice).to.include({ conversations: 1, messages: 1, bytes: 14, isProven: true });
    expect(accounts.find(({ name }) => name === "bob.eth")).to.include({ isProven: false });
    expect((await run("accounts")).stdout).to.match(/^ADDRESS +NAME +CONVERSATIONS/);

    const removed = await run("remove-account", people.alice.address);
    expect(removed.stdout).to.match(/has no account any more, and nothing of it is left/);
    expect((await run("accounts", "--json")).stdout).not.to.include("alice.eth");
    const again = await run("remove-account", people.alice.address);
    expect(again.exitStatus).to.equal(NOT_FOUND);
  });

  it("serves beside registry and relay node, each below its own path", async () => {
    const other = await openScratchDatabase();
    const keyFile = join(folder, "other.key");
    await makeKeyFile(keyFile);
    const program = start(["serve", "registry", "relay", "storage"], {
      ...{ DATABASE_URL: other.url, PORT: "0", SECRETS_KEY_LOCATION: `file:${keyFile}` },
      STORAGE_URL: "https://relay.example.com/backend",
    });
    try {
      const url = await program.printed(/Signpost listens on (http:\S+)/);
      for (const base of ["/ds", "/backend"]) {
        expect(await (await fetch(`${url}${base}/hello`)).text()).to.equal("Hello DM3");
      }
      const path = "/storage/new/alice.eth/getConversations";
      expect((await fetch(`${url}/backend${path}`)).status).to.equal(401);
      expect((await fetch(`${url}/ds${path}`)).status).to.equal(404);
      expect(program.output()).to.match(/storage +below \/backend/);
    } finally {
      program.process.kill("SIGTERM");
      await program.ended;
      await other.close();
    }
  });
});
