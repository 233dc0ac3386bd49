import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { formerText } from "../../src/chain/formerTexts.js";
import { type Address, parseAddress } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { Deadline } from "../../src/fetch/deadline.js";
import type { Chain } from "../../src/lookup/askNode.js";
import { type Eip1193Provider, RpcFault } from "../../src/lookup/rpc.js";
import { type Contract, deploy, ethers, send } from "../contracts/deployment.js";
import { deployEns, type LocalEns, provider } from "../lookup/localEns.js";

const NAME = "alice.eth";
const KEY = "network.dm3.profile";

describe("former texts", () => {
  let ens: LocalEns;
  let newer: Contract;

  before(async () => {
    ens = await deployEns();
    await ens.setResolver(NAME, ens.publicResolver);
    newer = await deploy("PermissionedResolverStandIn");
    const [owner] = await ethers.getSigners();
    await send(newer, "grant", ethers.ZeroHash, 0xffn, owner!.address);
  });

  const chainOf = (one: Eip1193Provider): Chain => ({
    provider: one,
    deadline: new Deadline(10_000),
  });
  const placeOn = async (resolver: Contract, name = NAME, key = KEY) => {
    const address: Address = parseAddress(await resolver.getAddress());
    return { resolver: address, node: namehash(name), key };
  };
  const write = (resolver: Contract, text: string) =>
    send(resolver, "setText", toHex(namehash(NAME)), KEY, text);

  it("are found by events that tell the value, and by the transactions of those that do not", async () => {
    for (const resolver of [ens.publicResolver, newer]) {
      await write(resolver, "data:first");
      const block = BigInt(await ethers.provider.getBlockNumber());
      await write(resolver, "data:second");
      const chain = chainOf(provider);
      const place = await placeOn(resolver);
      expect(await formerText(chain, place, "data:first")).to.equal(block);
      expect(await formerText(chain, place, "data:second")).to.equal(block + 1n);
      expect(await formerText(chain, place, "data:third")).to.equal(null);
      const others = [await placeOn(resolver, "bob.eth"), await placeOn(resolver, NAME, "avatar")];
      for (const other of others) {
        expect(await formerText(chain, other, "data:first")).to.equal(null);
      }
    }
  });

  it("are unknown where the node does not search all events", async () => {
    const pruned: Eip1193Provider = {
      request: (question) =>
        question.method === "eth_getLogs"
          ? Promise.reject(new RpcFault("block range is too large", -32005, undefined))
          : provider.request(question),
    };
    const place = await placeOn(newer);
    expect(await formerText(chainOf(pruned), place, "data:first")).to.equal("unknown");
    const odd: Eip1193Provider = { request: () => Promise.resolve(null) };
    expect(await formerText(chainOf(odd), place, "data:first")).to.equal("unknown");
  });
});
