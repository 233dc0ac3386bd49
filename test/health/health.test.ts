/** What a gateway knows of itself: on a real EVM behind a real port, with a real Postgres. */
import { text } from "node:stream/consumers";
import { mock } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Contract } from "ethers";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { databaseClockMs } from "../../src/db/databaseClock.js";
import { domainStore } from "../../src/db/domainStore.js";
import { recordSource } from "../../src/db/recordSource.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { type Address, addressFrom, checksumAddress } from "../../src/ens/address.js";
import type { SignpostError } from "../../src/errors.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { type SwitchableSigner, switchableSigner } from "../../src/gateway/switchableSigner.js";
import { type Health, type HealthParts, startHealth } from "../../src/health/health.js";
import type { ReadinessReport } from "../../src/http/readiness.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { deployOwn, newAddress } from "../cli/resolver/adminWorld.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import { until } from "../embedded-postgres/holder.js";
import { expectRejection } from "../expectError.js";
import {
  answerJson,
  type Handler,
  type LoopbackServer,
  never,
  serve,
} from "../lookup/loopbackServer.js";
import { catchingUp, passingTo } from "./passingTo.js";

const [OURS, NEXT] = [localGatewaySigner(bytes(32, 0x11)), localGatewaySigner(bytes(32, 0x22))];
const addressOf = ({ address }: { address: Address }) => checksumAddress(address);
const ROUND_MS = 100;
/** Only a test that fails waits so long. */
const PATIENCE_MS = 50_000;

describe("health", function () {
  this.timeout(180_000);
  let chain: LocalChain;
  let node: LoopbackServer;
  let passOn: Handler;
  let database: MigratedPool;
  let signer: SwitchableSigner;
  let health: Health | undefined;
  let failures: SignpostError[];

  before(async () => {
    chain = await startLocalChain();
    passOn = passingTo(chain.rpcUrl);
    node = await serve(passOn);
  });
  beforeEach(async () => {
    database = await openMigratedPool();
    signer = switchableSigner(OURS);
    failures = [];
    node.handler = passOn;
  });
  afterEach(async () => {
    health?.stop();
    health = undefined;
    await database.close();
    expect(failures).to.deep.equal([]);
  });
  after(async () => {
    await node.close();
    await chain.stop();
  });

  const resolverWith = async (signers: Address[], maxValiditySec = 300): Promise<Contract> => {
    const owner = await chain.admin.getAddress();
    const urls = ["https://gateway.example/{data}"];
    const addresses = signers.map((address) => checksumAddress(address));
    return deployOwn(chain, "OffchainResolver", owner, addresses, urls, maxValiditySec);
  };
  const serveDomain = async (resolver: string, chainId = chain.chainId, domain = "a.eth") =>
    addDomain(
      domainStore(database.pool),
      { chainId, resolver: addressFrom(fromHex(resolver.toLowerCase())), domain },
      apiKeyFrom(bytes(32, domain.length)),
    );
  const start = (change: Partial<HealthParts> = {}): Health =>
    (health = startHealth({
      records: recordSource(database.pool),
      databaseClockMs: () => databaseClockMs(database.pool),
      databaseWarnings: async () => {
        await recordSource(database.pool).servedResolvers();
        return [];
      },
      rpcUrls: new Map([[chain.chainId, node.url]]),
      signer,
      validitySec: 240,
      nowMs: Date.now,
      reportFailure: (error) => failures.push(error),
      roundMs: ROUND_MS,
      ...change,
    }));
  const send = async (contract: Contract, name: string, ...values: unknown[]) => {
    const sent = (await contract.getFunction(name).send(...values)) as { wait(): Promise<unknown> };
    await sent.wait();
  };
  /** Waits for a report that holds this sentence, which it returns with the rest. */
  const reportWith = async (kind: keyof ReadinessReport, sentence: RegExp) => {
    let report: ReadinessReport = { reasons: [], warnings: [] };
    await until(async () => {
      report = await health!.readiness();
      return report[kind].some((text) => sentence.test(text));
    }, PATIENCE_MS).catch((error: unknown) => {
      throw new Error(`${String(sentence)} is not in ${JSON.stringify(report)}`, { cause: error });
    });
    return report;
  };
  /** One report after each of so many rounds. */
  const roundsOf = async (count: number) => {
    const reports: ReadinessReport[] = [];
    for (let round = 0; round < count; round++) {
      const before = node.requests.length;
      await until(() => Promise.resolve(node.requests.length > before), PATIENCE_MS);
      await delay(2 * ROUND_MS);
      reports.push(await health!.readiness());
    }
    return reports;
  };
  const ready = () =>
    until(async () => {
      const { reasons, warnings } = await health!.readiness();
      return reasons.length + warnings.length === 0;
    }, PATIENCE_MS);

  it("is ready while the resolver takes its answers, not when its signer is removed, and again when it is added", async () => {
    const resolver = await resolverWith([OURS.address, NEXT.address]);
    const address = await resolver.getAddress();
    await serveDomain(address);
    start();
    expect(await health!.readiness()).to.deep.equal({ reasons: [], warnings: [] });
    const chainId = chain.chainId.toString();
    const known = { chainId, resolver: address.toLowerCase() };
    // which is asked for beside, and holds up nobody's readiness
    await until(() => health!.state().resolvers[0]?.takesBatches === true, PATIENCE_MS);
    expect(health!.state()).to.deep.include({
      signerSigns: true,
      resolvers: [{ ...known, signerEnabled: true, takesBatches: true }],
    });
    expect(health!.state().chains[0]).to.include({ chainId, reachable: true });
    expect(health!.state().chains[0]!.blockAgeSec).to.be.within(-2, 10);
    expect(health!.state().clockSkewSec).to.be.within(-1, 1);

    await send(resolver, "removeSigner", addressOf(OURS));
    const { reasons } = await reportWith("reasons", /is no signer of the resolver/);
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.include(addressOf(OURS)).and.to.include(address);
    expect(health!.state().resolvers).to.deep.equal([
      { ...known, signerEnabled: false, takesBatches: true },
    ]);

    await send(resolver, "addSigner", addressOf(OURS));
    await ready();
  });

  it("knows at the start that its signer is not enabled", async () => {
    await serveDomain(await (await resolverWith([NEXT.address])).getAddress());
    const { reasons } = await start().readiness();
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.match(/is no signer of the resolver/);
  });

  it("is not ready while answers are valid for longer than the resolver takes", async () => {
    const resolver = await resolverWith([OURS.address], 120);
    await serveDomain(await resolver.getAddress());
    const { reasons } = await start().readiness();
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.match(/^Answers are valid for 240 s, but .* takes at most 120 s/);
    await send(resolver, "setMaxValidity", 240);
    await ready();
  });

  it("says of foreign contracts, empty addresses and chains without a node that it does not know", async () => {
    await serveDomain(
      await (await deployOwn(chain, "test/LegacyResolver")).getAddress(),
      chain.chainId,
      "a.eth",
    );
    await serveDomain(newAddress(), chain.chainId, "bb.eth");
    await serveDomain(newAddress(), 77n, "ccc.eth");
    const { reasons, warnings } = await start().readiness();
    expect(reasons).to.deep.equal([]);
    expect(warnings).to.have.length(3);
    expect(warnings[0]).to.match(/It is not known whether .* is no resolver of Signpost/);
    expect(warnings[1]).to.match(/It is not known whether .* is no resolver of Signpost/);
    expect(warnings[2]).to.match(/names no RPC node of chain 77/);
    expect(health!.state().resolvers.map(({ signerEnabled }) => signerEnabled)).to.deep.equal([
      null,
      null,
    ]);
  });

  it("stays ready, with a warning, while the RPC node is away, and keeps in mind what it knew", async () => {
    const resolver = await resolverWith([OURS.address, NEXT.address]);
    await serveDomain(await resolver.getAddress());
    start();
    expect(await health!.readiness()).to.deep.equal({ reasons: [], warnings: [] });
    const away: [handler: Handler, sentence: RegExp][] = [
      [
        answerJson(
          { error: { code: -32005, message: "over quota at https://rpc.example/hunter2" } },
          429,
        ),
        /over quota/,
      ],
      [answerJson({ jsonrpc: "2.0", id: 1, result: "0x" }), /no number where one belongs/],
      [(request) => request.socket.destroy(), /could not be reached/],
    ];
    for (const [handler, sentence] of away) {
      node.handler = handler;
      const { reasons, warnings } = await reportWith("warnings", sentence);
      expect(reasons).to.deep.equal([]);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/^The RPC node of chain 31337 did not tell/);
      expect(warnings[0]).not.to.match(/hunter2|127\.0\.0\.1/);
      expect(health!.state().chains[0]).to.include({ reachable: false });
      expect(health!.state().resolvers[0]).to.include({ signerEnabled: true });
    }
    // the last that it heard was that it is removed: it does not come back on that account
    node.handler = passOn;
    await send(resolver, "removeSigner", addressOf(OURS));
    await reportWith("reasons", /is no signer/);
    node.handler = away[0]![0];
    const { reasons } = await reportWith("warnings", /over quota/);
    expect(reasons).to.have.length(1);
  });

  const AN_HOUR = { seconds: 3_600 };
  for (const [saysSo, how] of [
    [true, "catches up"],
    [false, "was set back, and does not say so"],
  ] as const) {
    it(`stays ready, with a warning, while the node ${how}: it knows an old chain`, async () => {
      const resolver = await resolverWith([OURS.address, NEXT.address]);
      await serveDomain(await resolver.getAddress());
      start();
      expect(await health!.readiness()).to.deep.equal({ reasons: [], warnings: [] });
      // as its old state was, from before the signer was added
      node.handler = catchingUp(chain.rpcUrl, { ...AN_HOUR, saysSo });
      await reportWith("warnings", /chain 31337 is catching up/);
      await send(resolver, "removeSigner", addressOf(OURS));
      const rounds = await roundsOf(3);
      expect(rounds.map(({ reasons }) => reasons)).to.deep.equal([[], [], []]);
      expect(health!.taken()).to.have.length(1);
      node.handler = passOn;
      await reportWith("reasons", /is no signer/);
    });
  }

  it("goes on to look where a node says that it catches up, and its latest block is new", async () => {
    const resolver = await resolverWith([OURS.address, NEXT.address]);
    await serveDomain(await resolver.getAddress());
    node.handler = catchingUp(chain.rpcUrl, { saysSo: true, seconds: 0 });
    start();
    expect(await health!.readiness()).to.deep.equal({ reasons: [], warnings: [] });
    await send(resolver, "removeSigner", addressOf(OURS));
    await reportWith("reasons", /is no signer/);
  });

  it("is ready, with a warning, where all that it can ask catches up", async () => {
    await serveDomain(await (await resolverWith([NEXT.address])).getAddress());
    node.handler = catchingUp(chain.rpcUrl, { ...AN_HOUR, saysSo: true });
    const { reasons, warnings } = await start().readiness();
    expect(reasons).to.deep.equal([]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/chain 31337 is catching up/);
    expect(health!.taken()).to.deep.equal([]);
  });

  it("warns of a node that is on another chain, and does not ask it for resolvers", async () => {
    await serveDomain(await (await resolverWith([NEXT.address])).getAddress(), 1n);
    const { reasons, warnings } = await start({ rpcUrls: new Map([[1n, node.url]]) }).readiness();
    expect(reasons).to.deep.equal([]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^The RPC node of chain 1 .* it is on another chain, 31337/);
  });

  it("answers a probe after 2 s, and not ready, while a node has never answered", async () => {
    await serveDomain(newAddress());
    node.handler = never;
    let report: ReadinessReport | undefined;
    // a clock of its own, which stands still while the machine is busy
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      start({
        databaseClockMs: () => Promise.resolve(Date.now()),
        databaseWarnings: () => Promise.resolve([]),
      });
      const answered = health!.readiness().then((given) => (report = given));
      mock.timers.tick(1_999);
      for (let turn = 0; turn < 100; turn++) await Promise.resolve();
      expect(report, "waits for the node").to.equal(undefined);
      mock.timers.tick(1);
      await answered;
    } finally {
      mock.timers.reset();
    }
    expect(report?.reasons).to.deep.equal([
      "Signer and chains are being asked for the first time. Ask again in some seconds.",
    ]);
    // the node has 5 s: then it is away, which is no reason
    const { reasons: later } = await reportWith(
      "warnings",
      /The RPC node of chain 31337 did not tell/,
    );
    expect(later).to.deep.equal([]);
  });

  // further ahead than two minutes, because each block of a test pushes this chain's own clock a second ahead
  for (const [offSec, how] of [
    [180, "ahead of"],
    [-124, "behind"],
  ] as const) {
    it(`is not ready when its clock is ${offSec} s off, as blocks and Postgres show`, async () => {
      await serveDomain(await (await resolverWith([OURS.address])).getAddress());
      start({ nowMs: () => Date.now() + offSec * 1_000 });
      await reportWith(
        "reasons",
        new RegExp(`^This clock is 1\\d\\d s ${how} the latest block of`),
      );
      const { reasons } = await health!.readiness();
      expect(reasons).to.have.length(2);
      const sentence = `^This clock is ${Math.abs(offSec)} s ${how} Postgres'\\. .* NTP`;
      expect(reasons[1]).to.match(new RegExp(sentence));
      expect(health!.state().clockSkewSec).to.be.within(offSec - 1, offSec + 1);
    });
  }

  it("knows that it is Postgres' clock that is off, when blocks agree with ours", async () => {
    await serveDomain(await (await resolverWith([OURS.address])).getAddress());
    start({ databaseClockMs: async () => (await databaseClockMs(database.pool)) - 120_000 });
    const { reasons } = await reportWith(
      "warnings",
      /120 s ahead of Postgres', but agrees with a chain/,
    );
    expect(reasons).to.deep.equal([]);
  });

  it("is not ready while its signer does not sign, and again when it does", async () => {
    let fault = true;
    signer.switchTo({
      address: OURS.address,
      signDigest: (digest) => (fault ? NEXT : OURS).signDigest(digest),
    });
    const { reasons } = await start().readiness();
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.match(/is not by 0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A/);
    expect(health!.state().signerSigns).to.equal(false);
    fault = false;
    await ready();
  });

  it("accepts another signer only where no resolver is lost by it", async () => {
    const [both, oursOnly] = [
      await resolverWith([OURS.address, NEXT.address]),
      await resolverWith([OURS.address]),
    ];
    await serveDomain(await both.getAddress(), chain.chainId, "a.eth");
    start();
    expect(await health!.assertAccepted(NEXT)).to.deep.equal([]);
    await serveDomain(await oursOnly.getAddress(), chain.chainId, "bb.eth");
    await expectRejection(
      health!.assertAccepted(NEXT),
      "INVALID_CONFIGURATION",
      new RegExp(
        `^${addressOf(NEXT)} is no signer of the resolver ${await oursOnly.getAddress()} .* yet\\. Add it`,
      ),
    );
    await send(oursOnly, "addSigner", addressOf(NEXT));
    await health!.assertAccepted(NEXT);
    // where the present one counts for nothing, nothing is lost
    const neither = await resolverWith([localGatewaySigner(bytes(32, 0x33)).address]);
    await serveDomain(await neither.getAddress(), chain.chainId, "ccc.eth");
    await health!.assertAccepted(NEXT);
    node.handler = answerJson({}, 500);
    const places = async () =>
      (await health!.assertAccepted(localGatewaySigner(bytes(32, 0x44)))).map(
        ({ chainId, resolver }) => [chainId, checksumAddress(resolver)],
      );
    expect(await places()).to.deep.include([chain.chainId, await both.getAddress()]);
    await serveDomain(await both.getAddress(), 77n, "dddd.eth");
    expect(await places()).to.deep.include([77n, await both.getAddress()]);
  });

  it("refuses a signer that a resolver refuses, also where the present one could not be asked about", async () => {
    const resolver = await (await resolverWith([OURS.address])).getAddress();
    await serveDomain(resolver);
    const ours = toHex(OURS.address).slice(2);
    node.handler = (request, response) => {
      void (async () => {
        const body = await text(request);
        if (body.includes(ours)) return response.writeHead(500).end();
        const headers = { "content-type": "application/json" };
        const answer = await fetch(chain.rpcUrl, { method: "POST", headers, body });
        return response.writeHead(answer.status, headers).end(await answer.text());
      })();
    };
    start({ roundMs: 3_600_000 });
    await health!.readiness();
    await expectRejection(
      health!.assertAccepted(NEXT),
      "INVALID_CONFIGURATION",
      new RegExp(`^${addressOf(NEXT)} is no signer of the resolver ${resolver} `),
    );
  });

  it("says of whom each resolver has said that it takes the present signer, and of no other one", async () => {
    const resolver = await (await resolverWith([OURS.address])).getAddress();
    const takenAt = () =>
      health!
        .taken()
        .map((one) => [one.chainId, checksumAddress(one.resolver), one.isTaken] as const);
    await serveDomain(resolver);
    start({ roundMs: 3_600_000 });
    await health!.readiness();
    expect(takenAt()).to.deep.equal([[chain.chainId, resolver, true]]);
    signer.switchTo(NEXT);
    expect(health!.taken()).to.deep.equal([]);
    health!.stop();
    signer = switchableSigner(OURS);
    await serveDomain(resolver, 77n, "bb.eth");
    start({ roundMs: 3_600_000 });
    await health!.readiness();
    expect(takenAt(), "nobody asks on chain 77").to.deep.equal([[chain.chainId, resolver, true]]);
  });

  it("asks about the new signer as soon as it was switched", async () => {
    await serveDomain(await (await resolverWith([OURS.address])).getAddress());
    start({ roundMs: 3_600_000 });
    expect(await health!.readiness()).to.deep.equal({ reasons: [], warnings: [] });
    signer.switchTo(NEXT);
    const { reasons } = await reportWith("reasons", /is no signer of the resolver/);
    expect(reasons[0]).to.include(addressOf(NEXT));
  });
});
