import { expect } from "chai";
import { rpcUrlsOrSet } from "../../../../src/capabilities/registry/commands/rpcUrls.js";

describe("registry: RPC nodes of a promotion", () => {
  const environment = { CHAIN_RPC_URLS: "1=https://set.example" };

  it("are those of --rpc, and without it those of the settings", () => {
    const given = rpcUrlsOrSet("10=https://given.example", environment);
    expect([...given.keys()]).to.deep.equal([10n]);
    expect([...rpcUrlsOrSet(undefined, environment).keys()]).to.deep.equal([1n]);
    expect(rpcUrlsOrSet(undefined, {}).size).to.equal(0);
  });
});
