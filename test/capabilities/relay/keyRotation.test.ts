/** New keys for a running relay node, while people write; what ENS shows of it is a value here. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { relayTablesWanted } from "../../../src/capabilities/relay/migrations.js";
import { type RelayKeys, relayKeys } from "../../../src/capabilities/relay/relayKeys.js";
import { migrate } from "../../../src/db/migrate.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { keySetStore } from "../../../src/db/relay/keySetStore.js";
import { type RelayTables, relayTables } from "../../../src/db/relay/relayTables.js";
import { decodeMessage } from "../../../src/dm3/message/decodeMessage.js";
import { encodeMessage } from "../../../src/dm3/message/encodeMessage.js";
import type { DeliveryServiceProfile } from "../../../src/dm3/profile/profile.js";
import { isSignpostError } from "../../../src/errors.js";
import { openSealing, type Sealing } from "../../../src/installation/openSealing.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import type { RelayNodeOutcome } from "../../../src/lookup/outcome.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { contactOf, keysOf } from "../../dm3/message/sampleEnvelopes.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { openRelayService, type RelayService } from "../../http/relay/openRelayService.js";

const NAME = "ds.example.eth";
const URL = "https://relay.example.com/ds";
const DAY_MS = 86_400_000;

type Keys = Omit<DeliveryServiceProfile, "url">;

describe("capabilities/relay: exchanging keys", function () {
  this.timeout(180_000);
  let database: ScratchDatabase;
  let folder: string;
  let node: RelayService;
  let pool: Pool;
  let tables: RelayTables;
  let sealing: Sealing;
  let operators: RelayKeys;
  let token: string;
  /** What ENS shows; null: it does not answer. */
  let shown: Keys | null;

  before(async () => {
    database = await openScratchDatabase();
    folder = await temporaryFolder();
    const keyFile = join(folder, "secrets.key");
    await makeKeyFile(keyFile);
    const resolve = (name: string): Promise<RelayNodeOutcome> =>
      Promise.resolve(
        shown === null
          ? ({ ...{ status: "unreachable", name, sentence: "No answer." } } as RelayNodeOutcome)
          : ({
              ...{ status: "found", name, sentence: "", profile: { ...shown, url: URL } },
            } as RelayNodeOutcome),
      );
    shown = null;
    node = await openRelayService(
      { resolve, url: URL, ensName: NAME, keyPauseMs: 20 },
      { databaseUrl: database.url, keyFile },
    );
    pool = openPool({ url: database.url, maxConnections: 2 });
    sealing = await openSealing(pool, {
      ...{ key: { kind: "file", file: keyFile }, formerKeys: [] },
    });
    const { schema } = await migrate(pool, await relayTablesWanted());
    tables = relayTables(schema);
    operators = await relayKeys(pool, tables, sealing.secrets);
    token = await node.signIn("bob");
  });
  after(async () => {
    await node.stop();
    sealing.close();
    await pool.end();
    await database.close();
    await removeFolder(folder);
  });

  const store = () => keySetStore(pool, tables);
  const setNumbered = async (number: number): Promise<Keys> => {
    await operators.refresh();
    return operators.all().find((set) => set.number === number)!.publicKeys;
  };
  const states = async () =>
    (await store().keySets()).map(({ number, state }) => `${number} ${state}`);
  /** Longer than some looks at ENS. */
  const rounds = () => {
    node.clock.nowMs += 60_000;
    return delay(300);
  };

  let count = 0;
  async function submit(keys: Keys): Promise<{ text: string; status: number; body: string }> {
    const text = `message ${count++}`;
    const { envelopes } = await encodeMessage(
      {
        ...{ from: "alice.eth", to: "bob.eth", type: "NEW", text },
        timestampMs: node.clock.nowMs,
      },
      {
        keys: await keysOf(nodeEngine, "alice"),
        receiver: {
          profile: people.bob.profile,
          relayNodes: [{ status: "found", name: NAME, profile: { ...keys, url: URL } }],
        },
      },
    );
    const params = JSON.stringify(envelopes[0]!.envelope);
    const { status, body } = await node.rpc("dm3_submitMessage", params);
    return { text, status, body };
  }

  /** The texts in the mailbox whose postmarks these keys signed. */
  async function postmarkedBy(keys: Keys): Promise<readonly string[]> {
    const { body } = await node.ask("GET", "/delivery/messages/incoming/bob.eth", undefined, token);
    const texts: string[] = [];
    for (const envelope of JSON.parse(body) as unknown[]) {
      try {
        const { content } = await decodeMessage(envelope, {
          ...{ keys: await keysOf(nodeEngine, "bob"), ownNames: ["bob.eth"], contactOf },
          relayNode: keys,
        });
        if (content.type === "NEW") texts.push(content.text);
      } catch (error) {
        if (!isSignpostError(error, "WRONG_POSTMARK")) throw error;
      }
    }
    return texts;
  }

  it("opens what is encrypted for new keys at once, and signs by the present ones until ENS shows the new", async () => {
    const first = await setNumbered(1);
    shown = first;
    await rounds();
    expect((await store().addNext()).number).to.equal(2);
    expect((await store().addNext()).number).to.equal(2);
    const second = await setNumbered(2);
    expect(second.publicEncryptionKey).to.not.equal(first.publicEncryptionKey);
    // this process did not hear of them yet, or has just
    const early = await submit(second);
    expect(early.status, early.body).to.equal(200);
    await rounds();
    expect(await states()).to.deep.equal(["1 current", "2 next"]);
    expect(await postmarkedBy(first)).to.include(early.text);
    expect((await node.service.readiness()).warnings.join()).to.include("publish the record");
  });

  it("changes to no record that is not whole, and to none while ENS does not answer", async () => {
    const [first, second] = [await setNumbered(1), await setNumbered(2)];
    for (const given of [
      { ...second, publicSigningKey: first.publicSigningKey },
      { ...second, publicEncryptionKey: first.publicEncryptionKey },
      null,
    ]) {
      shown = given;
      await rounds();
      expect(await states()).to.deep.equal(["1 current", "2 next"]);
    }
    node.failures.length = 0;
  });

  it("loses nothing of a stream of submits, whichever record their senders know", async () => {
    const [first, second] = [await setNumbered(1), await setNumbered(2)];
    shown = first;
    await rounds();
    const answers: Awaited<ReturnType<typeof submit>>[] = [];
    let isOver = false;
    const stream = async (keysNow: () => Keys) => {
      while (!isOver) answers.push(await submit(keysNow()));
    };
    // one remembers the old record, one reads ENS each time
    const streams = [stream(() => first), stream(() => shown ?? first)];
    const more = async () => {
      for (const wanted = answers.length + 10; answers.length < wanted;) await delay(10);
    };
    await more();
    shown = second;
    await more();
    await rounds();
    await more();
    isOver = true;
    await Promise.all(streams);
    expect(await states()).to.deep.equal(["2 current", "1 former"]);
    expect(answers.length).to.be.at.least(30);
    expect(answers.filter(({ status }) => status !== 200)).to.deep.equal([]);
    const [byFirst, bySecond] = [await postmarkedBy(first), await postmarkedBy(second)];
    for (const { text } of answers) expect([...byFirst, ...bySecond]).to.include(text);
    expect(bySecond.length).to.be.above(0);
    const late = await submit(first);
    expect(late.status).to.equal(200);
    expect(await postmarkedBy(second)).to.include(late.text);
    const { warnings } = await node.service.readiness();
    expect(warnings.filter((warning) => warning.includes("record"))).to.deep.equal([]);
  });

  it("goes back with ENS, as long as the keys are there", async () => {
    shown = await setNumbered(1);
    await rounds();
    expect(await states()).to.deep.equal(["1 current", "2 former"]);
    shown = await setNumbered(2);
    await rounds();
    expect(await states()).to.deep.equal(["2 current", "1 former"]);
  });

  it("forgets former keys with their seeds after their time, and tells their senders to look again", async () => {
    const first = await setNumbered(1);
    node.clock.nowMs = Date.now() + 29 * DAY_MS;
    await rounds();
    expect(await states()).to.deep.equal(["2 current", "1 former"]);
    node.clock.nowMs = Date.now() + 31 * DAY_MS;
    await rounds();
    expect(await states()).to.deep.equal(["2 current"]);
    const { rows } = await pool.query<{ name: string }>(
      `select name from ${tables.secret} order by name`,
    );
    expect(rows.map(({ name }) => name)).to.deep.equal([
      ...["encryption-seed-2", "signing-seed-2", "token-secret"],
    ]);
    const late = await submit(first);
    expect(late.status).to.equal(400);
    expect(late.body).to.include("NOT_FOR_THIS_KEY");
  });

  it("refuses to forget what is in use", async () => {
    expect(await store().retire(2)).to.equal(false);
    expect(await store().retire(9)).to.equal(false);
    expect(node.failures.map(({ message }) => message)).to.deep.equal([]);
  });
});
