import { expect } from "chai";
import { type Contract, deployResolver, read, send, URLS } from "./deployment.js";

const MAX_TRANSACTION_GAS = 16_777_216; // EIP-7825

describe("OffchainResolver's URLs", () => {
  let resolver: Contract;
  before(async () => {
    resolver = await deployResolver();
  });

  it("are replaced as a whole, in the order given", async () => {
    const longer = ["https://b.example/", "https://a.example/", "https://c.example/"];
    await expect(send(resolver, "setUrls", longer))
      .to.emit(resolver, "UrlsChanged")
      .withArgs(longer);
    expect(await read(resolver, "urls")).to.deep.equal(longer);
    await send(resolver, "setUrls", ["https://d.example/"]);
    expect(await read(resolver, "urls")).to.deep.equal(["https://d.example/"]);
    await send(resolver, "setUrls", URLS);
    expect(await read(resolver, "urls")).to.deep.equal(URLS);
  });

  it("are named by every lookup from then on", async () => {
    const urls = ["https://lookup.example/{sender}/{data}"];
    const own = await deployResolver();
    await send(own, "setUrls", urls);
    await expect(read(own, "resolve", "0x00", "0x00000000"))
      .to.be.revertedWithCustomError(own, "OffchainLookup")
      .withArgs(
        await own.getAddress(),
        urls,
        (request: unknown) => typeof request === "string",
        own.interface.getFunction("resolveWithProof")!.selector,
        (extraData: unknown) => typeof extraData === "string",
      );
  });

  it("may be 8 of 1024 bytes, which one transaction can pay for", async () => {
    const longest = Array.from({ length: 8 }, (_, index) => urlOfLength(1024, index));
    const first = await (await send(resolver, "setUrls", longest)).wait();
    expect(Number(first!.gasUsed)).to.be.lessThan(MAX_TRANSACTION_GAS);
    expect(await read(resolver, "urls")).to.deep.equal(longest);
    const again = await (await send(resolver, "setUrls", longest.toReversed())).wait();
    expect(Number(again!.gasUsed)).to.be.lessThan(MAX_TRANSACTION_GAS);
    await send(resolver, "setUrls", URLS);
  });

  for (const count of [0, 9]) {
    it(`may not be ${count.toString()}`, async () => {
      const urls = Array.from({ length: count }, (_, index) => urlOfLength(30, index));
      await expect(send(resolver, "setUrls", urls))
        .to.be.revertedWithCustomError(resolver, "InvalidUrlCount")
        .withArgs(BigInt(count));
      expect(await read(resolver, "urls")).to.deep.equal(URLS);
    });
  }

  for (const length of [0, 1025]) {
    it(`may not have ${length.toString()} bytes; the error names the first that has`, async () => {
      await expect(send(resolver, "setUrls", ["https://a.example/", urlOfLength(length, 0)]))
        .to.be.revertedWithCustomError(resolver, "InvalidUrlLength")
        .withArgs(1n, BigInt(length));
      expect(await read(resolver, "urls")).to.deep.equal(URLS);
    });
  }

  const allowed = [
    "https://gateway.example",
    "https://gateway.example/{sender}/{data}.json",
    "https://127.0.0.1/",
    "https://g",
    "http://127.0.0.1",
    "http://127.0.0.1/",
    "http://127.0.0.1:8080",
    "http://127.0.0.1:8080/v1/{sender}/{data}",
    "http://[::1]",
    "http://[::1]:8080/",
    "http://localhost",
    "http://localhost/path",
    "http://localhost:19090",
    "http://localhost:3000/@",
  ];
  for (const url of allowed) {
    it(`may be ${url}`, async () => {
      await expect(send(resolver, "setUrls", [url]))
        .to.emit(resolver, "UrlsChanged")
        .withArgs([url]);
      await send(resolver, "setUrls", URLS);
    });
  }

  const refused = [
    "h",
    "https://",
    "https:/gateway.example/",
    "HTTPS://gateway.example/",
    " https://gateway.example/",
    "http://",
    "http://gateway.example/",
    "http://127.0.0.1.gateway.example/",
    "http://127.0.0.10/",
    "http://127.0.0.2/",
    "http://localhost.gateway.example/",
    "http://localhost@gateway.example/",
    "http://localhost:@gateway.example/",
    "http://localhost:80@gateway.example/",
    "http://localhost:secret@gateway.example/",
    "http://127.0.0.1:80:80/",
    "http://localhost?",
    "http://localhost#/",
    "http://localhost\\@gateway.example/",
    "http://[::1].gateway.example/",
    "http://[::2]/",
    "http://0.0.0.0/",
    "ftp://localhost/",
    "x-batch-gateway:true",
    "data:application/json,{}",
    "javascript:alert(1)",
  ];
  for (const url of refused) {
    it(`may not be ${JSON.stringify(url)}`, async () => {
      await expect(send(resolver, "setUrls", ["https://a.example/", url]))
        .to.be.revertedWithCustomError(resolver, "InsecureUrl")
        .withArgs(1n, url);
      expect(await read(resolver, "urls")).to.deep.equal(URLS);
    });
  }
});

/** An https URL of `length` bytes (none if 0) that differs from those with another `index`. */
function urlOfLength(length: number, index: number): string {
  return `https://g${index.toString()}.example/`.padEnd(length, "x").slice(0, length);
}
