/** One gateway with two resolvers, of which only one takes its signer: whoever is asked says the same. */
import { expect } from "chai";
import type { Contract } from "ethers";
import {
  type RegistryService,
  startRegistryService,
} from "../../src/capabilities/registry/registryService.js";
import { examine } from "../../src/doctor/examine.js";
import { checksumAddress, parseAddress } from "../../src/ens/address.js";
import { type GatewaySigner, localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { type AdminWorld, startAdminWorld } from "../cli/resolver/adminWorld.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import { until } from "../embedded-postgres/holder.js";
import { readMetrics } from "../observe/exposition.js";

const [FORMER, PRESENT] = [
  localGatewaySigner(bytes(32, 0x11)),
  localGatewaySigner(bytes(32, 0x22)),
];
const textOf = ({ address }: GatewaySigner) => checksumAddress(address);

describe("e2e: a signer that one of two resolvers takes", function () {
  this.timeout(270_000);
  let world: AdminWorld;
  let database: MigratedPool;
  let service: RegistryService | undefined;
  /** Takes both signers, and takes the former one alone. */
  let [both, former] = ["", ""];

  before(async () => {
    world = await startAdminWorld();
    database = await openMigratedPool();
    [both, former] = [
      await serve("both.eth", textOf(FORMER), textOf(PRESENT)),
      await serve("former.eth", textOf(FORMER)),
    ];
  });
  afterEach(async () => {
    await service?.stop();
    service = undefined;
  });
  after(async () => {
    await database.close();
    await world.stop();
  });

  async function serve(domain: string, ...signers: string[]): Promise<string> {
    const contract = await world.deploy(...signers);
    const address = await contract.getAddress();
    await world.ens.setResolver(domain, address);
    served.push({ domain, address, contract });
    return address;
  }
  const served: { domain: string; address: string; contract: Contract }[] = [];

  const start = async (signer: GatewaySigner, canAsk: boolean) => {
    const { chainId, rpcUrl } = world.chain;
    service = await startRegistryService({
      databaseUrl: database.url,
      signer,
      validitySec: 240,
      host: "127.0.0.1",
      port: 0,
      chainRpcUrls: canAsk ? new Map([[chainId, rpcUrl]]) : new Map<bigint, string>(),
      reportFailure: (error) => {
        throw error;
      },
    });
    if ((await service.records.servedResolvers()).length > 0) return;
    for (const [index, { domain, address }] of served.entries()) {
      const resolver = parseAddress(address);
      await addDomain(
        service.domains,
        { domain, chainId, resolver },
        apiKeyFrom(bytes(32, index + 1)),
      );
    }
  };
  const ready = async () =>
    (await (await fetch(`${service!.url}/health/ready`)).json()) as Readonly<
      Record<"reasons" | "warnings", string[]>
    >;
  const metricAt = async (name: string, resolver: string) => {
    const { values } = readMetrics(await (await fetch(`${service!.url}/metrics`)).text());
    const labels = `chain="${world.chain.chainId.toString()}",resolver="${resolver.toLowerCase()}"`;
    return values.get(`${name}{${labels}}`) ?? null;
  };
  const known = async () => {
    const { values } = readMetrics(await (await fetch(`${service!.url}/metrics`)).text());
    return values.get("signpost_signer_known");
  };
  /** The doctor's line on who signed the answer. */
  const doctorOn = async (domain: string, address: string) => {
    const { chainId, rpcUrl } = world.chain;
    const url = `${service!.url}/ccip/${chainId.toString()}/${address.toLowerCase()}`;
    const { contract } = served.find((one) => one.address === address)!;
    const sent = (await contract.getFunction("setUrls").send([url])) as {
      wait(): Promise<unknown>;
    };
    await sent.wait();
    const { registry: ensRegistry, universalResolver } = world.ens;
    const lines = await examine(domain, {
      rpc: rpcUrl,
      ensRegistry,
      universalResolver,
      allowLoopback: true,
    });
    return lines.find(({ id }) => id === "answer-signer")?.status;
  };

  it("is known at both while both take it", async () => {
    await start(FORMER, true);
    await until(
      async () => (await metricAt("signpost_resolver_knows_signer", former)) === 1,
      40_000,
    );
    expect(await metricAt("signpost_resolver_knows_signer", both)).to.equal(1);
    expect(await known()).to.equal(1);
    expect(await doctorOn("former.eth", former)).to.equal("passed");
  });

  it("is refused by one in the words of all, while the chain can be asked", async () => {
    await start(PRESENT, true);
    const { reasons, warnings } = await ready();
    expect(reasons).to.have.length(1);
    expect(reasons[0])
      .to.include(`${textOf(PRESENT)}, by whom`)
      .and.include(`the resolver ${former} `);
    expect(warnings.join("\n"), "of this the chain tells").not.to.include("remember");
    expect(await metricAt("signpost_signer_enabled", former)).to.equal(0);
    expect(await metricAt("signpost_signer_enabled", both)).to.equal(1);
    expect(await metricAt("signpost_resolver_knows_signer", former)).to.equal(null);
    expect(await metricAt("signpost_resolver_knows_signer", both)).to.equal(1);
    expect((await world.run("show", "--resolver", former)).out).not.to.include(textOf(PRESENT));
    expect((await world.run("show", "--resolver", both)).out).to.include(textOf(PRESENT));
    expect(await doctorOn("former.eth", former)).to.equal("failed");
    expect(await doctorOn("both.eth", both)).to.equal("passed");
  });

  it("is a stranger to that one alone, once nobody can ask", async () => {
    await start(PRESENT, false);
    const told = (await ready()).warnings.filter((text) => text.includes("signer remember"));
    expect(told).to.have.length(1);
    expect(told[0]).to.include(former).and.not.include(both);
    expect(await metricAt("signpost_resolver_knows_signer", former)).to.equal(0);
    expect(await metricAt("signpost_resolver_knows_signer", both)).to.equal(1);
    expect(await known(), "SignpostSignerStranger fires").to.equal(0);
  });
});
