import { execFile } from "node:child_process";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect } from "chai";
import { keccak256 } from "ethers";
import { expectRejection } from "../../expectError.js";
import { answerJson, serve } from "../../lookup/loopbackServer.js";
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
    expect(out).to.include("  signatures        one may be for many answers\n");
    expect(out).to.match(/ {2}code hash {9}0x\w{64}\n {20}of this build\n/);
  });

  it("says of a resolver that does not know shared signatures that each answer has its own", async () => {
    const { provider } = world.chain;
    const address = await (await world.deploy()).getAddress();
    // as if it had never heard of the feature
    const code = (await provider.getCode(address)).replaceAll("41212723", "00000000");
    await provider.send("hardhat_setCode", [address, code]);
    const { raw } = await world.run("show", "--resolver", address, "--json");
    expect(JSON.parse(raw)).to.include({ takesBatches: false });
    const { out } = await world.run("show", "--resolver", address);
    expect(out).to.include("  signatures        one for each answer\n");
  });

  it("says when the code is of another build", async () => {
    const { provider } = world.chain;
    const other = await (await world.deploy()).getAddress();
    // as a changed comment changes it: the hash of the sources at its end
    const code = (await provider.getCode(other)).replace(/..(?=64736f6c634300081e0033$)/, "00");
    await provider.send("hardhat_setCode", [other, code]);
    const { out } = await world.run("show", "--resolver", other);
    expect(out).to.match(/ {2}code hash {9}0x\w{64}\n {20}of another build: docs\/contracts\.md/);
    const { raw } = await world.run("show", "--resolver", other, "--json");
    expect(JSON.parse(raw)).to.include({ isOfThisBuild: false, codeHash: keccak256(code) });
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

  it("lets no URL of a stranger repaint the terminal, or pass for a line of ours", async () => {
    const hostile = "https://x.example/\u001b[2J\u009b2J\u202e\n  owner  nobody";
    const stranger = await world.deploy();
    await (await stranger.getFunction("setUrls").send([hostile])).wait();
    const address = await stranger.getAddress();
    const shown = await world.run("show", "--resolver", address);
    expect(shown.raw).to.include("https://x.example/ [2J 2J owner nobody\n");
    // as it is stored, but in a form that no terminal acts on
    for (const command of ["show", "export"]) {
      const { raw } = await world.run(command, "--resolver", address, "--json");
      expect(raw).not.to.match(/[^\n\P{C}]/u);
      expect(JSON.parse(raw)).to.have.deep.property("urls", [hostile]);
    }
  });

  for (const [method, value] of [
    ["setUrls", ["https://x.example/~~~~"]],
    ["setOperationUrl", "https://x.example/~~~~"],
  ] as const) {
    it(`says that a URL is no text, after ${method} with bytes that are not UTF-8`, async () => {
      const stranger = await world.deploy();
      const data = stranger.interface.encodeFunctionData(method, [value]);
      const noUtf8 = data.replace("7e7e7e7e", "fffefffe");
      await (await world.chain.admin.sendTransaction({ to: stranger, data: noUtf8 })).wait();
      await expectRejection(
        world.run("show", "--resolver", await stranger.getAddress()),
        "INVALID_REQUEST",
        /holds a URL that is not UTF-8/,
      );
    });
  }

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

  it("quotes an RPC node without what a terminal would act on", async () => {
    const node = await serve((request, response) => {
      void text(request).then((body) => {
        const { id, method } = JSON.parse(body) as { id: number; method: string };
        const error = { code: -32000, message: "come back\u001b[2J\u009b2J\nlater" };
        answerJson({ id, ...(method === "eth_chainId" ? { result: "0x1" } : { error }) })(
          request,
          response,
        );
      });
    });
    const args = ["resolver", "show", "--resolver", newAddress(), "--rpc", node.url];
    const failed = await promisify(execFile)(process.execPath, ["--import", "tsx", MAIN, ...args])
      .catch((error: unknown) => error as { code: number; stderr: string })
      .finally(() => node.close());
    expect(failed).to.have.property("code", 4);
    expect(failed.stderr).to.match(/^signpost: .*\(come back \[2J 2J later\)\. Try again.*\n$/);
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
