/** The service as a process on a chain that it has no RPC node of: nobody can look whether resolvers take another signer. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { domainStore } from "../../src/db/domainStore.js";
import { signerStore } from "../../src/db/signerStore.js";
import { addressFrom, checksumAddress } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { type ChildProgram, removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import { textRequest, verifyAnswer } from "../gateway/ensRequest.js";
import { answerOf } from "../http/openTestService.js";

const DOMAIN = "users.example.eth";
const CHAIN_ID = 31_337n;
const RESOLVER = `0x${"5f".repeat(20)}`;
const [FIRST, SECOND, THIRD] = [bytes(32, 0x11), bytes(32, 0x22), bytes(32, 0x33)];
const addressOf = (key: Uint8Array) => checksumAddress(localGatewaySigner(key).address);

describe("e2e: a signer that nobody can check", function () {
  this.timeout(270_000);
  let database: MigratedPool;
  let folder: string;
  let program: ChildProgram;
  let url: string;

  before(async () => {
    database = await openMigratedPool();
    folder = await temporaryFolder();
    const served = {
      chainId: CHAIN_ID,
      resolver: addressFrom(fromHex(RESOLVER)),
      domain: DOMAIN,
    };
    await addDomain(domainStore(database.pool), served, apiKeyFrom(bytes(32, 1)));
    await mkdir(join(folder, ".signpost"));
    await start(FIRST);
  });
  after(async () => {
    program.process.kill("SIGKILL");
    await database.close();
    await removeFolder(folder);
  });

  const writeKey = (key: Uint8Array) =>
    writeFile(join(folder, ".signpost/gateway-signer.key"), `${toHex(key)}\n`);
  const start = async (key: Uint8Array) => {
    await writeKey(key);
    program = startProgram("src/main.ts", [], {
      cwd: folder,
      settings: { DATABASE_URL: database.url, PORT: "0" },
    });
    url = await program.printed(/Signpost listens on (http:\S+)/);
    await program.printed(/users\.example\.eth +http/);
  };
  /** Sends SIGHUP, and returns what the service says to it. */
  const hangUp = async (): Promise<string> => {
    const before = program.output().length;
    program.process.kill("SIGHUP");
    for (let round = 0; round < 500; round++) {
      const line = /"msg":"(The gatewaySigner .*)"}$/m.exec(program.output().slice(before));
      if (line?.[1] !== undefined) return line[1];
      await delay(20);
    }
    throw new Error(`nothing was said to SIGHUP:\n${program.output()}`);
  };
  const signerOf = async (index: number): Promise<string> => {
    const request = textRequest(`alice.${DOMAIN}`, `key-${index}`, CHAIN_ID);
    const path = `${url}/ccip/${CHAIN_ID.toString()}/${RESOLVER}/${request}`;
    const { status, body } = await answerOf(fetch(path));
    expect(status, JSON.stringify(body)).to.equal(200);
    return verifyAnswer(String(body["data"]), { target: RESOLVER, request }).signer;
  };
  const knownByMetrics = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return /^signpost_signer_known(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
  };

  it("is not switched to: the service keeps its signer, goes on, and says why and what to do", async () => {
    expect(await signerOf(0)).to.equal(addressOf(FIRST));
    await writeKey(SECOND);
    for (let time = 1; time <= 2; time++) {
      const said = await hangUp();
      expect(said).to.include(`stays ${addressOf(FIRST)} (the file `);
      expect(said).to.include(
        `Nobody could look whether the resolver ${checksumAddress(addressFrom(fromHex(RESOLVER)))} on chain 31337 takes ${addressOf(SECOND)}`,
      );
      expect(said).to.include("CHAIN_RPC_URLS");
      expect(said).to.include(`signpost signer remember ${addressOf(SECOND)}`);
      expect(await signerOf(time)).to.equal(addressOf(FIRST));
    }
    expect(await knownByMetrics()).to.equal("1");
  });

  it("is switched to once the operator has confirmed it", async () => {
    await signerStore(database.pool).remember(localGatewaySigner(SECOND).address, null);
    expect(await hangUp()).to.include(`is now ${addressOf(SECOND)}`);
    expect(await signerOf(10)).to.equal(addressOf(SECOND));
  });

  it("is told by readiness and metrics where the service was started with it", async () => {
    program.process.kill("SIGTERM");
    await program.ended;
    await start(THIRD);
    const ready = (await (await fetch(`${url}/health/ready`)).json()) as { warnings: string[] };
    expect(ready.warnings.join("\n")).to.include(`signpost signer remember ${addressOf(THIRD)}`);
    expect(await knownByMetrics()).to.equal("0");
    await signerStore(database.pool).remember(localGatewaySigner(THIRD).address, null);
    expect(await knownByMetrics()).to.equal("1");
  });
});
