import { expect } from "chai";
import { countedDirectory } from "../../src/accounts/countedDirectory.js";
import { relayMetrics } from "../../src/capabilities/relay/metrics.js";
import { normalizeName } from "../../src/ens/normalize.js";
import { expectRejection } from "../expectError.js";
import { nameTable } from "../relay/relayWorld.js";

describe("capabilities/relay: questions to ENS", () => {
  it("are counted: found, absent, and what could not be found out", async () => {
    const table = nameTable();
    const results: string[] = [];
    const directory = countedDirectory(table, (result) => results.push(result));
    await directory.personOf(normalizeName("alice.eth"));
    await directory.personOf(normalizeName("nobody.eth"));
    table.answers = false;
    await expectRejection(directory.personOf(normalizeName("alice.eth")), "UNREACHABLE", /RPC/);
    expect(results).to.deep.equal(["found", "absent", "unreachable"]);
  });

  it("are told with zeros from the start, so that a rate is known", () => {
    const seen: string[] = [];
    relayMetrics().publish(
      {
        counter: (name, _help, read) => {
          if (!name.includes("lookups")) return;
          for (const { labels, value } of read()) seen.push(`${labels?.["result"]} ${value}`);
        },
        gauge: () => undefined,
        histogram: () => undefined,
        durations: () => undefined,
      },
      {
        ...{ live: () => 0, figures: () => null, retainedMs: () => null },
        ...{ isPublished: () => null, canary: () => null, nowMs: () => 0 },
      },
    );
    expect(seen).to.deep.equal(["found 0", "absent 0", "unreachable 0"]);
  });
});
