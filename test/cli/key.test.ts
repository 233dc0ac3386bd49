import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { addressFrom } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { isSignpostError } from "../../src/errors.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { openApiKey } from "../../src/registry/access/openApiKey.js";
import {
  apiKeyFrom,
  hashApiKey,
  newApiKey,
  SCOPES,
  sessionKeyFrom,
} from "../../src/registry/domains/apiKey.js";
import { newSession, sessionsBucket } from "../../src/registry/domains/session.js";
import { startProgram } from "../childProgram.js";
import { setRecords } from "../registry/changes/serviceWrites.js";

const DOMAIN = "users.example.eth";
const RESOLVER = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

describe("signpost key, domain policy and suspend, history", function () {
  this.timeout(360_000);
  let database: ScratchDatabase;
  let pool: Pool;

  before(async () => {
    database = await openScratchDatabase();
    pool = openPool({ url: database.url });
    const added = await run("domain", "add", DOMAIN, "--chain", "1", "--resolver", RESOLVER);
    expect(added.exitStatus, added.output).to.equal(0);
  });
  after(async () => {
    await pool.end();
    await database.close();
  });

  async function run(...args: string[]) {
    const program = startProgram("src/cli/main.ts", args, {
      settings: { DATABASE_URL: database.url },
      cwd: "/tmp",
    });
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  }
  async function json(...args: string[]) {
    const { exitStatus, stdout, output } = await run(...args, "--json");
    expect(exitStatus, output).to.equal(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  }
  const stores = () => ({ names: nameStore(pool), domains: domainStore(pool) });

  it("tells who used most, or that nobody did", async () => {
    const nobody = await run("key", "usage");
    expect(nobody.stdout, nobody.output).to.match(/^Nobody asked the service API/);
    await pool.query("insert into rate_limit values ('203.0.113.7/minute', 9, 1e15)");
    const { stdout } = await run("key", "usage");
    await pool.query(
      `insert into rate_limit values ('key 4711/minute', 8, 1e15), ($1 || '/day', 7, 1e15)`,
      [sessionsBucket(DOMAIN)],
    );
    const { stdout: more } = await run("key", "usage");
    expect(more).to.match(/^8 {5}changes this minute +key 4711, which is gone {2}/m);
    expect(more).to.match(/^7 {5}changes today +sessions of users\.example\.eth {2}/m);
    expect(stdout).to.match(
      /^USED {2}OF WHAT +BY WHOM +UNTIL\n9 {5}requests this minute +without an API key, from 203\.0\.113\.7 /,
    );
  });

  it("makes a key that is shown once, lists it without it, and revokes it for good", async () => {
    const added = await json(
      "key",
      "add",
      "Users.example.eth",
      "--label",
      "import",
      "--scopes",
      "names:read,names:write",
      "--per-minute",
      "7",
    );
    expect(added).to.deep.include({
      domain: DOMAIN,
      label: "import",
      scopes: ["names:read", "names:write"],
      limits: { changesPerMinute: 7, changesPerDay: 5_000_000 },
    });
    const apiKey = String(added["apiKey"]);
    const opened = await openApiKey(stores().domains, apiKey);
    expect(opened).to.deep.include({ id: added["id"], label: "import", domain: DOMAIN });

    const listed = await run("key", "list", DOMAIN);
    expect(listed.stdout).to.match(
      /^ID {2}LABEL {6}MAY DO .*\n2 {3}import {5}names:read,names:write +7 changes a minute, 5000000 a day {6}last used never$/m,
    );
    expect(listed.stdout).to.match(
      /^1 {3}first key {2}names:read,.* {2}60000 changes a minute, 5000000 a day {2}last used never$/m,
    );
    expect(listed.output).not.to.include(apiKey);

    expect(await json("key", "revoke", DOMAIN, "2")).to.include({ revoked: true });
    const refused = await openApiKey(stores().domains, apiKey).catch((error: unknown) => error);
    expect(isSignpostError(refused, "UNAUTHORIZED")).to.equal(true);
    const again = await run("key", "revoke", DOMAIN, "2");
    expect(again.exitStatus).to.equal(1);
    expect(again.output).to.match(/has no key 2 that still works/);
    const unknown = await run("key", "list", "nothere.eth");
    expect(unknown.exitStatus).to.equal(1);
    expect(unknown.output).to.match(/nothere\.eth does not exist here/);
    const escape = await run("key", "add", DOMAIN, "--label", "\u001b[31mred");
    expect(escape.output).to.match(/--label takes 1 to 100 characters that can be seen/);
    expect((await run("key", "list", DOMAIN)).stdout).to.match(/^2 .* revoked 2\d{3}-/m);
  });

  it("lists keys in pages, the newest first, and says where the next one begins", async () => {
    const domain = "paged.example.eth";
    await run("domain", "add", domain, "--chain", "1", "--resolver", RESOLVER);
    const { domains } = stores();
    const ids: string[] = [];
    for (const [at, label] of ["one", "two", "three"].entries()) {
      const apiKey = apiKeyFrom(new Uint8Array(32).fill(0x70 + at));
      ids.push(await domains.addApiKey(domain, newApiKey(apiKey, { label, scopes: SCOPES })));
    }
    const [, second = "", third = ""] = ids;
    const page = async (...flags: string[]) => {
      const { exitStatus, stdout, output } = await run("key", "list", domain, "--json", ...flags);
      expect(exitStatus, output).to.equal(0);
      const [, after = null] = /there are more; --after (\d+) lists/.exec(output) ?? [];
      const labels = (JSON.parse(stdout) as { label: string }[]).map(({ label }) => label);
      return { labels, after };
    };
    const all = ["three", "two", "one", "first key"];
    expect(await page()).to.deep.equal({ labels: all, after: null });
    expect(await page("--limit", "4")).to.deep.equal({ labels: all, after: null });
    expect(await page("--limit", "1")).to.deep.equal({ labels: ["three"], after: third });
    expect(await page("--limit", "1", "--after", third)).to.deep.equal({
      ...{ labels: ["two"], after: second },
    });
    expect(await page("--after", second)).to.deep.equal({ labels: all.slice(2), after: null });
    expect((await run("key", "list", domain, "--after", "1")).stdout).to.equal(
      "No further keys.\n",
    );
    const unknown = await run("key", "list", "nothere.eth", "--after", third);
    expect(unknown.output).to.match(/nothere\.eth does not exist here/);
  });

  it("lists a session with when it ends, or ended, and revokes it as a key", async () => {
    const wallet = addressFrom(new Uint8Array(20).fill(0xab));
    const { domains } = stores();
    await domains.changeDomain(DOMAIN, { owner: wallet, ownerSignsIn: true });
    const digest = hashApiKey("what was signed");
    const apiKey = sessionKeyFrom(new Uint8Array(32).fill(9));
    const session = newSession({ domain: DOMAIN, wallet, digest }, apiKey, SCOPES);
    await domains.openSession(session, () => undefined);
    const line = async () => {
      const { stdout } = await run("key", "list", DOMAIN);
      return stdout.split("\n").find((one) => one.includes("session of 0xABaB")) ?? stdout;
    };
    expect(await line()).to.match(/^(\d+) +session of .* last used never, ends 2\d{3}-/);
    const [id = ""] = (await line()).split(" ");
    await pool.query("update api_key set expires_at = now() where id = $1", [id]);
    expect(await line()).to.match(/ended 2\d{3}-/);
    expect((await run("key", "revoke", DOMAIN, id)).output).to.match(/no key \d+ that still works/);
    await pool.query("update api_key set expires_at = now() + interval '1 hour' where id = $1", [
      id,
    ]);
    expect(await json("key", "revoke", DOMAIN, id)).to.include({ revoked: true });
    expect(await line()).to.match(/revoked 2\d{3}-/);
    await domains.changeDomain(DOMAIN, { owner: null });
  });

  it("changes the limits of a key that works, each by itself, and refuses one that does not", async () => {
    const { id } = await json("key", "add", DOMAIN, "--label", "limited");
    const limit = (...flags: string[]) => json("key", "limit", DOMAIN, String(id), ...flags);
    expect(await limit("--per-minute", "5")).to.deep.equal({
      ...{ domain: DOMAIN, id },
      limits: { changesPerMinute: 5, changesPerDay: 5_000_000 },
    });
    expect((await limit("--per-day", "9"))["limits"]).to.deep.equal({
      changesPerMinute: 5,
      changesPerDay: 9,
    });
    expect(await run("key", "limit", DOMAIN, String(id))).to.include({ exitStatus: 2 });
    await run("key", "revoke", DOMAIN, String(id));
    const revoked = await run("key", "limit", DOMAIN, String(id), "--per-day", "9");
    expect(revoked).to.include({ exitStatus: 1 });
    expect(revoked.output).to.match(/no key \d+ that still works/);
  });

  it("tells wrong input by 2, and a domain that is not there by 1", async () => {
    const wrong: [args: string[], exitStatus: number, sentence: RegExp][] = [
      [["key", "add", DOMAIN], 2, /required option '--label/],
      [
        ["key", "add", DOMAIN, "--label", "x", "--scopes", "names:read,all"],
        2,
        /--scopes takes some of/,
      ],
      [
        ["key", "add", DOMAIN, "--label", "x", "--per-day", "0"],
        2,
        /--per-day takes a whole number/,
      ],
      [["key", "add", DOMAIN, "--label", ""], 2, /--label takes 1 to 100/],
      [["key", "add", "nowhere.eth", "--label", "x"], 1, /nowhere\.eth does not exist/],
      [["key", "revoke", DOMAIN, "x"], 2, /<id> takes a whole number/],
      [
        ["key", "list", DOMAIN, "--limit", "1001"],
        2,
        /--limit takes a whole number from 1 to 1000/,
      ],
      [["key", "list", DOMAIN, "--after", "0"], 2, /--after takes a whole number/],
      [
        ["domain", "policy", DOMAIN, "--claims", "anybody"],
        2,
        /Allowed choices are service, wallets/,
      ],
      [["domain", "policy", DOMAIN, "--reserved-labels", "a.b"], 2, /more than one label/],
      [["domain", "policy", DOMAIN, "--owner", "0x00"], 2, /40 hexadecimal/],
      [["domain", "policy", "nowhere.eth"], 1, /nowhere\.eth does not exist/],
      [["domain", "suspend", `a.${DOMAIN}`], 2, /required option '--reason/],
      [["domain", "suspend", `a.${DOMAIN}`, "--reason", "x"], 1, /does not exist/],
      [
        ["domain", "suspend", "a.other.eth", "--reason", "x"],
        1,
        /under no domain that is served here/,
      ],
      [["history", "verify"], 2, /Give one name, or --all/],
      [["history", "verify", DOMAIN, "--all"], 2, /Give one name, or --all/],
      [["history", "verify", DOMAIN, "--rpc", "x"], 2, /--rpc must consist of <chain id>=<URL>/],
    ];
    const runs = await Promise.all(wrong.map(([args]) => run(...args)));
    for (const [index, { exitStatus, output }] of runs.entries()) {
      const [args, expected, sentence] = wrong[index]!;
      expect(exitStatus, `${args.join(" ")}: ${output}`).to.equal(expected);
      expect(output).to.match(sentence);
    }
  });

  it("shows and changes the policy of a domain", async () => {
    await stores().domains.changeDomain(DOMAIN, { owner: null, ownerSignsIn: false });
    expect(await json("domain", "policy", DOMAIN)).to.deep.equal({
      domain: DOMAIN,
      ...{ owner: null, ownerSignsIn: false },
      ...{ claims: "service", addressNames: false, aliases: true, reservedLabels: [] },
    });
    const changed = await json(
      ...["domain", "policy", DOMAIN, "--claims", "wallets", "--address-names", "on"],
      ...["--aliases", "off", "--reserved-labels", "www,admin,www", "--owner", RESOLVER],
      ...["--sign-in", "on"],
    );
    const expected = {
      domain: DOMAIN,
      ...{ owner: RESOLVER, ownerSignsIn: true },
      ...{
        claims: "wallets",
        addressNames: true,
        aliases: false,
        reservedLabels: ["admin", "www"],
      },
    };
    expect(changed).to.deep.equal(expected);
    expect(await json("domain", "policy", DOMAIN)).to.deep.equal(expected);
    const none = await json("domain", "policy", DOMAIN, "--owner", "none");
    expect(none).to.deep.equal({ ...expected, owner: null });
    const off = await json("domain", "policy", DOMAIN, "--sign-in", "off");
    expect(off).to.deep.equal({ ...expected, owner: null, ownerSignsIn: false });
    expect((await run("domain", "policy", DOMAIN)).stdout).to.match(/\n {2}owner signs in {3}no\n/);
  });

  it("suspends a name as the admin, and verifies histories: 0, or 1 where one breaks", async () => {
    const name = `alice.${DOMAIN}`;
    await setRecords(stores(), { domain: DOMAIN, name, records: { texts: { avatar: "a" } } });
    expect(await json("domain", "suspend", name, "--reason", "spam")).to.deep.equal({
      name,
      suspended: true,
    });
    expect((await stores().names.nameOf(namehash(name)))?.suspension).to.include({
      by: "admin",
      reason: "spam",
    });
    expect(await json("domain", "unsuspend", name)).to.deep.equal({ name, suspended: false });

    expect(await json("history", "verify", name)).to.include({ names: 1, entries: 3 });
    const all = await run("history", "verify", "--all");
    expect(all).to.include({ exitStatus: 0, stdout: "1 names, 3 entries: every history holds.\n" });

    const misspelt = await run("history", "verify", `alcie.${DOMAIN}`);
    expect(misspelt.exitStatus).to.equal(1);
    expect(misspelt.output).to.match(/no name alcie\.users\.example\.eth here/);
    await pool.query("update name set texts = '{}' where name = $1", [name]);
    const broken = await run("history", "verify", "--all", "--json");
    expect(broken.exitStatus).to.equal(1);
    expect(JSON.parse(broken.stdout)).to.deep.include({
      broken: [{ name, entry: 3, reason: "the row of the name is not what its history leads to" }],
    });
    expect((await run("history", "verify", name)).stdout).to.match(
      /^broken {2}alice\.users\.example\.eth {2}3 {2}the row of the name/,
    );
  });

  it("knows every scope in its help", async () => {
    const { stdout } = await run("key", "add", "--help");
    for (const scope of SCOPES) expect(stdout.replace(/\s+/g, "")).to.include(scope);
  });
});
