/** Two gateways on one database: one is killed, or stopped in good order, and nobody notices. */
import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import { expect } from "chai";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { deployResolver } from "../../src/chain/deployResolver.js";
import { domainStore } from "../../src/db/domainStore.js";
import { openPool } from "../../src/db/pool.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { deployLocalEns, type LocalEns } from "../../src/demo/localEns.js";
import { signUp } from "../../src/demo/people.js";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { addressFrom } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { startLookupStream } from "../e2e/lookupStream.js";
import { ethers6, viem } from "../e2e/stockClients.js";
import { until } from "../embedded-postgres/holder.js";
import { textRequest, verifyAnswer } from "../gateway/ensRequest.js";
import { type GatewayProcess, startGatewayProcess } from "./gatewayProcess.js";
import { post } from "./gatewayStream.js";

const DOMAIN = "users.example.eth";
const KEY = randomBytes(32);
const KEEP_ALIVE_CLIENTS = 24;

describe("faults: one of two gateways", () => {
  let folder: string;
  let database: ScratchDatabase;
  let chain: LocalChain;
  let ens: LocalEns;
  let resolver: string;
  let first: GatewayProcess;
  let second: GatewayProcess;
  const records = new Map<string, string>();

  before(async () => {
    folder = await temporaryFolder();
    database = await openScratchDatabase();
    const key = toHex(KEY);
    first = await startGatewayProcess(folder, database.url, key);
    second = await startGatewayProcess(folder, database.url, key);

    chain = await startLocalChain();
    ens = await deployLocalEns(chain.admin);
    resolver = await deployResolver(chain.admin, {
      owner: await chain.admin.getAddress(),
      gatewaySigners: [toHex(localGatewaySigner(KEY).address)],
      gatewayOrigins: [first.url, second.url],
      maxValiditySec: 300,
    });
    await ens.setResolver(DOMAIN, resolver);
    const apiKey = apiKeyFrom(randomBytes(32));
    const pool = openPool({ url: database.url });
    const served = {
      domain: DOMAIN,
      chainId: chain.chainId,
      resolver: addressFrom(fromHex(resolver)),
    };
    await addDomain(domainStore(pool), served, apiKey);
    await pool.end();
    for (const label of ["alice", "bob", "carol"]) {
      const person = await signUp([`relay.${DOMAIN}`]);
      const name = `${label}.${DOMAIN}`;
      const response = await fetch(`${second.url}/v1/names/${name}/profile`, {
        method: "PUT",
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        body: JSON.stringify(person),
      });
      expect(response.status, await response.text()).to.equal(201);
      records.set(name, encodeProfileRecord(person.signedUserProfile));
    }
  });
  after(async () => {
    for (const { program } of [first, second]) program.process.kill("SIGKILL");
    await Promise.all([first.program.ended, second.program.ended]);
    await chain.stop();
    await database.close();
    await removeFolder(folder);
  });

  it("is killed with -9 while ethers and viem look names up: no lookup fails", async () => {
    const world = { chain, ens };
    const stream = startLookupStream([ethers6(world), viem(world)], records, 60);
    try {
      await stream.more(20);
      first.program.process.kill("SIGKILL");
      await stream.more(60);
    } finally {
      await stream.stop();
    }
    expect(stream.failed).to.deep.equal([]);
    for (const [client, count] of stream.succeeded) expect(count, client).to.be.at.least(30);
    first = await startGatewayProcess(folder, database.url, toHex(KEY));
  });

  it("is asked to stop under load: every request that it has taken is answered, the others go to the second", async () => {
    const path = `/ccip/${chain.chainId.toString()}/${resolver}`;
    const request = textRequest(`alice.${DOMAIN}`, "network.dm3.profile", chain.chainId);
    const signerAddress = toHex(localGatewaySigner(KEY).address);
    const counts = { byFirst: 0, bySecond: 0 };
    /** Checked afterwards: clients that compute do not notice that a connection is closed. */
    const answers = new Set<string>();
    const failed: string[] = [];
    let stopping = false;

    /** Over one connection that is kept alive; refused when the first gateway does not listen any more. */
    const ask = async (url: string, agent: Agent) => {
      const { status, body } = await post(url + path, agent, { data: request, sender: resolver });
      expect(status, body).to.equal(200);
      answers.add((JSON.parse(body) as { data: string }).data);
    };
    const client = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (!stopping) {
        try {
          await ask(first.url, agent);
          counts.byFirst++;
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "ECONNREFUSED")) {
            failed.push(String(error));
          }
          await ask(second.url, agent);
          counts.bySecond++;
        }
      }
      agent.destroy();
    };
    const clients = Array.from({ length: KEEP_ALIVE_CLIENTS }, client);
    await until(() => counts.byFirst > 300, 20_000);
    expect(counts.bySecond).to.equal(0);
    first.program.process.kill("SIGTERM");
    const { exitStatus } = await first.program.ended;
    await until(() => counts.bySecond > 300, 20_000);
    stopping = true;
    await Promise.all(clients);

    expect(failed).to.deep.equal([]);
    expect(exitStatus, first.program.output()).to.equal(0);
    for (const answer of answers) {
      const { signer } = verifyAnswer(answer, { target: resolver, request });
      expect(signer.toLowerCase()).to.equal(signerAddress);
    }
  });
});
