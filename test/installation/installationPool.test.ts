import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import { attachDatabase, type Database } from "../../src/installation/database.js";
import { withInstallationPool } from "../../src/installation/installationPool.js";
import type { InstallationConfig } from "../../src/settings/installationSettings.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { until } from "../embedded-postgres/holder.js";
import { expectRejection } from "../expectError.js";

describe("installation/installationPool, while another command works on its server", function () {
  this.timeout(120_000);
  const settingsBefore = process.env;
  const consoleBefore = console.error;
  let directory: string;
  let told: string[];
  let other: Database;

  beforeEach(async () => {
    directory = await temporaryFolder();
    process.env = { ...settingsBefore, SIGNPOST_DIR: directory };
    delete process.env["DATABASE_URL"];
    told = [];
    console.error = (text: string) => told.push(text);
  });
  afterEach(async () => {
    console.error = consoleBefore;
    process.env = settingsBefore;
    await removeFolder(directory);
  });

  /** @param work what it does while the other one is there */
  async function runBeside<T>(work: () => T): Promise<{ readonly result: Promise<T> }> {
    const config = { directory, secrets: { databaseUrl: null } } as unknown as InstallationConfig;
    const result = withInstallationPool(async () => {
      other = await attachDatabase(config, "refuse", () => undefined);
      return work();
    }, "make");
    result.catch(() => undefined);
    await until(() => told.some((line) => line.includes("another command works")), 60_000);
    return { result };
  }

  it("says that it is done, and waits", async () => {
    const { result } = await runBeside(() => 7);
    expect(told.slice(1).join("\n")).to.match(/^signpost: done; another command works on[^\n]*$/);
    await other.stop();
    expect(await result).to.equal(7);
  });

  it("tells why it failed before it waits, and not that it is done", async () => {
    const { result } = await runBeside(() => {
      throw new SignpostError("NOT_FOUND", "There is no such name. Check its spelling.");
    });
    expect(told.slice(1).join("\n")).to.match(
      /^signpost: this failed: There is no such name\. Check its spelling\.\nsignpost: another command works on[^\n]*$/,
    );
    await other.stop();
    await expectRejection(result, "NOT_FOUND", /no such name/);
  });
});
