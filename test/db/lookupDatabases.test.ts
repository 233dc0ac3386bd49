import { expect } from "chai";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { openLookupDatabases } from "../../src/db/lookupDatabases.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { expectRejection } from "../expectError.js";
import { openMigratedPool } from "./migratedPool.js";

const NOWHERE = "postgresql://u@localhost:1/d?host=/nonexistent";

describe("db/lookupDatabases", () => {
  const open = (primaryUrl: string, ...standbyUrls: string[]) =>
    openLookupDatabases({
      primaryUrl,
      standbyUrls,
      tables: registryTables,
      longestLookupMs: 2_000,
      nowMs: () => performance.now(),
    });

  it("does without its primary only when a standby answers and has every table", async () => {
    const [migrated, empty] = await Promise.all([openMigratedPool(), openScratchDatabase()]);
    const cases: [standbyUrls: string[], can: boolean][] = [
      [[], false],
      [[NOWHERE], false],
      [[empty.url], false],
      [[migrated.url], true],
      [[NOWHERE, empty.url, migrated.url], true],
    ];
    for (const [standbyUrls, can] of cases) {
      const databases = open(NOWHERE, ...standbyUrls);
      expect(await databases.canDoWithoutPrimary(), standbyUrls.join()).to.equal(can);
      await databases.close();
    }
    await migrated.close();
    await empty.close();
  });

  it("warns of each database that does not answer while another does, and names no secret", async () => {
    const migrated = await openMigratedPool();
    const nowhere = NOWHERE.replace("u@", "u:hunter2@");
    const cases: [urls: [string, ...string[]], warnings: RegExp[]][] = [
      [[migrated.url], []],
      [[migrated.url, migrated.url], []],
      [[nowhere, migrated.url], [/^The primary database is down.*nothing can be written/]],
      [[migrated.url, migrated.url, nowhere], [/^Standby database 2 of STANDBY_DATABASE_URLS/]],
    ];
    for (const [[primaryUrl, ...standbyUrls], sentences] of cases) {
      const databases = open(primaryUrl, ...standbyUrls);
      const warnings = await databases.warnings();
      expect(warnings).to.have.length(sentences.length);
      for (const [index, sentence] of sentences.entries()) {
        expect(warnings[index]).to.match(sentence).and.not.include("hunter2");
      }
      expect(await databases.records.servedResolvers()).to.deep.equal([]);
      await databases.close();
    }
    for (const urls of [[], [nowhere]]) {
      const databases = open(nowhere, ...urls);
      await expectRejection(databases.warnings(), "DATABASE_UNAVAILABLE", /did not answer/);
      await databases.close();
    }
    await migrated.close();
  });
});
