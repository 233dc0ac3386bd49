/** The commands of docs/guides/for-services.md, word for word and in their order, with everything real that they start. */
import { expect } from "chai";
import { type ServicePostgres, startServicePostgres } from "../source-postgres/servicePostgres.js";
import { type GuideClone, openGuideClone } from "./guideClone.js";
import { expectInOrder, guideCommands, READY } from "./guideScript.js";

/** The reader's own psql, of which these two options are used. */
const PSQL = `psql() { node --input-type=module -e '${[
  `import pg from "pg"; import { readFileSync } from "node:fs";`,
  `const [url, how, what] = process.argv.slice(1);`,
  `const client = new pg.Client({ connectionString: url }); await client.connect();`,
  `await client.query(how === "-f" ? readFileSync(what, "utf8") : what); await client.end();`,
].join(" ")}' -- "$@"; }`;

describe("the guide for services", function () {
  this.timeout(360_000);
  let postgres: ServicePostgres;
  let clone: GuideClone;

  before(async () => {
    postgres = await startServicePostgres({ hasUsers: false });
    clone = await openGuideClone();
  });
  after(async () => {
    await clone.close();
    await postgres.remove();
  });

  it("leads from a user table to a hundred users that are resolved, and through a service's days", async () => {
    const commands = await guideCommands("for-services.md", {
      // the port is a free one
      values: {
        "export SIGNPOST_URL": "$(origin_of 2)",
        "export SERVICE_DB": `'${postgres.url}'`,
        WHERE: `"--host 127.0.0.1 --port ${postgres.port} --database postgres --user signpost --tls off --private-network 127.0.0.0/8"`,
      },
      lines: {
        ...READY,
        // the same program, on free ports, past the installation, and on a Postgres that is there
        "npm run demo": clone.startDemo(clone.databaseUrl),
      },
    });
    const { exitStatus, output } = await clone.run(PSQL, commands);
    expect(exitStatus, output).to.equal(0);
    const lines = [
      /app\.example\.eth is served/,
      /app\.example\.eth: \d+ passed, \d+ warnings?, 0 failed/,
      /^Names of app\.example\.eth are answered from public\.users within a second\.$/m,
      /^found {2}zoe\.app\.example\.eth has a DM3 profile, signed by its wallet/m,
      /^zoe\.app\.example\.eth is answered by the source's row:$/m,
      /^Nothing was wrong with any row that was asked for\.$/m,
      /^100 users: \{"created":100\}$/m,
      /^100 users: \{"unchanged":100\}$/m,
      /^100 profiles: \{"created":100\}$/m,
      /^found {2}ada\.app\.example\.eth has a DM3 profile, signed by its wallet/m,
      /^100 of 100 resolved and verified$/m,
      /^ben\.app\.example\.eth: suspend, changed$/m,
      /^absent {2}ben\.app\.example\.eth/m,
      /^exit status 3$/m,
      /^ben\.app\.example\.eth: unsuspend, changed$/m,
      /^found {2}ben\.app\.example\.eth/m,
      /^100 users: \{"unchanged":100\}$/m,
      /^Key 2 of app\.example\.eth does not work any more\.$/m,
      /^1 {2}\S+Z {2}setRecords {2}by API key 2\n2 {2}\S+Z {2}publishProfile {2}by API key 2\n3 {2}\S+Z {2}suspend {2}by API key 3\n4 {2}\S+Z {2}unsuspend {2}by API key 3$/m,
      /^100 names, 202 entries: every history holds\.$/m,
    ];
    expectInOrder(output, lines);
  });
});
