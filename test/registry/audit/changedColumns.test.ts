/** Each column of the registry's tables, changed by SQL, one at a time: what `signpost history verify` says of it. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { toHex } from "../../../src/abi/hex.js";
import { fromDatabase } from "../../../src/db/databaseError.js";
import { namehash } from "../../../src/ens/namehash.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { changeName } from "../../../src/registry/changes/changeName.js";
import { actionOf, verifySignedRequest } from "../../../src/registry/signed/signedRequest.js";
import { expectRejection } from "../../expectError.js";
import { setRecords, writeAsService } from "../changes/serviceWrites.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";
import { REGISTRY_RESOLVER, signRequest } from "../signed/signedRequests.js";

const NAME = `tampered.${DOMAIN}`;
const NODE = namehash(NAME);
/** Takes part in no change, and so has neither row nor history. */
const ELSEWHERE = namehash(`elsewhere.${DOMAIN}`);
const HEX = (bytes: Uint8Array) => `'\\x${toHex(bytes).slice(2)}'::bytea`;
const ZEROS = (count: number) => HEX(new Uint8Array(count));

const ROW = /row of the name is not what its history leads to/;
const STATE = /stored signature state/;
const END = /its end was cut off or replaced/;
const REPLAY = /could be published again/;

/** Of the tables that histories tell of: what to write into a column, and what is told then; null: nothing, for the reason beside. */
const TOLD: Readonly<Record<string, readonly [value: string, told: RegExp | null]>> = {
  "name.node": [HEX(ELSEWHERE), ROW],
  "name.name": ["'other.' || domain", ROW],
  "name.domain": ["'other.eth'", ROW],
  "name.addresses": [`'{"60": "0x${"11".repeat(20)}"}'`, ROW],
  "name.texts": [`texts || '{"a": "b"}'`, ROW],
  "name.contenthash": ["'\\xe30101'", ROW],
  "name.profile_fingerprint": [ZEROS(32), ROW],
  "name.name_record": ["'a.eth'", ROW],
  "name.pubkey": [ZEROS(64), ROW],
  "name.abis": [`'{"1": "0x00"}'`, ROW],
  "name.data": [`'{"a": "0x00"}'`, ROW],
  "name.interfaces": [`'{"0x01020304": "0x${"11".repeat(20)}"}'`, ROW],
  "name.held": ["not held", ROW],
  "name.suspended_at": ["'2020-01-01'", ROW],
  "name.suspended_by": ["'admin'", ROW],
  "name.suspended_reason": ["'another'", ROW],
  "name.version": ["version - 1", /version of the row/],
  "name.updated_at": ["'2020-01-01'", null], // for people only
  "name_head.node": [HEX(ELSEWHERE), END],
  "name_head.number": ["number + 1", END],
  "name_head.hash": [ZEROS(32), END],
  "name_head.after": [ZEROS(32), /stored digest of its last state/],
  "name_head.sequence": ["sequence + 1", STATE],
  "name_head.writes_after_sec": ["0", STATE],
  "name_head.owner_chain": ["5", STATE],
  "name_head.given_up_by": ["array['\\x00'::bytea]", STATE],
  "name_head.is_gift": ["not is_gift", STATE],
  "name_head.version": ["version + 1", /version of the row/],
  "name_history.node": [HEX(ELSEWHERE), END],
  "name_history.number": ["number + 7", /lies under number \d+ in the database/],
  "name_history.entry": [`entry || '{"atMs": 1}'`, /hash is not the hash of its content/],
  "name_history.hash": [ZEROS(32), /hash is not the hash of its content/],
  "retired_profile.node": [HEX(ELSEWHERE), REPLAY],
  "retired_profile.profile_fingerprint": [ZEROS(32), REPLAY],
  "retired_profile.retired_at": ["'2020-01-01'", null], // for people only
};

/** What no history tells of: docs/threat-model.md says what a change there does, and where an admin sees it. */
const WITHOUT_HISTORY = [
  "api_key",
  "changed_name",
  "domain",
  "domain_alias",
  "followed_domain",
  "gateway_signer",
  "import_progress",
  "imported_node",
  "mirror",
  "mirror_problem",
  "rate_limit",
  "resolver_signer",
  "source",
  "source_name",
  "source_problem",
  "source_retired",
  "source_served",
  "reservation",
  "resolver",
  "watched_node",
  "watched_node_change",
  "watched_node_day",
];

describe("registry: columns changed by SQL", () => {
  let registry: TestRegistry;
  const wallet = Wallet.createRandom();

  before(async () => {
    registry = await openRegistry();
    const [first, second] = await profilesOf(wallet, 2);
    await registry.publish(NAME, wallet.address, first);
    await registry.publish(NAME, wallet.address, second);
    const wish = {
      ...({ action: "setRecords", domain: DOMAIN, name: NAME, sequence: 1 } as const),
      ...{ content: { records: { texts: { url: "u" } } }, signedFor: REGISTRY_RESOLVER },
    };
    const verified = await verifySignedRequest(
      registry.stores.domains,
      await signRequest(wallet, wish),
    );
    const { authority } = verified;
    const change = { domain: DOMAIN, name: NAME, actions: [await actionOf(verified)], authority };
    await changeName(registry.stores, change, Date.now);
    await writeAsService(registry.stores, DOMAIN, NAME, [{ kind: "suspend", reason: "a reason" }]);
  });
  after(() => registry.close());

  const reasonNow = async () => {
    const { broken } = await verifyHistory(registry.stores.names, NODE);
    return broken?.reason ?? null;
  };

  /** Does it as somebody would who may do everything, lets `look` see it, and takes it back. */
  async function withChanged<T>(column: string, value: string, look: () => Promise<T>): Promise<T> {
    const [table, name] = column.split(".");
    const last =
      table === "name_history"
        ? `and ctid = (select ctid from name_history where node = $1 order by number desc limit 1)`
        : "";
    const { pool } = registry;
    await pool.query(`
      create table kept as select * from ${table};
      alter table ${table} disable trigger user;
      alter table name_history drop constraint name_history_own_number`);
    try {
      await pool.query(`update ${table} set ${name} = ${value} where node = $1 ${last}`, [NODE]);
      return await look();
    } finally {
      await pool.query(`
        delete from ${table};
        insert into ${table} select * from kept;
        drop table kept;
        alter table ${table} enable trigger user;
        alter table name_history
          add constraint name_history_own_number check (number = (entry ->> 'number')::integer) not valid`);
    }
  }

  it("are these: a new one has to say whether its change is told", async () => {
    const { rows } = await registry.pool.query<{ column: string; table: string }>(
      `select table_name || '.' || column_name as column, table_name as table
       from information_schema.columns where table_schema = $1 and table_name <> 'signpost_migration'`,
      [registry.schema],
    );
    const told = rows.filter(({ table }) => !WITHOUT_HISTORY.includes(table));
    expect(told.map(({ column }) => column)).to.have.members(Object.keys(TOLD));
    expect(rows.map(({ table }) => table)).to.include.members(WITHOUT_HISTORY);
  });

  it("are told by the verification, but for those that decide nothing", async () => {
    expect(await reasonNow()).to.equal(null);
    for (const [column, [value, told]] of Object.entries(TOLD)) {
      const reason = await withChanged(column, value, reasonNow);
      if (told === null) expect(reason, column).to.equal(null);
      else expect(reason, column).to.match(told);
    }
    expect(await reasonNow()).to.equal(null);
  });

  it("are told where a profile is kept out that was never there", async () => {
    const { pool } = registry;
    const insert = "insert into retired_profile (node, profile_fingerprint) values ($1, $2)";
    await pool.query(insert, [NODE, new Uint8Array(32)]);
    expect(await reasonNow()).to.match(/could not be published/);
    await pool.query("delete from retired_profile where profile_fingerprint = $1", [
      new Uint8Array(32),
    ]);
  });

  it("cannot be changed without taking the guards away: an entry's number", async () => {
    const { pool } = registry;
    await pool.query("alter table name_history disable trigger user");
    const update = "update name_history set number = number + 7 where node = $1";
    await expectRejection(
      fromDatabase(pool.query(update, [NODE])),
      "INTERNAL",
      /name_history_own_number/,
    );
    await pool.query("alter table name_history enable trigger user");
  });

  it("are told by the next write where a number is in its way, which writes nothing", async () => {
    const write = () =>
      writeAsService(registry.stores, DOMAIN, NAME, [{ kind: "suspend", reason: "b" }]);
    await withChanged("name_history.number", "number + 1", () =>
      expectRejection(write(), "INTERNAL", /changed by hand.*history verify --all/),
    );
    expect(await reasonNow()).to.equal(null);
    await write();
    expect(await reasonNow()).to.equal(null);
  });

  it("are not taken for changed where an older build wrote last, which knows no version", async () => {
    const name = `older.${DOMAIN}`;
    await setRecords(registry.stores, { domain: DOMAIN, name, records: { texts: { a: "1" } } });
    await registry.pool.query("update name_head set version = null");
    const { broken } = await verifyHistory(registry.stores.names, namehash(name));
    expect(broken).to.equal(null);
  });
});
