/** How long it takes to say whether a relay node is ready, while those that it asks are silent. */
import { expect } from "chai";
import { ownRecord } from "../../../src/capabilities/relay/ownRecord.js";
import { relayReadiness } from "../../../src/capabilities/relay/relayReadiness.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import type { RelayNodeOutcome } from "../../../src/lookup/outcome.js";
import { type SilentServer, silentServer } from "../../health/silentServer.js";

const NAME = { ensName: "ds.example.eth", url: "https://ds.example" };
const NO_RECORD = { status: "not-found", sentence: "It has no resolver." } as unknown;
const OWN_RECORD = "The relay node's own name: It has no resolver.";

describe("capabilities/relay/relayReadiness", () => {
  let database: ScratchDatabase;
  let silent: SilentServer;
  let pool: Pool | undefined;

  before(async () => {
    database = await openScratchDatabase();
    silent = await silentServer();
  });
  afterEach(() => pool?.end());
  after(async () => {
    await silent.close();
    await database.close();
  });

  const start = (url: string, resolve: () => Promise<RelayNodeOutcome>) => {
    let nowMs = 0;
    pool = openPool({ url, connectTimeoutMs: 3_000, durable: true });
    const record = ownRecord({ ...NAME, resolve, nowMs: () => nowMs });
    const parts = { ...NAME, pool, resolve, record, keys: { all: () => [] } };
    const readiness = relayReadiness({ ...parts, canaryWarnings: () => [] });
    return {
      aMinutePasses: () => (nowMs += 60_000),
      look: async () => {
        const startedMs = performance.now();
        return { ...(await readiness()), tookMs: performance.now() - startedMs };
      },
    };
  };

  it("goes by the record as it was seen last while ENS is asked again", async () => {
    let asked = 0;
    const relay = start(database.url, () =>
      asked++ === 0 ? Promise.resolve(NO_RECORD as RelayNodeOutcome) : new Promise(() => undefined),
    );
    expect(await relay.look()).to.deep.include({ reasons: [], warnings: [OWN_RECORD] });
    relay.aMinutePasses();
    const { reasons, warnings, tookMs } = await relay.look();
    expect({ reasons, warnings }).to.deep.equal({ reasons: [], warnings: [OWN_RECORD] });
    expect(tookMs).to.be.below(1_000);
    expect(asked).to.equal(2);
  });

  it("warns within 2 s that ENS has told nothing yet", async () => {
    const relay = start(database.url, () => new Promise(() => undefined));
    const { reasons, warnings, tookMs } = await relay.look();
    expect(reasons).to.deep.equal([]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^ENS has not told yet what record/);
    expect(tookMs).to.be.below(2_500);
  });

  it("is not ready within 2 s where neither Postgres nor ENS answers", async () => {
    const relay = start(silent.postgresUrl, () => new Promise(() => undefined));
    const { reasons, tookMs } = await relay.look();
    expect(reasons).to.deep.equal([
      "The database did not answer within 2000 ms; look for load and locks.",
    ]);
    expect(tookMs).to.be.below(2_500);
  });
});
