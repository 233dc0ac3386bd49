/** A relay node that writes to itself through its public URL, on a real chain with ENS and a real Postgres. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { DM3_DELIVERY_SERVICE_KEY, DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";
import { startProgram } from "../childProgram.js";
import { type ChainServer, serveChain } from "../lookup/chainServer.js";
import { deployEns, type LocalEns } from "../lookup/localEns.js";
import { type ServedRelayNode, serveRelayNode } from "../messenger/servedRelayNode.js";

const NODE = "ds.canary.eth";
const CANARY = "canary.canary.eth";

interface Told {
  readonly isWell?: boolean;
  readonly sentence?: string;
  readonly address: string;
  readonly [DM3_PROFILE_KEY]: string;
}

describe("e2e: a relay node's canary", function () {
  this.timeout(270_000);
  let chain: ChainServer;
  let ens: LocalEns;
  let node: ServedRelayNode;

  before(async () => {
    chain = await serveChain();
    ens = await deployEns();
    node = await serveRelayNode(NODE, chain, ens.ensRegistry, { RELAY_CANARY_NAME: CANARY });
    await ens.setResolver(NODE, ens.publicResolver);
    await ens.setText(NODE, DM3_DELIVERY_SERVICE_KEY, await node.record());
  });
  after(async () => {
    await node.close();
    await chain.close();
  });

  async function canary(...args: string[]): Promise<{ exitStatus: number | null; told: Told }> {
    const program = startProgram("src/cli/main.ts", ["relay", "canary", "--json", ...args], {
      settings: node.environment,
      cwd: node.environment["SIGNPOST_DIR"]!,
    });
    const { exitStatus, stdout } = await program.ended;
    expect(stdout, program.output()).to.not.equal("");
    return { exitStatus, told: JSON.parse(stdout) as Told };
  }

  const metric = async (name: string) => {
    const text = await (await fetch(node.service.metricsUrl)).text();
    return new RegExp(`^signpost_relay_${name} (\\S+)$`, "m").exec(text)?.[1] ?? null;
  };

  it("is told as not well while its name has no profile, and the node goes on serving", async () => {
    expect(await metric("canary_well")).to.equal(null);
    for (let waited = 0; (await metric("canary_well")) === null; waited++) {
      expect(waited, "the first canary").to.be.below(500);
      await delay(100);
    }
    expect(await metric("canary_well")).to.equal("0");
    expect(await metric("canary_age_seconds")).to.equal(null);
    // it is asked for once a second
    await delay(1_100);
    const { reasons, warnings } = await node.service.readiness();
    expect(reasons).to.deep.equal([]);
    expect(warnings.join()).to.match(/canary/);
  });

  it("comes back once its records are published, and leaves nothing behind", async () => {
    const { exitStatus, told } = await canary("--show");
    expect(exitStatus).to.equal(0);
    expect(told.isWell).to.equal(undefined);
    await ens.setResolver(CANARY, ens.publicResolver);
    await ens.setAddress(CANARY, told.address);
    await ens.setText(CANARY, DM3_PROFILE_KEY, told[DM3_PROFILE_KEY]);

    const sent = await canary();
    expect(sent.told, JSON.stringify(sent.told)).to.include({
      isWell: true,
      sentence: "The canary's message came back.",
    });
    expect(sent.exitStatus).to.equal(0);
    const accounts = startProgram("src/cli/main.ts", ["relay", "accounts"], {
      settings: node.environment,
      cwd: node.environment["SIGNPOST_DIR"]!,
    });
    expect((await accounts.ended).stdout).to.match(/canary\.canary\.eth {2}0 +0$/m);
  });

  it("does not come back from a node that does not answer", async () => {
    await node.service.stop();
    const { exitStatus, told } = await canary();
    expect(exitStatus).to.equal(1);
    expect(told.isWell).to.equal(false);
    expect(told.sentence).to.match(/^The canary/);
  });
});
