import { expect } from "chai";
import { type Contract, ZeroAddress } from "ethers";
import { expectRejection } from "../../expectError.js";
import { type AdminWorld, GATEWAY, newAddress, startAdminWorld } from "./adminWorld.js";

describe("signpost resolver: changing settings", () => {
  let world: AdminWorld;
  let contract: Contract;
  let resolver: string;
  let signer: string;
  let asOwner: string[];

  before(async () => {
    world = await startAdminWorld();
  });
  beforeEach(async () => {
    signer = newAddress();
    contract = await world.deploy(signer);
    resolver = await contract.getAddress();
    asOwner = ["--resolver", resolver, "--rpc-account", world.accounts[0]!, "--yes"];
  });
  after(() => world.stop());

  const read = async (name: string): Promise<unknown> => {
    const value: unknown = await contract.getFunction(name).staticCall();
    return Array.isArray(value) ? [...(value as unknown[])] : value;
  };
  const nonce = () => world.chain.provider.getTransactionCount(world.accounts[0]!);

  it("adds a gatewaySigner: shows what changes and costs, waits, and reads back", async () => {
    const added = newAddress();
    const { out, err, exitStatus } = await world.run("signers", "add", added, ...asOwner);
    expect(exitStatus).to.equal(0);
    expect(await read("signers")).to.deep.equal([signer, added]);
    expect(out).to.match(new RegExp(`Add a gatewaySigner to ${resolver}`));
    expect(out).to.match(new RegExp(`gatewaySigners +${signer}\\n +\\+ ${added}`));
    expect(out).to.match(/costs +\d{5} gas, about 0\.\d+ ETH \(at most 0\.\d+ ETH\)/);
    expect(out).to.match(new RegExp(`Done in block \\d+ for 0\\.\\d+ ETH: 0x[0-9a-f]{64}`));
    expect(out.split("Done in block")[1]).to.include(added);
    expect(err).to.match(/Sent 0x[0-9a-f]{64}\n {2}1 of 1 confirmations\n/);
  });

  it("removes one, but not the only one", async () => {
    const added = newAddress();
    await world.run("signers", "add", added, ...asOwner);
    const { out } = await world.run("signers", "remove", signer, ...asOwner);
    expect(out)
      .to.match(new RegExp(`- ${signer}`))
      .and.to.match(/switch every gateway/);
    expect(await read("signers")).to.deep.equal([added]);
    const before = await nonce();
    await expectRejection(
      world.run("signers", "remove", added, ...asOwner),
      "TRANSACTION_REFUSED",
      /Nothing was sent: .* is the only gatewaySigner\. Add its successor first/,
    );
    expect(await nonce()).to.equal(before);
  });

  it("lists the gatewaySigners, and finds the resolver by a name as well", async () => {
    const name = "listed.example.eth";
    await world.ens.setResolver(name, resolver);
    const flags = ["--resolver", name, "--registry", world.ens.registry];
    expect((await world.run("signers", "list", ...flags)).out).to.equal(`${signer}\n`);
    const { out } = await world.run("signers", "list", "--json", ...flags);
    expect(JSON.parse(out)).to.deep.equal({ resolver, signers: [signer] });
    await expectRejection(
      world.run("signers", "list", "--resolver", "nobody.eth", "--registry", world.ens.registry),
      "INVALID_REQUEST",
      /nobody\.eth leads to no OffchainResolver: it has no resolver of its own in ENS, and no address/,
    );
  });

  it("replaces the URLs by templates or by gateway origins, and puts the resolver's address in", async () => {
    const { out } = await world.run("urls", "set", "https://a.example/{resolver}", ...asOwner);
    const expected = `https://a.example/${resolver.toLowerCase()}`;
    expect(await read("urls")).to.deep.equal([expected]);
    expect(out).to.match(new RegExp(`gateway URLs +- ${GATEWAY}/ccip/`));
    expect(out).to.include(`+ ${expected}`);

    const second = "https://second.example/";
    await world.run("urls", "set", "--gateway", GATEWAY, "--gateway", second, ...asOwner);
    const path = `ccip/31337/${resolver.toLowerCase()}`;
    expect(await read("urls")).to.deep.equal([
      `${GATEWAY}/${path}`,
      `https://second.example/${path}`,
      `${GATEWAY}/${path}/{data}`,
      `https://second.example/${path}/{data}`,
    ]);
    await expectRejection(
      world.run("urls", "set", ...asOwner),
      "INVALID_REQUEST",
      /either the URL templates, or --gateway/,
    );
  });

  it("refuses before sending what the contract would refuse, and says why", async () => {
    const before = await nonce();
    const refusals: [string[], RegExp][] = [
      [["urls", "set", "http://a.example"], /URL 1 \(http:\/\/a\.example\) must start with https/],
      [["urls", "set", ...Array<string>(9).fill("https://a.example")], /but 9 are given/],
      [["urls", "set", "https://x/{resolver}/{resolver}"], /holds \{resolver\} more than once/],
      [["validity", "set", "59"], /must lie between 60 and 86400 seconds; this is 59/],
      [["operations", "set", "ftp://a.example"], /must start with https/],
      [
        ["signers", "add", "0x0000000000000000000000000000000000000000"],
        /zero address cannot sign/,
      ],
    ];
    for (const [command, sentence] of refusals) {
      await expectRejection(world.run(...command, ...asOwner), "TRANSACTION_REFUSED", sentence);
    }
    expect(await nonce()).to.equal(before);
  });

  it("changes the longest validity, and warns when it gets shorter", async () => {
    const { out } = await world.run("validity", "set", "120", ...asOwner);
    expect(out)
      .to.match(/longest validity +300 s -> 120 s/)
      .and.to.match(/no gateway may sign for 120/);
    expect(await read("maxValiditySec")).to.equal(120n);
    await expectRejection(
      world.run("validity", "set", "1e3", ...asOwner),
      "INVALID_REQUEST",
      /The longest validity, in seconds, is a whole number; got 1e3/,
    );
  });

  it("sets and withdraws metadata URLs and the URL for writers", async () => {
    await world.run("metadata", "set", "https://api.example/v1", ...asOwner);
    await world.run("operations", "set", "https://api.example/w/{resolver}", ...asOwner);
    const show = async () =>
      JSON.parse((await world.run("show", "--json", "--resolver", resolver)).out) as object;
    expect(await show()).to.deep.include({
      metadataUrls: ["https://api.example/v1"],
      operationUrl: [`https://api.example/w/${resolver.toLowerCase()}`],
    });
    await world.run("metadata", "set", "--none", ...asOwner);
    await world.run("operations", "set", "--none", ...asOwner);
    expect(await show()).to.deep.include({ metadataUrls: [], operationUrl: [] });
    await expectRejection(world.run("metadata", "set", ...asOwner), "INVALID_REQUEST", /--none/);
    await expectRejection(world.run("operations", "set", ...asOwner), "INVALID_REQUEST", /--none/);
  });

  it("hands over in two steps, and only the one who was asked can accept", async () => {
    const [owner, next, stranger] = world.accounts as [string, string, string];
    const { out } = await world.run("ownership", "transfer", next, ...asOwner);
    expect(out).to.match(new RegExp(`offered to +none -> ${next}`));
    expect(await read("owner")).to.equal(owner);
    const as = (account: string) => ["--resolver", resolver, "--rpc-account", account, "--yes"];
    await expectRejection(
      world.run("ownership", "accept", ...as(stranger)),
      "TRANSACTION_REFUSED",
      new RegExp(`only ${next} can do this, and the account given is ${stranger}`),
    );
    await world.run("ownership", "accept", ...as(next));
    expect(await read("owner")).to.equal(next);
    await expectRejection(
      world.run("signers", "add", newAddress(), ...asOwner),
      "TRANSACTION_REFUSED",
      new RegExp(`only ${next} can do this`),
    );
    await expectRejection(
      world.run("ownership", "accept", ...as(stranger)),
      "TRANSACTION_REFUSED",
      /nobody has been offered the ownership/,
    );
  });

  it("withdraws an offer by a transfer to the present owner, and refuses the zero address", async () => {
    const [owner, wrong] = world.accounts as [string, string];
    await world.run("ownership", "transfer", wrong, ...asOwner);
    const { out } = await world.run("ownership", "transfer", owner, ...asOwner);
    expect(out).to.match(new RegExp(`offered to +${wrong} -> none`));
    expect(await read("pendingOwner")).to.equal(ZeroAddress);
    expect(await read("owner")).to.equal(owner);
    const again = await world.run("ownership", "transfer", owner, ...asOwner);
    expect(again.out).to.match(/^Nothing to do: .* is the owner already/);
    await expectRejection(
      world.run("ownership", "transfer", ZeroAddress, ...asOwner),
      "TRANSACTION_REFUSED",
      /zero address cannot own .* transfer to the present owner/,
    );
  });

  it("says what is so already, sends nothing, and exits 0", async () => {
    await world.run("ownership", "transfer", world.accounts[1]!, ...asOwner);
    const before = await nonce();
    const urls = (await read("urls")) as string[];
    const unchanged: [string[], RegExp][] = [
      [["signers", "add", signer], /is a gatewaySigner already/],
      [["signers", "remove", newAddress()], /is not a gatewaySigner of this resolver/],
      [["urls", "set", ...urls], /has exactly these URLs already/],
      [["validity", "set", "300"], /is 300 seconds already/],
      [["metadata", "set", "--none"], /exactly these metadata URLs already/],
      [["operations", "set", "--none"], /sent there already/],
      [["ownership", "transfer", world.accounts[1]!], /has been offered the ownership already/],
      [["ownership", "accept"], /is the owner already/],
    ];
    for (const [command, sentence] of unchanged) {
      const { out, exitStatus } = await world.run(...command, ...asOwner);
      expect(out)
        .to.match(/^Nothing to do: /)
        .and.to.match(sentence);
      expect(exitStatus).to.equal(0);
    }
    expect(await nonce()).to.equal(before);
  });

  it("prints the result alone with --json", async () => {
    const added = newAddress();
    const { out, err } = await world.run("signers", "add", added, "--json", ...asOwner);
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(result).to.deep.include({
      outcome: "changed",
      chainId: "31337",
      resolver,
      before: { signers: [signer] },
      after: { signers: [signer, added] },
    });
    expect(result["transaction"]).to.have.all.keys("hash", "blockNumber", "gasUsed", "feeWei");
    expect(err).to.match(/Add a gatewaySigner/);
    const again = await world.run("signers", "add", added, "--json", ...asOwner);
    expect(JSON.parse(again.out)).to.deep.include({ outcome: "unchanged", resolver });
  });
});
