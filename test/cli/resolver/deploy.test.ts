import { expect } from "chai";
import { verifySource } from "../../../scripts/sourceVerification.js";
import { expectRejection } from "../../expectError.js";
import { type AdminWorld, GATEWAY, newAddress, newName, startAdminWorld } from "./adminWorld.js";

interface Deployed {
  readonly outcome: string;
  readonly resolver: string;
  readonly state: Readonly<Record<string, string[]>>;
  readonly nextSteps: string[];
}

describe("signpost resolver deploy", () => {
  let world: AdminWorld;
  let signer: string;
  let settings: string[];
  let salt: string[];

  before(async () => {
    world = await startAdminWorld();
  });
  beforeEach(async () => {
    await world.setCreate2Deployer(true);
    signer = newAddress();
    settings = ["--signer", signer, "--gateway", GATEWAY];
    salt = ["--salt", newName()];
  });
  after(() => world.stop());

  const deployAlone = (account: number, ...args: string[]) =>
    world.run("deploy", ...settings, "--rpc-account", world.accounts[account]!, "--yes", ...args);
  const deploy = (account: number, ...args: string[]) => deployAlone(account, ...salt, ...args);
  const result = (out: string) => JSON.parse(out) as Deployed;

  it("says the address before it asks, deploys there, and says what comes next", async () => {
    const account = ["--rpc-account", world.accounts[0]!];
    const asked = await world.runAsking(
      { "[y/N]": "n" },
      "deploy",
      ...settings,
      ...salt,
      ...account,
    );
    const announced = /Deploy a resolver at (0x[0-9a-fA-F]{40})\n/.exec(asked.out)?.[1];
    expect(await world.chain.provider.getCode(announced!)).to.equal("0x");
    expect(asked.out).to.match(new RegExp(`gatewaySigners +none -> ${signer}`));

    const { out } = await deploy(0);
    expect(out).to.match(new RegExp(`Deploy a resolver at ${announced!}\n`));
    expect(out).to.match(
      /Next:\n {2}signpost domain add <name> --chain 31337 [^]*resolver attach <name> [^]*signpost doctor/,
    );
    // with the flags that were just used, but for the URL, which may hold an API key
    expect(out).to.match(
      new RegExp(
        `resolver attach <name> --resolver \\w+ --rpc <url> --rpc-account ${world.accounts[0]!}\\n`,
      ),
    );
    expect(out).not.to.include(world.chain.rpcUrl);
    const { out: shown } = await world.run("show", "--json", "--resolver", announced!);
    const path = `ccip/31337/${announced!.toLowerCase()}`;
    expect(JSON.parse(shown)).to.deep.include({
      owner: [world.accounts[0]],
      pendingOwner: [],
      signers: [signer],
      urls: [`${GATEWAY}/${path}`, `${GATEWAY}/${path}/{data}`],
      maxValiditySec: ["360"],
    });
  });

  it("finds that it is deployed already, also when somebody else did it", async () => {
    const owner = ["--owner", world.accounts[0]!, "--json"];
    const first = result((await deploy(1, ...owner)).out);
    expect(first).to.deep.include({ outcome: "changed" });
    expect(first.state["owner"]).to.deep.equal([world.accounts[0]]);
    const second = result((await deploy(0, ...owner)).out);
    expect(second).to.deep.include({ outcome: "unchanged", resolver: first.resolver });
    const other = result((await deploy(0, ...owner, "--max-validity", "300")).out);
    expect(other.outcome).to.equal("changed");
    expect(other.resolver).not.to.equal(first.resolver);
  });

  it("deploys with CREATE where there is no CREATE2 deployer, or when asked to", async () => {
    const predicted = result((await deploy(0, "--json")).out).resolver;
    const asked = result((await deployAlone(0, "--create", "--json")).out);
    await world.setCreate2Deployer(false);
    const noted = await deployAlone(0, "--json");
    expect(noted.err).to.match(/no CREATE2 deployer: a second run deploys a second resolver/);
    const alone = result(noted.out);
    for (const { outcome, state } of [asked, alone]) {
      expect(outcome).to.equal("changed");
      expect(state["signers"]).to.deep.equal([signer]);
    }
    expect(new Set([predicted, asked.resolver, alone.resolver]).size).to.equal(3);
  });

  it("refuses --salt where it has no effect, so that nobody pays for a second resolver", async () => {
    const before = await world.chain.provider.getTransactionCount(world.accounts[0]!);
    await expectRejection(deploy(0, "--create"), "INVALID_REQUEST", /^With --create, .* no effect/);
    await world.setCreate2Deployer(false);
    await expectRejection(deploy(0), "INVALID_REQUEST", /^Without a CREATE2 deployer .* no effect/);
    expect(await world.chain.provider.getTransactionCount(world.accounts[0]!)).to.equal(before);
  });

  it("says before sending why a constructor would refuse, through the CREATE2 deployer as well", async () => {
    const before = await world.chain.provider.getTransactionCount(world.accounts[0]!);
    const refusals: [string[], RegExp][] = [
      [["--max-validity", "1"], /must lie between 60 and 86400 seconds; this is 1/],
      [["--gateway", "http://gateway.example"], /URL 2 .* must start with https/],
      [["--signer", signer], new RegExp(`${signer} is a gatewaySigner already`)],
      [["--create", "--max-validity", "1"], /must lie between/],
    ];
    for (const [args, sentence] of refusals) {
      await expectRejection(deployAlone(0, ...args), "TRANSACTION_REFUSED", sentence);
    }
    expect(await world.chain.provider.getTransactionCount(world.accounts[0]!)).to.equal(before);
  });

  it("is the code that these sources compile to, with the arguments that explorers ask for", async () => {
    const { provider } = world.chain;
    for (const flags of [["--json"], ["--create", "--json"]]) {
      const { resolver } = result((await deployAlone(0, ...flags)).out);
      const verified = await verifySource(provider, resolver);
      expect(verified.compiler).to.match(/^0\.8\.30\+commit\.[0-9a-f]{8}$/);
      expect(verified.contract).to.equal("contracts/OffchainResolver.sol:OffchainResolver");
      expect(verified.constructorValues.map(String)).to.deep.equal([
        world.accounts[0],
        signer,
        `${GATEWAY}/ccip/31337/{resolver},${GATEWAY}/ccip/31337/{resolver}/{data}`,
        "360",
      ]);
      const { sources } = verified.standardJsonInput as { sources: object };
      expect(sources).to.include.keys("contracts/OffchainResolver.sol");
      expect(Object.keys(sources).filter((file) => /test|demo/.test(file))).to.deep.equal([]);
    }
    await expectRejection(
      verifySource(provider, world.ens.registry),
      "INVALID_REQUEST",
      /is not what these sources compile to/,
    );
  });
});
