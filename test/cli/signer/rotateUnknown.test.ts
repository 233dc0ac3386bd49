/** `signpost signer rotate` where a resolver's state cannot be found out: that is neither done nor somebody else's contract. */
import { expect } from "chai";
import { RESOLVER_ABI } from "../../../src/chain/resolverState.js";
import { newAddress } from "../resolver/adminWorld.js";
import { type Bent, type BentNode, bentNode, isCall, type Question } from "./bentNode.js";
import { type RotationWorld, startRotationWorld } from "./rotationWorld.js";

const selectorOf = (name: string) => RESOLVER_ABI.getFunction(name)?.selector ?? "";
/** A list with one text, whose byte is no UTF-8. */
const NO_TEXT = `0x${[0x20, 1, 0x20, 1].map((word) => word.toString(16).padStart(64, "0")).join("")}ff${"0".repeat(62)}`;
/** The blocks of a chain that makes one each twelve seconds, as a node tells them that stopped so many seconds ago. */
function blockBehind({ method, params }: Question, behindSec: number): Bent | null {
  if (method !== "eth_getBlockByNumber") return null;
  const latest = 1_000_000;
  const number = params[0] === "latest" ? latest : Number(params[0]);
  const timestamp = Math.round(Date.now() / 1_000) - behindSec - (latest - number) * 12;
  return { result: { number: hex(number), timestamp: hex(timestamp) } };
}
const hex = (value: number) => `0x${value.toString(16)}`;
const REVERTED = { error: { code: 3, message: "execution reverted", data: "0x" } };

describe("signpost signer rotate, where a resolver cannot be read", function () {
  this.timeout(360_000);
  const [old, next] = [newAddress(), newAddress()];
  let world: RotationWorld;
  let node: BentNode;
  let own: string;
  let unread: string;
  let asAdmin: readonly string[];

  before(async () => {
    world = await startRotationWorld();
    node = await bentNode(world.chain.rpcUrl);
    const [admin = ""] = world.accounts;
    asAdmin = ["--rpc-account", admin, "--yes", "--although-unreachable"];
    own = await world.serve("a.eth", { owner: admin, signers: [old, next] });
    unread = await world.serve("bb.eth", { owner: admin, signers: [old, next] });
    await world.note(next, 1);
  });
  after(async () => {
    await node.close();
    await world.stop();
  });

  const rotate = (args: readonly string[]) =>
    world.rotate([...args, ...asAdmin], `31337=${node.url}`);
  const isCode = ({ method, params }: Question) =>
    method === "eth_getCode" && String(params[0]).toLowerCase() === unread.toLowerCase();

  for (const [what, bend, why] of [
    [
      "its node does not know its code yet",
      (question) => (isCode(question) ? { result: "0x" } : null),
      "there is no contract on this chain",
    ],
    [
      "one of its URLs is no text",
      (question) => (isCall(question, unread, selectorOf("urls")) ? { result: NO_TEXT } : null),
      "it holds a URL that is not UTF-8 text",
    ],
    [
      "it is of another version, without one of the functions",
      (question) => (isCall(question, unread, selectorOf("operationUrl")) ? REVERTED : null),
      "it does not answer all that a resolver of this version does",
    ],
    [
      "its node is catching up with the chain",
      ({ method }) => (method === "eth_syncing" ? { result: { currentBlock: "0x1" } } : null),
      "its RPC node is catching up with the chain",
    ],
    [
      "its node stands still at an old block",
      (question) => blockBehind(question, 3 * 3_600),
      "the latest block of its RPC node is 3 h old",
    ],
  ] as [string, (question: Question) => Bent | null, string][]) {
    it(`removes nothing, and calls nothing done, where ${what}: 4`, async () => {
      node.bend = bend;
      const finished = await rotate(["--finish", old]);
      expect(finished.exitStatus, finished.output).to.equal(4);
      expect(finished.stdout).to.include(`could not find out: ${why}`);
      expect(finished.stdout).to.include("Nothing was removed").and.not.include("good for nothing");
      expect(await world.signersOf(own)).to.deep.equal([old, next]);
      const led = await rotate([next]);
      expect(led.exitStatus, led.output).to.equal(4);
      expect(led.stdout).to.include("Switch no gateway yet");
    });
  }

  it("goes on beside a contract of somebody else, whose owner has to look", async () => {
    node.bend = (question) =>
      ["signers", "urls"].some((name) => isCall(question, unread, selectorOf(name)))
        ? REVERTED
        : null;
    const led = await rotate([next]);
    expect(led.exitStatus, led.output).to.equal(0);
    expect(led.stdout).to.include(`Every resolver of Signpost takes ${next}.`);
    expect(led.stdout.match(/its owner has to look/g)).to.have.length(1);
    expect(led.stdout).to.include(`signer remember ${next} --chain 31337 --resolver ${unread}\n`);
    const finished = await rotate(["--finish", old]);
    expect(finished.exitStatus, finished.output).to.equal(4);
    expect(await world.signersOf(own)).to.deep.equal([next]);
    expect(finished.stdout)
      .to.match(new RegExp(`its owner has to look whether it takes ${old}[^]*: ${unread}\n`))
      .and.not.include("good for nothing");
  });
});
