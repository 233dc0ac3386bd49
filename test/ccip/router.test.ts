import { expect } from "chai";
import { Interface } from "ethers";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { type CcipCall, createCcipRouter } from "../../src/ccip/router.js";
import { addressFrom } from "../../src/ens/address.js";
import { expectError, expectRejection } from "../expectError.js";

const TO = addressFrom(fromHex(`0x${"aa".repeat(20)}`));
const contract = new Interface([
  "function double(uint256 x) pure returns (uint256)",
  "function who(string greeting) view returns (string, address)",
]);
const call = (name: string, ...args: unknown[]) => ({
  to: TO,
  data: fromHex(contract.encodeFunctionData(name, args)),
});

describe("ccip/router", () => {
  it("routes by selector, decodes arguments, encodes what is returned", async () => {
    const router = createCcipRouter();
    router.add({
      type: "function double(uint256) pure returns (uint256)",
      handle: ([x]: readonly [bigint]) => [x * 2n],
    });
    router.add({
      type: "function who(string greeting) view returns (string, address)",
      handle: async ([greeting]: readonly [string], { to }) =>
        Promise.resolve([`${greeting}!`, to]),
    });
    const doubled = await router.call(call("double", 21));
    expect(contract.decodeFunctionResult("double", toHex(doubled.data))[0]).to.equal(42n);
    const who = contract.decodeFunctionResult(
      "who",
      toHex((await router.call(call("who", "hello"))).data),
    );
    expect(who[0]).to.equal("hello!");
    expect(String(who[1]).toLowerCase()).to.equal(toHex(TO));
  });

  it("hands on what the caller adds to a call", async () => {
    const router = createCcipRouter<CcipCall & { chainId: bigint }>();
    router.add({
      type: "function double(uint256) pure returns (uint256)",
      handle: (_args, { chainId }) => [chainId],
    });
    const answered = await router.call({ ...call("double", 1), chainId: 10n });
    expect(contract.decodeFunctionResult("double", toHex(answered.data))[0]).to.equal(10n);
  });

  it("hands on what an answer rests on, beside its values", async () => {
    const router = createCcipRouter<CcipCall, { version: string }>();
    router.add({
      type: "function double(uint256) pure returns (uint256)",
      handle: ([x]: readonly [bigint]) => ({ values: [x * 2n], basis: { version: "7" } }),
    });
    const { data, basis } = await router.call(call("double", 21));
    expect(contract.decodeFunctionResult("double", toHex(data))[0]).to.equal(42n);
    expect(basis).to.deep.equal({ version: "7" });
  });

  it("names the functions that it answers when it is asked another", async () => {
    const router = createCcipRouter();
    router.add({ type: "function double(uint256) returns (uint256)", handle: () => [0n] });
    await expectRejection(
      router.call(call("who", "me")),
      "INVALID_CALL_DATA",
      /does not answer the function 0x[0-9a-f]{8}; it answers 0xeee97206/,
    );
    await expectRejection(
      router.call({ to: TO, data: new Uint8Array(3) }),
      "INVALID_CALL_DATA",
      /selector/,
    );
  });

  it("refuses malformed arguments before the handler sees them", async () => {
    const router = createCcipRouter();
    router.add({
      type: "function double(uint256) returns (uint256)",
      handle: () => {
        throw new Error("must not be reached");
      },
    });
    const cut = call("double", 1).data.subarray(0, 20);
    await expectRejection(
      router.call({ to: TO, data: cut }),
      "INVALID_CALL_DATA",
      /bytes expected/,
    );
  });

  it("refuses the same function twice", () => {
    const router = createCcipRouter();
    const route = { type: "function double(uint256) returns (uint256)", handle: () => [0n] };
    router.add(route);
    expectError(
      () => {
        router.add(route);
      },
      "INTERNAL",
      /double\(uint256\) was added twice/,
    );
  });
});
