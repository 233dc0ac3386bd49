import { expect } from "chai";
import { connect, type Connection } from "../../../src/chain/connection.js";
import { whyBehind } from "../../../src/cli/signer/whyBehind.js";
import { type LocalChain, startLocalChain } from "../../../src/demo/localChain.js";
import { expectRejection } from "../../expectError.js";
import { type BentNode, bentNode } from "./bentNode.js";

const HOUR_SEC = 3_600;
const hex = (value: number) => `0x${value.toString(16)}`;

describe("cli/signer/whyBehind", () => {
  let chain: LocalChain;
  let node: BentNode;
  let connection: Connection;

  before(async () => {
    chain = await startLocalChain();
    node = await bentNode(chain.rpcUrl);
    connection = await connect(node.url);
  });
  after(async () => {
    connection.close();
    await node.close();
    await chain.stop();
  });

  /** A node whose latest block is so old, on a chain of so many blocks with such a pause between two. */
  function tells(ageSec: number, blocks: number, pauseSec: number): void {
    node.bend = ({ method, params }) => {
      if (method !== "eth_getBlockByNumber") return null;
      const number = params[0] === "latest" ? blocks : Number(params[0]);
      const timestamp = Math.round(Date.now() / 1_000) - ageSec - (blocks - number) * pauseSec;
      return { result: { number: hex(number), timestamp: hex(timestamp) } };
    };
  }

  it("is null for a chain of tests, however long ago its last block is", async () => {
    node.bend = () => null;
    expect(await whyBehind(connection)).to.equal(null);
    tells(9 * HOUR_SEC, 30, 1);
    expect(await whyBehind(connection)).to.equal(null);
  });

  it("is null for a node that keeps up, also where blocks come seldom", async () => {
    tells(20, 1_000_000, 12);
    expect(await whyBehind(connection)).to.equal(null);
    tells(3 * HOUR_SEC, 1_000_000, 600);
    expect(await whyBehind(connection)).to.equal(null);
  });

  it("tells how old the latest block is where blocks come often", async () => {
    for (const pauseSec of [0, 2, 12]) {
      tells(3 * HOUR_SEC, 1_000_000, pauseSec);
      expect(await whyBehind(connection)).to.equal(
        "the latest block of its RPC node is 3 h old by this clock",
      );
    }
  });

  it("tells of a node that catches up, by its own word", async () => {
    node.bend = ({ method }) => (method === "eth_syncing" ? { result: {} } : null);
    expect(await whyBehind(connection)).to.equal("its RPC node is catching up with the chain");
  });

  it("fails where the node tells no block", async () => {
    node.bend = ({ method }) => (method === "eth_getBlockByNumber" ? { result: null } : null);
    await expectRejection(whyBehind(connection), "UNREACHABLE", /no number where one belongs/);
  });
});
