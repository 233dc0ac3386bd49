/** How Postgres finds what a submission and its message in the outbox ask for: by indexes, also by a plan of the time when all was empty. */
import { expect } from "chai";
import { carriedOutbox } from "../../../src/db/messaging/carriedOutbox.js";
import type { Pool } from "../../../src/db/pool.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { parseNativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import type { Secrets } from "../../../src/sealing/secrets.js";
import { raised } from "../../../src/sending/outgoingMessage.js";
import { openRelayDatabase, type RelayDatabase } from "../relay/relayDatabase.js";
import { messagingStores } from "./messagingDatabase.js";
import { newSubmission } from "./newSubmission.js";

const BOB = parseNativeAddress("bob@mail.test", "mail");
const ALICE = "alice.eth" as NormalName;
const PASSAGE = { digest: "01".repeat(32), firstMs: 1_000, head: "" };

interface Named {
  readonly name?: string;
  readonly text: string;
}

describe("db/messaging: the plans of what is asked for each submission", () => {
  let database: RelayDatabase;
  const texts = new Map<string, string>();
  before(async () => {
    database = await openRelayDatabase();
    const pool = Object.create(database.pool, {
      query: {
        value: (asked: Named | string, ...values: never[]) => {
          if (typeof asked !== "string" && asked.name !== undefined)
            texts.set(asked.name, asked.text);
          return database.pool.query(asked as never, ...values);
        },
      },
    }) as Pool;
    const stores = await messagingStores({ pool, tables: database.tables }, "mail");
    const secrets = null as unknown as Secrets;
    const outbox = carriedOutbox(pool, stores.outboxSchema, stores.tables, secrets);
    const { submissions } = stores;
    const message = newSubmission(BOB, "ab".repeat(32), ALICE);
    await submissions.addSubmission(message);
    await submissions.addSubmission(newSubmission(BOB, "cd".repeat(32), ALICE, { kind: "answer" }));
    await submissions.addSubmission(
      newSubmission(BOB, "ef".repeat(32), ALICE, { passage: PASSAGE }),
    );
    const [lease] = await outbox.lease({ nowMs: Date.now() + 1, leaseMs: 60_000 }, 1);
    await outbox.write(lease!, { ...lease!.message, failedLookups: 1 }, { nowMs: 0, leaseMs: 1 });
    await outbox.write(lease!, raised(lease!.message, "accepted"), null);
    for (const table of [stores.tables.submission, stores.tables.received]) {
      await database.pool.query(`truncate ${table}`);
    }
  });
  after(() => database.close());

  async function planOf(name: string): Promise<string> {
    const text = texts.get(name)!;
    const values = Math.max(
      ...Array.from(text.matchAll(/\$(\d+)/g), ([, digits]) => Number(digits)),
    );
    const connection = await database.pool.connect();
    try {
      await connection.query("set plan_cache_mode = force_generic_plan");
      await connection.query(`prepare asked as ${text}`);
      const { rows } = await connection.query<{ "QUERY PLAN": string }>(
        `explain execute asked (${Array(values).fill("null").join(", ")})`,
      );
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    } finally {
      connection.release(true);
    }
  }

  const NAMES = ["outbox-arrived", "outbox-progress", "submit-answer", "submit-message"];
  for (const name of [...NAMES, "submit-message-passage"]) {
    it(`read no table as a whole: ${name}`, async () => {
      expect(await planOf(name)).not.to.match(/Seq Scan on/);
    });
  }

  it("are kept of no other question, which is planned for what the tables hold now", () => {
    expect([...texts.keys()].sort()).to.deep.equal([...NAMES, "submit-message-passage"]);
  });
});
