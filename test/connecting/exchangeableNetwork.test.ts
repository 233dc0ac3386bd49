/** What stands before the network of the active process hands everything on. */
import { expect } from "chai";
import { exchangeableNetwork } from "../../src/connecting/exchangeableNetwork.js";
import type { NormalName } from "../../src/ens/normalize.js";
import type { Network, NetworkEvents, WaitingSenders } from "../../src/messaging/network.js";
import { expectRejection } from "../expectError.js";

describe("connecting: an exchangeable network", () => {
  it("hands on which senders wait already, and takes nothing before it is the active one", async () => {
    const alice = "alice.eth" as NormalName;
    const network: Network = {
      ...{ kind: "mail", start: () => undefined, isConnected: () => true },
      inject: (_page, waiting) => Promise.resolve([...(waiting?.values() ?? [])]),
      tell: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    };
    const exchangeable = exchangeableNetwork(() => network);
    const waiting: WaitingSenders = new Map([[alice, { from: alice, retryAfterSec: 30 }]]);
    await expectRejection(exchangeable.inject([], waiting), "UNREACHABLE", /not the active/);
    exchangeable.start({} as NetworkEvents);
    expect(await exchangeable.inject([], waiting)).to.deep.equal([...waiting.values()]);
  });
});
