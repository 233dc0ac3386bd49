/** What apps have to ask a chain with: each library's own objects, by type and when it runs. */
import { expect } from "chai";
import { BrowserProvider, JsonRpcProvider } from "ethers";
import { ethers as ethers5 } from "ethers5";
import { createPublicClient, createWalletClient, http } from "viem";
import { mainnet } from "viem/chains";
import type { ResolveOptions } from "../../src/lookup/resolveOptions.js";
import { providerOf } from "../../src/lookup/rpcSource.js";
import { answerRpc, type LoopbackServer, serve } from "./loopbackServer.js";

const injected = { request: () => Promise.resolve("0x1") };

/** With the types that apps see: each has to be taken as it comes. */
const sources: Readonly<Record<string, (url: string) => ResolveOptions["rpc"]>> = {
  "EIP-1193": () => injected,
  "viem's public client": (url) => createPublicClient({ chain: mainnet, transport: http(url) }),
  "viem's public client without a chain": (url) => createPublicClient({ transport: http(url) }),
  "viem's wallet client": (url) => createWalletClient({ transport: http(url) }),
  "ethers 6 over HTTP": (url) => new JsonRpcProvider(url, 1, { staticNetwork: true }),
  "ethers 6 over a wallet": () => new BrowserProvider(injected, 1),
  "ethers 5 over HTTP": (url) => new ethers5.providers.StaticJsonRpcProvider(url, 1),
};

describe("lookup/rpcSource", () => {
  let server: LoopbackServer;
  before(async () => {
    server = await serve(
      answerRpc((method) => ({ result: method === "eth_chainId" ? "0x1" : null })),
    );
  });
  after(() => server.close());

  for (const [name, source] of Object.entries(sources)) {
    it(`asks by ${name}`, async () => {
      const given = source(server.url);
      const chainId = await providerOf(given)?.request({ method: "eth_chainId", params: [] });
      expect(chainId).to.equal("0x1");
      if (given instanceof JsonRpcProvider || given instanceof BrowserProvider) given.destroy();
    });
  }

  it("takes nothing else", () => {
    for (const given of [null, undefined, 7, {}, { send: () => null }, { request: 1 }]) {
      expect(providerOf(given)).to.equal(null);
    }
  });
});
