/** `{resolver}` in the URLs that an owner gives: see contracts/ResolverPlaceholder.sol. */
import { expect } from "chai";
import { type Contract, deployResolver, ethers, lookupOf, read, send } from "./deployment.js";

const PLACEHOLDER = "{resolver}";
/** What an address is longer than the placeholder: the bound applies to what is stored. */
const GROWTH = 42 - PLACEHOLDER.length;

describe("OffchainResolver's URL placeholder", () => {
  let resolver: Contract;
  let own: string;
  before(async () => {
    resolver = await deployResolver();
    own = (await resolver.getAddress()).toLowerCase();
  });

  it("is replaced by the contract that is being deployed", async () => {
    const deployed = await deployResolver({
      urls: [`https://a.example/1/${PLACEHOLDER}`, "https://b.example/"],
    });
    const address = (await deployed.getAddress()).toLowerCase();
    const stored = [`https://a.example/1/${address}`, "https://b.example/"];
    expect(await read(deployed, "urls")).to.deep.equal(stored);
    await expect(deployed.deploymentTransaction())
      .to.emit(deployed, "UrlsChanged")
      .withArgs(stored);
    const callData = deployed.interface.encodeFunctionData("resolve", ["0x00", "0x00000000"]);
    expect((await lookupOf(deployed, callData)).urls).to.deep.equal(stored);
  });

  const expanded: Record<string, (address: string) => string> = {
    "https://a.example/{resolver}": (address) => `https://a.example/${address}`,
    "https://a.example/{resolver}/{data}": (address) => `https://a.example/${address}/{data}`,
    "https://{resolver}.example/{sender}": (address) => `https://${address}.example/{sender}`,
    "https://a.example/{{resolver}}": (address) => `https://a.example/{${address}}`,
    "https://a.example/{resolve{resolver}": (address) => `https://a.example/{resolve${address}`,
    "https://a.example/{sender}{resolver}": (address) => `https://a.example/{sender}${address}`,
    "https://a.example/{resolver}{resolve": (address) => `https://a.example/${address}{resolve`,
  };
  for (const [given, stored] of Object.entries(expanded)) {
    it(`is replaced in ${given}`, async () => {
      await expect(send(resolver, "setUrls", [given]))
        .to.emit(resolver, "UrlsChanged")
        .withArgs([stored(own)]);
      expect(await read(resolver, "urls")).to.deep.equal([stored(own)]);
    });
  }

  const untouched = [
    "https://a.example/{Resolver}",
    "https://a.example/{resolver",
    "https://a.example/resolver}",
    "https://a.example/{resolver }",
    "https://a.example/{",
    "https://a.example/%7Bresolver%7D",
  ];
  for (const url of untouched) {
    it(`is not what stands in ${url}`, async () => {
      await send(resolver, "setUrls", [url]);
      expect(await read(resolver, "urls")).to.deep.equal([url]);
    });
  }

  for (const url of [
    "https://a.example/{resolver}/{resolver}",
    "https://a.example/{resolver}{resolver}",
    "https://{resolver}{data}{resolver}.example/",
  ]) {
    it(`may not be repeated, as in ${url}`, async () => {
      await expect(send(resolver, "setUrls", ["https://b.example/{resolver}", url]))
        .to.be.revertedWithCustomError(resolver, "RepeatedPlaceholder")
        .withArgs(1n, url);
    });
  }

  it("counts with the length of the address", async () => {
    const url = (length: number) => `https://a.example/${PLACEHOLDER}`.padEnd(length, "x");
    await send(resolver, "setUrls", [url(1024 - GROWTH)]);
    const [stored] = (await read(resolver, "urls")) as string[];
    expect(ethers.toUtf8Bytes(stored!)).to.have.length(1024);
    await expect(send(resolver, "setUrls", [url(1025 - GROWTH)]))
      .to.be.revertedWithCustomError(resolver, "InvalidUrlLength")
      .withArgs(0n, 1025n);
  });

  it("does not make a forbidden URL an allowed one", async () => {
    await expect(send(resolver, "setUrls", ["http://{resolver}/"]))
      .to.be.revertedWithCustomError(resolver, "InsecureUrl")
      .withArgs(0n, `http://${own}/`);
  });
});
