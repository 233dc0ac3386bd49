import { expect } from "chai";
import { checksumAddress } from "../../src/ens/address.js";
import { SignpostError } from "../../src/errors.js";
import type { ChainKnowledge, KnownChain, KnownResolver } from "../../src/health/chainKnowledge.js";
import { judgeAcceptance, judgeClock, judgeSigner } from "../../src/health/judgement.js";
import { bytes } from "../db/sampleNames.js";

const SIGNER = bytes(20, 0x11);
const RESOLVER = bytes(20, 0x5f);

const resolver = (change: Partial<KnownResolver> = {}): KnownResolver => ({
  chainId: 1n,
  resolver: RESOLVER,
  signerEnabled: true,
  maxValiditySec: 300n,
  wasAsked: true,
  ...change,
});
const knowing = (change: Partial<ChainKnowledge> = {}): ChainKnowledge => ({
  signer: SIGNER,
  chains: [],
  resolvers: [resolver()],
  unwatched: [],
  ...change,
});

const SILENT: KnownChain = {
  chainId: 1n,
  head: null,
  highestBlock: null,
  isBehind: false,
  newBlockAtMs: null,
  makesBlocks: false,
  failure: "it was away",
};

describe("health/judgement: do the resolvers take our answers", () => {
  const judge = (change: Partial<ChainKnowledge>, validitySec = 240) =>
    judgeAcceptance(knowing(change), SIGNER, validitySec);

  it("is content with a signer that is enabled and a validity that is not too long", () => {
    expect(judge({})).to.deep.equal({ reasons: [], warnings: [] });
    expect(judge({}, 300)).to.deep.equal({ reasons: [], warnings: [] });
  });

  it("is not ready where a resolver does not have the signer, and says what to do", () => {
    const { reasons, warnings } = judge({
      resolvers: [resolver(), resolver({ signerEnabled: false, chainId: 5n })],
    });
    expect(warnings).to.deep.equal([]);
    expect(reasons).to.deep.equal([
      `0x1111111111111111111111111111111111111111, by whom this gateway signs, is no signer of the resolver ${checksumAddress(RESOLVER)} on chain 5: clients refuse its answers. Add it with \`signpost resolver signers add\`, or switch to one that the resolver has.`,
    ]);
  });

  it("is not ready where answers are valid for longer than a resolver takes", () => {
    const { reasons } = judge({ resolvers: [resolver({ maxValiditySec: 239n })] });
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.match(
      /^Answers are valid for 240 s, but .* takes at most 239 s\. Set ANSWER_VALIDITY_SEC/,
    );
  });

  it("only warns of what it does not know", () => {
    const foreign = { signerEnabled: null, maxValiditySec: null };
    expect(judge({ resolvers: [resolver(foreign)] }).warnings[0]).to.match(
      /is no resolver of Signpost/,
    );
    expect(
      judge({ resolvers: [resolver({ ...foreign, wasAsked: false })] }).warnings,
    ).to.deep.equal([]);
    expect(judge({ unwatched: [{ chainId: 10n, resolver: RESOLVER }] }).warnings[0]).to.match(
      /^CHAIN_RPC_URLS names no RPC node of chain 10/,
    );
    expect(judge({ chains: [SILENT] }).warnings[0]).to.match(
      /^The RPC node of chain 1 did not tell .*: it was away\./,
    );
    const other = judgeAcceptance(
      knowing({ resolvers: [resolver({ signerEnabled: false })] }),
      bytes(20, 2),
      240,
    );
    expect(other.warnings[0]).to.match(/^The signer was switched just now/);
    for (const report of [
      judge({ unwatched: [{ chainId: 10n, resolver: RESOLVER }] }),
      judge({ chains: [SILENT] }),
      other,
    ]) {
      expect(report.reasons).to.deep.equal([]);
    }
  });

  it("still holds what it knew of a signer when a node does not answer any more", () => {
    const { reasons, warnings } = judge({
      chains: [SILENT],
      resolvers: [resolver({ signerEnabled: false })],
    });
    expect([reasons.length, warnings.length]).to.deep.equal([1, 1]);
  });

  it("tells of 20 things at most", () => {
    const resolvers = Array.from({ length: 25 }, () => resolver({ signerEnabled: false }));
    const { reasons } = judge({ resolvers });
    expect(reasons).to.have.length(20);
    expect(reasons[19]).to.equal("There are 6 more of this kind.");
  });
});

describe("health/judgement: does the signer sign", () => {
  it("is not ready when it does not, but only warns when it is busy", () => {
    expect(judgeSigner(null)).to.deep.equal({ reasons: [], warnings: [] });
    const away = new SignpostError("SIGNER_UNAVAILABLE", "It is away.", { reason: "no answer" });
    expect(judgeSigner(away)).to.deep.equal({ reasons: ["It is away."], warnings: [] });
    const busy = new SignpostError("SIGNER_UNAVAILABLE", "It is busy.", { reason: "overload" });
    expect(judgeSigner(busy)).to.deep.equal({ reasons: [], warnings: ["It is busy."] });
  });
});

describe("health/judgement: is the clock right", () => {
  const chain = (
    ageSec: number,
    change: Partial<KnownChain> = {},
    isBehind = false,
  ): KnownChain => ({
    chainId: 1n,
    head: { blockNumber: 7n, ageSec, isSyncing: false },
    highestBlock: 7n,
    isBehind,
    newBlockAtMs: 0,
    makesBlocks: true,
    failure: null,
    ...change,
  });
  const NOTHING = { reasons: [], warnings: [] };

  it("bears 30 s behind and 120 s ahead of a block, and no more", () => {
    for (const ageSec of [-30, 0, 12, 120])
      expect(judgeClock([chain(ageSec)], 0)).to.deep.equal(NOTHING);
    expect(judgeClock([chain(-31)], 0).reasons[0]).to.match(
      /^This clock is 31 s behind the latest block of chain 1: .* NTP/,
    );
    expect(judgeClock([chain(121)], 0).reasons[0]).to.match(
      /^This clock is 121 s ahead of the latest block of chain 1: .* NTP/,
    );
  });

  it("looks at blocks forwards only where a chain stands still, or its node is catching up", () => {
    const still = { makesBlocks: false };
    expect(judgeClock([chain(86_400, still)], 0)).to.deep.equal(NOTHING);
    expect(judgeClock([chain(-31, still)], 0).reasons).to.have.length(1);
    const syncing = judgeClock([chain(86_400, {}, true)], 0);
    expect(syncing.reasons).to.deep.equal([]);
    expect(syncing.warnings[0]).to.match(/is catching up/);
    expect(judgeClock([chain(-31, {}, true)], 0).reasons).to.have.length(1);
    expect(judgeClock([chain(0, { head: null })], 0)).to.deep.equal(NOTHING);
  });

  it("bears 30 s between our clock and Postgres', and no more", () => {
    for (const sec of [null, 0, 30, -30]) expect(judgeClock([], sec)).to.deep.equal(NOTHING);
    expect(judgeClock([], 30.6).reasons[0]).to.match(/^This clock is 31 s ahead of Postgres'\. /);
    expect(judgeClock([], -120).reasons[0]).to.match(
      /^This clock is 120 s behind Postgres'\. .* NTP/,
    );
  });

  it("believes a chain that makes blocks more than Postgres", () => {
    const { reasons, warnings } = judgeClock([chain(12)], 120);
    expect(reasons).to.deep.equal([]);
    expect(warnings[0]).to.match(
      /120 s ahead of Postgres', but agrees with a chain: .* Postgres' machine/,
    );
    for (const doubtful of [
      chain(12, { makesBlocks: false }),
      chain(12, { failure: "away" }),
      chain(12, {}, true),
      chain(31),
      chain(0, { head: null }),
    ]) {
      expect(judgeClock([doubtful], 120).reasons).to.have.length(1);
    }
  });
});
