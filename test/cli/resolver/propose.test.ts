import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Interface, namehash } from "ethers";
import { batchChecksum, type SafeBatch } from "../../../src/admin/safeBatch.js";
import { expectRejection } from "../../expectError.js";
import {
  type AdminWorld,
  GATEWAY,
  newAddress,
  newName,
  registryOf,
  startAdminWorld,
} from "./adminWorld.js";

describe("signpost resolver --propose", () => {
  let world: AdminWorld;
  let folder: string;
  let file: string;
  let owner: string;

  before(async () => {
    world = await startAdminWorld();
    folder = await mkdtemp(join(tmpdir(), "signpost-propose-"));
    file = join(folder, "batch.json");
    owner = world.accounts[0]!;
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await world.stop();
  });

  const shown = async (resolver: string) => {
    const { out } = await world.run("show", "--json", "--resolver", resolver);
    const { resolver: address, urls, ...rest } = JSON.parse(out) as Record<string, string[]>;
    expect(address).to.equal(resolver);
    return { ...rest, urls: urls!.map((url) => url.replace(resolver.toLowerCase(), "self")) };
  };
  const propose = async (...args: string[]): Promise<SafeBatch> => {
    await world.run(...args, "--propose", file);
    return JSON.parse(await readFile(file, "utf8")) as SafeBatch;
  };
  /** Sends what the batch holds, as a multisig does: destination, value and data. */
  const executeBatch = async ({ transactions }: SafeBatch, account: string) => {
    const signer = await world.chain.provider.getSigner(account);
    for (const { to, value, data } of transactions) {
      await (await signer.sendTransaction({ to, value, data })).wait();
    }
  };

  it("gives, executed as a batch, the state that sending directly gives", async () => {
    const signers = [newAddress(), newAddress()];
    const [direct, proposed] = await Promise.all(
      [0, 1].map(async () => (await world.deploy(signers[0]!)).getAddress()),
    );
    const changes = [
      ["signers", "add", signers[1]!],
      ["signers", "remove", signers[0]!],
      ["urls", "set", "https://a.example/{resolver}", "https://b.example/{data}?x=%22[,]"],
      ["validity", "set", "120"],
      ["metadata", "set", "https://api.example"],
      ["operations", "set", "https://w.example/{resolver}"],
      ["ownership", "transfer", world.accounts[1]!],
    ];
    for (const change of changes) {
      await world.run(...change, "--resolver", direct!, "--rpc-account", owner, "--yes");
      const batch = await propose(...change, "--resolver", proposed!);
      expect(batch.meta.createdFromSafeAddress).to.equal(owner);
      await executeBatch(batch, owner);
    }
    const next = world.accounts[1]!;
    await world.run("ownership", "accept", "--resolver", direct!, "--rpc-account", next, "--yes");
    const accept = await propose("ownership", "accept", "--resolver", proposed!);
    expect(accept.meta.createdFromSafeAddress).to.equal(next);
    await executeBatch(accept, next);
    const state = await shown(proposed!);
    expect(state).to.deep.include({ owner: [next], signers: [signers[1]] });
    const { operationUrl, ...rest } = (await shown(direct!)) as Record<string, string[]>;
    expect({ ...state, operationUrl: [] }).to.deep.equal({ ...rest, operationUrl: [] });
    expect(operationUrl).to.deep.equal([`https://w.example/${direct!.toLowerCase()}`]);
  });

  it("writes what Safe's transaction builder reads: strings only, the method beside the data, a checksum", async () => {
    const resolver = await (await world.deploy()).getAddress();
    const urls = ["https://a.example", "https://b.example/{data}"];
    const batch = await propose("urls", "set", ...urls, "--resolver", resolver);
    expect(batch).to.have.all.keys("version", "chainId", "createdAt", "meta", "transactions");
    expect(batch).to.deep.include({ version: "1.0", chainId: "31337" });
    const [transaction] = batch.transactions;
    expect(transaction).to.deep.include({
      to: resolver,
      value: "0",
      contractMethod: {
        inputs: [{ internalType: "string[]", name: "newUrls", type: "string[]" }],
        name: "setUrls",
        payable: false,
      },
      contractInputsValues: { newUrls: JSON.stringify(urls) },
    });
    // a reader who encodes method and values gets the data
    const method = new Interface(["function setUrls(string[] newUrls)"]);
    const values = transaction!.contractInputsValues!;
    expect(method.encodeFunctionData("setUrls", [JSON.parse(values["newUrls"]!)])).to.equal(
      transaction!.data,
    );
    const { checksum, ...meta } = batch.meta;
    expect(batchChecksum({ ...batch, meta })).to.equal(checksum);
    expect(batchChecksum({ ...batch, chainId: "1", meta } as never)).not.to.equal(checksum);
  });

  it("prints the batch alone to standard output, and needs no key", async () => {
    const resolver = await (await world.deploy()).getAddress();
    const { out, err } = await world.run(
      "validity",
      "set",
      "60",
      "--resolver",
      resolver,
      "--propose",
      "-",
    );
    expect((JSON.parse(out) as SafeBatch).transactions).to.have.length(1);
    expect(err).to.match(/longest validity +300 s -> 60 s/);
  });

  it("attaches a name, for its owner or for the operator that --safe names", async () => {
    const resolver = await (await world.deploy()).getAddress();
    const [, multisig, stranger] = world.accounts as [string, string, string];
    const name = newName();
    await world.register(name, multisig);
    const args = ["attach", name, "--resolver", resolver, "--registry", world.ens.registry];
    await expectRejection(
      propose(...args, "--safe", stranger),
      "TRANSACTION_REFUSED",
      new RegExp(`${stranger} has no right to ${name}`),
    );
    await executeBatch(await propose(...args), multisig);
    const registry = registryOf(world.ens, world.chain);
    expect(await registry.getFunction("resolver").staticCall(namehash(name))).to.equal(resolver);
  });

  it("deploys through CREATE2 for a multisig", async () => {
    await world.setCreate2Deployer(true);
    const [, multisig, anybody] = world.accounts as [string, string, string];
    const withoutSalt = ["deploy", "--signer", newAddress(), "--gateway", GATEWAY];
    const args = [...withoutSalt, "--salt", newName()];
    await expectRejection(propose(...args), "INVALID_REQUEST", /say who will own the resolver/);
    const batch = await propose(...args, "--owner", multisig);
    expect(batch.transactions[0]).to.deep.include({ contractMethod: null });
    await executeBatch(batch, anybody);
    const { out } = await world.run(...args, "--owner", multisig, "--propose", file, "--json");
    const { outcome, state } = JSON.parse(out) as { outcome: string; state: { owner: string[] } };
    expect(outcome).to.equal("unchanged");
    expect(state.owner).to.deep.equal([multisig]);
    await expectRejection(
      propose(...withoutSalt, "--owner", multisig, "--create"),
      "TRANSACTION_REFUSED",
      /cannot create a contract directly; deploy with CREATE2/,
    );
  });

  it("proposes nothing that would revert or is so already", async () => {
    const resolver = await (await world.deploy()).getAddress();
    const on = ["--resolver", resolver];
    await expectRejection(
      propose("validity", "set", "1", ...on),
      "TRANSACTION_REFUSED",
      /must lie between/,
    );
    const { out } = await world.run("validity", "set", "300", ...on, "--propose", file);
    expect(out).to.match(/^Nothing to do/);
    await expectRejection(
      world.run("validity", "set", "60", ...on, "--propose", join(folder, "absent", "x")),
      "INVALID_REQUEST",
      /cannot be written/,
    );
  });
});
