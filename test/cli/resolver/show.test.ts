import { expect } from "chai";
import { execFile } from "node:child_process";
import { keccak256 } from "ethers";
import { promisify } from "node:util";
import { expectRejection } from "../../expectError.js";
import {
  type AdminWorld,
  fundedWallet,
  newAddress,
  newName,
  startAdminWorld,
} from "./adminWorld.js";

const MAIN = new URL("../../../src/cli/main.ts", import.meta.url).pathname;

describe("signpost resolver show and export", () => {
  let world: AdminWorld;
  let resolver: string;
  let signer: string;
  let name: string;

  before(async () => {
    world = await startAdminWorld();
    signer = newAddress();
    resolver = await (await world.deploy(signer)).getAddress();
    name = newName();
    await world.ens.setResolver(name, resolver);
  });
  after(() => world.stop());

  it("shows the settings in columns, without a key", async () => {
    const { out } = await world.run("show", "--resolver", resolver);
    const lines = out.split("\n");
    expect(lines[0]).to.equal(`${resolver} on chain 31337`);
    expect(out).to.include(`  owner             ${world.accounts[0]!}\n`);
    expect(out).to.include("  offered to        none\n");
    expect(out).to.include(`  gatewaySigners    ${signer}\n`);
    expect(out).to.match(/ {2}gateway URLs {6}https:\S+\n {20}https:\S+\{data\}\n/);
    expect(out).to.include("  longest validity  300 s\n");
  });

  it("says what is wrong with an address that is no resolver", async () => {
    await expectRejection(
      world.run("show", "--resolver", newAddress()),
      "INVALID_REQUEST",
      /There is no contract at 0x/,
    );
    await expectRejection(
      world.run("show", "--resolver", world.ens.registry),
      "INVALID_REQUEST",
      /is not an OffchainResolver of Signpost/,
    );
    await expectRejection(world.run("show", "--resolver", "0x12"), "INVALID_REQUEST", /40 hex/);
  });

  it("exports all that a new owner needs", async () => {
    const elsewhere = newName();
    await world.ens.setResolver(elsewhere, world.ens.registry);
    const names = ["--name", name, "--name", elsewhere, "--registry", world.ens.registry];
    const { out } = await world.run("export", "--resolver", resolver, ...names);
    const document = JSON.parse(out) as Record<string, unknown> & {
      takeOver: { command: string }[];
      abi: { name?: string }[];
    };
    const code = await world.chain.provider.getCode(resolver);
    expect(document).to.deep.include({
      format: "signpost-resolver/1",
      chainId: "31337",
      resolver,
      codeHash: keccak256(code),
      owner: [world.accounts[0]],
      signers: [signer],
      maxValiditySec: ["300"],
    });
    expect(document["names"]).to.deep.include({
      name,
      isAttached: true,
      resolver,
      owner: world.accounts[0],
      nameWrapper: null,
      registry: world.ens.registry,
    });
    expect((document["names"] as { isAttached: boolean }[])[1]!.isAttached).to.equal(false);
    expect(document.abi.map((entry) => entry.name)).to.include("setUrls");
    const commands = document.takeOver.map(({ command }) => command).join("\n");
    expect(commands).to.match(
      /ownership transfer[^]*ownership accept[^]*signers add[^]*urls set[^]*signers remove/,
    );
    expect(commands).to.include(`signpost doctor ${name}`);
  });

  it("works as a program: exit status, errors as JSON, no secret in any output", async () => {
    const wallet = await fundedWallet(world.chain);
    const run = (args: string[]) =>
      promisify(execFile)(process.execPath, ["--import", "tsx", MAIN, "resolver", ...args], {
        env: { ...process.env, RPC_URL: world.chain.rpcUrl, ADMIN_PRIVATE_KEY: wallet.privateKey },
      }).catch((error: unknown) => error as { code: number; stdout: string; stderr: string });
    const on = ["--resolver", resolver, "--json"];
    const [listed, refused, unasked] = await Promise.all([
      run(["signers", "list", ...on]),
      run(["validity", "set", "60", "--yes", ...on]),
      run(["validity", "set", "60", ...on]),
    ]);
    expect(JSON.parse(listed.stdout)).to.deep.equal({ resolver, signers: [signer] });
    expect(refused).to.deep.include({ code: 1 });
    expect(JSON.parse(refused.stdout)).to.have.nested.property("error.code", "TRANSACTION_REFUSED");
    expect(unasked).to.deep.include({ code: 2 });
    expect(unasked.stdout).to.match(/there is no terminal to ask on/);
    const said = [listed, refused, unasked].map(({ stdout, stderr }) => stdout + stderr).join("");
    expect(said).not.to.include(wallet.privateKey.slice(2));
  });
});
