/** `signpost history verify --all` over more names than it reads at once. */
import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { namehash } from "../../src/ens/namehash.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { startProgram } from "../childProgram.js";

const DOMAIN = "users.example.eth";
const RESOLVER = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
/** Nodes that are read at once. */
const PAGE = 1000;

describe("signpost history verify --all", function () {
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

  it("finds what is broken behind the first thousand", async () => {
    // in the order of their nodes, as they are read
    const names = Array.from({ length: PAGE + 1 }, (_, index) => `name-${index}.${DOMAIN}`)
      .map((name) => ({ name, node: namehash(name) }))
      .sort((a, b) => (toHex(a.node) < toHex(b.node) ? -1 : 1));
    const last = names.at(-1)!;
    // older than histories; but the last one, which its owner holds, must have one
    await pool.query(
      `insert into name (node, name, domain, held)
       select node, name, $3, name = $4 from unnest($1::bytea[], $2::text[]) as n (node, name)`,
      [names.map(({ node }) => node), names.map(({ name }) => name), DOMAIN, last.name],
    );
    const { exitStatus, stdout, output } = await run("history", "verify", "--all", "--json");
    expect(exitStatus, output.slice(-500)).to.equal(1);
    const { broken, withoutHistory, names: count } = JSON.parse(stdout) as Record<string, unknown>;
    expect(count).to.equal(PAGE + 1);
    expect(withoutHistory).to.deep.equal(names.map(({ name }) => name));
    const reason = "its owner signed for it, but that history is gone";
    expect(broken).to.deep.equal([{ name: last.name, entry: 0, reason }]);

    await pool.query("delete from name where name = $1", [last.name]);
    const whole = await run("history", "verify", "--all");
    expect(whole.exitStatus).to.equal(1);
    expect(whole.stdout).to.match(/^1000 names, 0 entries: nothing was verified, 1000 without/m);

    await pool.query("delete from name");
    const nothing = await run("history", "verify", "--all");
    expect(nothing).to.include({
      exitStatus: 1,
      stdout: "0 names, 0 entries: nothing was verified.\n",
    });
  });
});
