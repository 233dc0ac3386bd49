import { join } from "node:path";
import { expect } from "chai";
import { isProofOf, type ProvenProfile } from "../../src/dm3/statement/nodeProof.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { openRelayService } from "../http/relay/openRelayService.js";

interface Shown {
  readonly record: string;
  readonly keys: readonly { readonly number: number; readonly state: string }[];
}

describe("signpost relay", function () {
  this.timeout(360_000);
  let database: ScratchDatabase;
  let folder: string;
  let keyFile: string;

  before(async () => {
    database = await openScratchDatabase();
    folder = await temporaryFolder();
    keyFile = join(folder, "secrets.key");
    await makeKeyFile(keyFile);
    const node = await openRelayService({}, { databaseUrl: database.url, keyFile });
    await node.signIn("bob");
    await node.stop();
  });
  after(async () => {
    await database.close();
    await removeFolder(folder);
  });

  async function run(...args: string[]) {
    const program = startProgram("src/cli/main.ts", ["relay", ...args], {
      settings: {
        DATABASE_URL: database.url,
        SECRETS_KEY_LOCATION: `file:${keyFile}`,
        RELAY_ENS_NAME: "relay.example.eth",
        RELAY_URL: "https://relay.example.com/ds",
      },
      cwd: folder,
    });
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  }

  it("shows the record to publish, of the keys that the service has", async () => {
    const { exitStatus, stdout, output } = await run("show", "--json");
    expect(exitStatus, output).to.equal(0);
    const { record } = JSON.parse(stdout) as { record: string };
    expect(record).to.match(/^data:application\/json,\{"publicEncryptionKey":"HSlFWX3G9Yuzg/);
    expect(record).to.include('"url":"https://relay.example.com/ds"');
    expect((await run("show")).stdout).to.match(/name {4}relay.example.eth\nurl {5}https:/);
  });

  it("proves that a name is its own, by its own key", async () => {
    const { exitStatus, stdout, output } = await run("prove", "--listed");
    expect(exitStatus, output).to.equal(0);
    const { proof, ...profile } = JSON.parse(stdout) as ProvenProfile;
    expect(profile.url).to.equal("https://relay.example.com/ds");
    const claim = { name: "relay.example.eth", owner: null, profile };
    expect(isProofOf(claim, proof!)).to.equal(true);
    expect(proof!.listed).to.equal(true);
    const { address } = people.bob;
    const owned = await run("prove", "other.example.eth", "--owner", address.toLowerCase());
    const other = JSON.parse(owned.stdout) as ProvenProfile;
    expect(
      isProofOf({ name: "other.example.eth", owner: address, profile }, other.proof!),
    ).to.equal(true);
  });

  it("makes new keys once, and shows their record until they are the present ones", async () => {
    const { record: before } = JSON.parse((await run("show", "--json")).stdout) as Shown;
    const rotated = await run("rotate-keys", "--json");
    expect(rotated.exitStatus, rotated.output).to.equal(0);
    const first = JSON.parse(rotated.stdout) as Shown;
    expect(first.record).to.not.equal(before);
    expect(first.keys.map(({ number, state }) => `${number} ${state}`)).to.deep.equal([
      ...["1 current", "2 next"],
    ]);
    const proven = JSON.parse((await run("prove")).stdout) as ProvenProfile;
    expect(first.record, "it proves the record that is to be published").to.include(
      proven.publicSigningKey,
    );
    const again = JSON.parse((await run("rotate-keys", "--json")).stdout) as Shown;
    expect(again.record).to.equal(first.record);
    expect((await run("show")).stdout).to.match(/keys 1 {2}current since .*\nkeys 2 {2}next since/);
    const retired = await run("retire-keys", "1");
    expect(retired.exitStatus).to.equal(1);
    expect(retired.output).to.include("There are no former keys");
  });

  it("has no canary without a name for it", async () => {
    const { exitStatus, output } = await run("canary");
    expect(exitStatus).to.equal(2);
    expect(output).to.include("RELAY_CANARY_NAME");
  });

  it("lists accounts, takes one away, and says where there is none", async () => {
    const { address } = people.bob;
    expect((await run("accounts")).stdout).to.match(
      /^ADDRESS +NAME +MESSAGES +BYTES\n0x1563915e\w+ {2}bob\.eth {2}0 {9}0$/m,
    );
    const [account] = JSON.parse((await run("accounts", "--json")).stdout) as object[];
    expect(account).to.include({ address, name: "bob.eth", isProven: true, messages: 0 });
    expect((await run("remove-account", address)).stdout).to.include("has no account any more");
    const again = await run("remove-account", address);
    expect([again.exitStatus, again.output]).to.deep.equal([1, again.output]);
    expect(again.output).to.match(/NOT_FOUND|has no account here/);
    expect((await run("remove-account", "bob.eth")).exitStatus).to.equal(2);
  });
});
