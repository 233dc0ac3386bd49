/** The requests that the load generators fill in are those that ethers would make for each name. */
import { expect } from "chai";
import { concat, dnsEncode, getBytes, Interface, namehash, toBeHex } from "ethers";
import {
  DOMAIN,
  LABEL_LENGTH,
  labelOf,
  nameOf,
  nodeOf,
  scattered,
} from "../../bench/data/names.js";
import {
  fillIn,
  MULTICALL_QUERY,
  PROFILE_QUERY,
  type Query,
  UNREPEATED_PROFILE_QUERY,
} from "../../bench/data/query.js";
import { CHAIN_ID, RESOLVER } from "../../bench/servers/resolvers.js";
import { boundChainId } from "../../src/ccip/chainBinding.js";

const resolver = new Interface([
  "function resolve(bytes name, bytes data)",
  "function text(bytes32 node, string key)",
  "function multicall(bytes[] calls)",
]);

function requestFor(number: number, query: Query, counter = 0): string {
  const node = Buffer.from(nodeOf(number)).toString("hex");
  return fillIn(query.template, { label: labelOf(number), node, counter, resolver: RESOLVER });
}

describe("bench queries", () => {
  it("ask for the profile of each name", () => {
    for (const number of [0, 1, 9_999_999]) {
      const name = nameOf(number);
      const call = resolver.encodeFunctionData("text", [namehash(name), "network.dm3.profile"]);
      const expected = resolver.encodeFunctionData("resolve", [dnsEncode(name), call]);
      // as our resolver asks: bound to its chain
      expect(requestFor(number, PROFILE_QUERY)).to.equal(concat([expected, toBeHex(CHAIN_ID, 32)]));
    }
  });

  it("ask for eight records of the same name in one multicall", () => {
    const name = nameOf(42);
    const [dnsName, call] = resolver
      .decodeFunctionData("resolve", requestFor(42, MULTICALL_QUERY))
      .toArray() as [string, string];
    expect(dnsName).to.equal(dnsEncode(name));
    const calls = resolver.decodeFunctionData("multicall", call)[0] as string[];
    expect(calls.length).to.equal(8);
    for (const each of calls) expect(`0x${each.slice(10, 74)}`).to.equal(namehash(name));
    expect(new Set(calls).size).to.equal(8);
  });

  it("can be made different without asking for anything else, and are bound to the chain all the same", () => {
    const query = UNREPEATED_PROFILE_QUERY;
    const [first, second] = [requestFor(1, query, 1), requestFor(1, query, 2)];
    expect(first).not.to.equal(second);
    const decoded = (request: string) => {
      const [name, call] = resolver.decodeFunctionData("resolve", request).toArray() as string[];
      return [name, ...(resolver.decodeFunctionData("text", call!).toArray() as string[])];
    };
    for (const request of [first, second]) {
      expect(decoded(request)).to.deep.equal(decoded(requestFor(1, PROFILE_QUERY)));
      expect(boundChainId(getBytes(request))).to.equal(CHAIN_ID);
    }
  });

  it("have names of one length, in an order that visits each once and leaves neighbours apart", () => {
    expect(labelOf(0).length).to.equal(LABEL_LENGTH);
    expect(nameOf(9_999_999)).to.equal(`u9999999.${DOMAIN}`);
    for (const size of [1_000, 30_000]) {
      const order = Array.from({ length: size }, (_, position) => scattered(position, size));
      expect(new Set(order).size).to.equal(size);
      expect(Math.max(...order)).to.equal(size - 1);
      const gaps = order.slice(1).map((number, index) => Math.abs(number - (order[index] ?? 0)));
      expect(Math.min(...gaps)).to.be.greaterThan(10);
    }
  });
});
