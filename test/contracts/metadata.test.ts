/** ENSIP-16: where indexers find the names that an OffchainResolver answers for. */
import { expect } from "chai";
import { type Contract, deployResolver, ethers, read, send } from "./deployment.js";

const ZERO = ethers.ZeroAddress;
const ROOT = "0x00";
const standard = new ethers.Interface([
  "function metadata(bytes name) view returns (string[] rpcURLs, uint256 chainId, address baseRegistry)",
  "event MetadataChanged(bytes name, string[] rpcURLs, uint256 chainId, address baseRegistry)",
]);

describe("OffchainResolver's metadata", () => {
  let resolver: Contract;
  beforeEach(async () => {
    resolver = await deployResolver();
  });

  it("has the standard's selector and event topic", () => {
    const { selector } = resolver.interface.getFunction("metadata")!;
    expect(selector).to.equal("0x8a596ebe");
    expect(selector).to.equal(standard.getFunction("metadata")!.selector);
    const { topicHash } = resolver.interface.getEvent("MetadataChanged")!;
    expect(topicHash).to.equal(standard.getEvent("MetadataChanged")!.topicHash);
  });

  it("is announced by the deployment, for every name, as an off-chain database", async () => {
    await expect(resolver.deploymentTransaction())
      .to.emit(resolver, "MetadataChanged")
      .withArgs(ROOT, [], 0n, ZERO);
  });

  it("is the same for every name", async () => {
    await send(resolver, "setMetadataUrls", ["https://api.example/v1"]);
    for (const name of [ROOT, ethers.dnsEncode("alice.example.eth"), "0x"]) {
      expect(await read(resolver, "metadata", name)).to.deep.equal([
        ["https://api.example/v1"],
        0n,
        ZERO,
      ]);
    }
  });

  it("changes as a whole, with the event, and may become empty again", async () => {
    const own = (await resolver.getAddress()).toLowerCase();
    const stored = [`https://a.example/${own}`, "http://localhost:8080/v1"];
    const given = ["https://a.example/{resolver}", "http://localhost:8080/v1"];
    await expect(send(resolver, "setMetadataUrls", given))
      .to.emit(resolver, "MetadataChanged")
      .withArgs(ROOT, stored, 0n, ZERO);
    expect(await read(resolver, "metadata", ROOT)).to.deep.equal([stored, 0n, ZERO]);
    await expect(send(resolver, "setMetadataUrls", []))
      .to.emit(resolver, "MetadataChanged")
      .withArgs(ROOT, [], 0n, ZERO);
    expect(await read(resolver, "metadata", ROOT)).to.deep.equal([[], 0n, ZERO]);
  });

  it("leaves the URLs of lookups alone", async () => {
    const before = await read(resolver, "urls");
    await send(resolver, "setMetadataUrls", ["https://api.example/v1"]);
    expect(await read(resolver, "urls")).to.deep.equal(before);
  });

  it("has at most 8 URLs", async () => {
    const urls = (count: number) => Array<string>(count).fill("https://api.example/v1");
    await send(resolver, "setMetadataUrls", urls(8));
    await expect(send(resolver, "setMetadataUrls", urls(9)))
      .to.be.revertedWithCustomError(resolver, "InvalidUrlCount")
      .withArgs(9n);
    expect(await read(resolver, "metadata", ROOT)).to.deep.equal([urls(8), 0n, ZERO]);
  });

  it("has URLs that pass the checks of gateway URLs", async () => {
    const good = "https://api.example/v1";
    const wrong: [string, string, unknown[]][] = [
      ["", "InvalidUrlLength", [1n, 0n]],
      ["https://a.example/".padEnd(1025, "x"), "InvalidUrlLength", [1n, 1025n]],
      ["http://a.example/", "InsecureUrl", [1n, "http://a.example/"]],
      [
        "https://{resolver}/{resolver}",
        "RepeatedPlaceholder",
        [1n, "https://{resolver}/{resolver}"],
      ],
    ];
    for (const [url, error, values] of wrong) {
      await expect(send(resolver, "setMetadataUrls", [good, url]))
        .to.be.revertedWithCustomError(resolver, error)
        .withArgs(...values);
    }
    expect(await read(resolver, "metadata", ROOT)).to.deep.equal([[], 0n, ZERO]);
  });
});
