/** A source that is read from several servers, of which one is behind: docs/data-sources.md says what is promised. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { recordSource } from "../../../src/db/recordSource.js";
import { servedProfiles } from "../../../src/db/servedProfiles.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { namehash } from "../../../src/ens/namehash.js";
import type { FoundRow } from "../../../src/registry/sources/gatheredRows.js";
import { rememberedRows } from "../../../src/registry/sources/rememberedRows.js";
import { answerOfSource } from "../../../src/registry/sources/sourcedNames.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";

const FRESH_MS = 60_000;

describe("registry/sources: a replica that is behind", () => {
  let registry: TestRegistry;
  let wallet: string;
  let profiles: SignedUserProfile[];
  let nowMs = 0;
  /** What each question is answered with, in turn; the last one stays. */
  let replies: FoundRow[] = [];
  let noted: string[] = [];

  before(async () => {
    registry = await openRegistry();
    const signer = Wallet.createRandom();
    wallet = signer.address;
    profiles = await profilesOf(signer, 2);
  });
  after(() => registry.close());

  const row = (index: number): FoundRow => ({
    ...{ wallet, profile: JSON.stringify(profiles[index]), contenthash: null },
    ...{ texts: new Map(), addresses: new Map() },
  });
  function open(freshMs: number) {
    const source = { id: "1", domain: DOMAIN };
    const next = () => (replies.length > 1 ? replies.shift() : replies[0]) ?? null;
    const rows = rememberedRows({ rowOf: () => Promise.resolve(next()) }, freshMs, () => nowMs);
    const parts = {
      ...recordSource(registry.pool),
      served: servedProfiles(registry.pool),
      noteProblem: (_: unknown, __: string, { kind }: { kind: string }) => void noted.push(kind),
    };
    return async (name: string) => {
      noted = [];
      const answer = await answerOfSource(parts, { ...source, rows }, name, namehash(name));
      return answer.served?.records.texts.get(DM3_PROFILE_KEY) ?? answer.by;
    };
  }
  const record = (index: number) => encodeProfileRecord(profiles[index]!);

  it("is asked once more, and served where it has caught up by then", async () => {
    const ask = open(1_000);
    replies = [row(0), row(1), row(0), row(1)];
    const name = `caught-up.${DOMAIN}`;
    expect([await ask(name), await ask(name)]).to.deep.equal([record(0), record(1)]);
    // the one that is behind, and then the other one
    expect(await ask(name)).to.equal(record(1));
    expect(noted).to.deep.equal([]);
  });

  it("never brings the earlier profile back: the name is absent while only that is read, and back with the later one", async () => {
    const ask = open(1_000);
    replies = [row(0), row(1), row(0)];
    const name = `behind.${DOMAIN}`;
    expect([await ask(name), await ask(name)]).to.deep.equal([record(0), record(1)]);
    expect(await ask(name)).to.equal("problem");
    expect(noted).to.deep.equal(["earlierProfile"]);
    replies = [row(1)];
    expect(await ask(name)).to.equal(record(1));
  });

  it("does not hold an earlier row for as long as rows are remembered, once another process has served the later one", async () => {
    const [one, another] = [open(FRESH_MS), open(FRESH_MS)];
    const name = `remembered.${DOMAIN}`;
    replies = [row(0)];
    expect(await one(name)).to.equal(record(0));
    replies = [row(1)];
    expect(await another(name)).to.equal(record(1));
    nowMs += 1_000;
    // it remembers the earlier one, and asks
    expect(await one(name)).to.equal(record(1));
    expect(noted).to.deep.equal([]);
  });
});
