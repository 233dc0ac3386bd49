/** Health over HTTP, of a service whose clock is two minutes off, and one whose signer is a bad one. */
import { expect } from "chai";
import {
  type RegistryService,
  type RegistryServiceOptions,
  startRegistryService,
} from "../../src/capabilities/registry/registryService.js";
import { openPool } from "../../src/db/pool.js";
import { signerStore } from "../../src/db/signerStore.js";
import { SignpostError } from "../../src/errors.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { textRequest, verifyAnswer } from "../gateway/ensRequest.js";
import {
  answerOf,
  API_KEY,
  CCIP_PATH,
  DOMAIN,
  RESOLVER,
  SIGNER,
  signer,
} from "./openTestService.js";

const REQUEST = textRequest(`alice.${DOMAIN}`, "avatar");

describe("http/healthRoutes", () => {
  let database: ScratchDatabase;
  let service: RegistryService;
  let failures: SignpostError[];

  beforeEach(async () => {
    database = await openScratchDatabase();
    failures = [];
  });
  afterEach(async () => {
    await service.stop();
    await database.close();
  });

  const start = async (options: Partial<RegistryServiceOptions> = {}) => {
    service = await startRegistryService({
      databaseUrl: database.url,
      signer,
      validitySec: 240,
      host: "127.0.0.1",
      port: 0,
      reportFailure: (error) => failures.push(error),
      ...options,
    });
    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 0x5f) };
    await addDomain(service.domains, served, API_KEY);
  };
  const ready = () => answerOf(fetch(`${service.url}/health/ready`));
  const lookUp = () => answerOf(fetch(`${service.url}${CCIP_PATH}/${REQUEST}`));
  const signerOf = async () => {
    const { body } = await lookUp();
    return verifyAnswer(String(body["data"]), { target: RESOLVER, request: REQUEST }).signer;
  };

  const metric = async (name: string) => {
    const text = await (await fetch(service.metricsUrl)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  };

  for (const offSec of [124, -124]) {
    it(`refuses readiness while the clock is ${offSec} s off, says why, and answers lookups all the same`, async () => {
      await start({ nowMs: () => Date.now() + offSec * 1_000 });
      const { status, body } = await ready();
      expect(status).to.equal(503);
      expect(body).to.have.all.keys("status", "reasons", "warnings");
      expect(body["status"]).to.equal("not ready");
      expect(body["reasons"]).to.have.length(1);
      const how = offSec > 0 ? "ahead of" : "behind";
      expect((body["reasons"] as string[])[0]).to.match(
        new RegExp(
          `^This clock is 124 s ${how} Postgres'\\. If ours is wrong, .* NTP set both clocks\\.$`,
        ),
      );
      expect(await metric("signpost_clock_skew_seconds")).to.be.within(offSec - 1, offSec + 1);
      expect((await answerOf(fetch(`${service.url}/health/live`))).status).to.equal(200);
      expect((await lookUp()).status).to.equal(200);
    });
  }

  it("answers lookups with 503 and is not ready while the signer does not sign", async () => {
    const fault = new SignpostError("SIGNER_UNAVAILABLE", "The signer is away. Look for it.", {
      reason: "no answer",
    });
    await start({ signer: { address: signer.address, signDigest: () => Promise.reject(fault) } });
    expect((await ready()).body).to.deep.include({
      status: "not ready",
      reasons: ["The signer is away. Look for it."],
    });
    expect(await lookUp()).to.deep.include({ status: 503, body: { message: fault.message } });
    expect(failures).to.deep.equal([fault]);
    expect(await metric("signpost_signer_signs")).to.equal(0);
  });

  it("signs by another signer from the switch on", async () => {
    await start();
    await ready(); // remembers by whom it signs, as every start does
    expect(await signerOf()).to.equal(SIGNER);
    const next = localGatewaySigner(bytes(32, 0x22));
    const nextAddress = "0x1563915e194D8CfBA1943570603F7606A3115508";
    // no RPC node is named, so nobody can look
    await expectRejection(
      service.switchSigner(next),
      "INVALID_CONFIGURATION",
      new RegExp(`Nobody could look whether the resolver \\S+ on chain 1 takes ${nextAddress}`),
    );
    expect(await signerOf()).to.equal(SIGNER);
    const pool = openPool({ url: database.url });
    await signerStore(pool).remember(next.address, null);
    await pool.end();
    await service.switchSigner(next);
    expect(await signerOf()).to.equal(nextAddress);
    await service.switchSigner(signer);
    expect(await signerOf()).to.equal(SIGNER);
  });
});
