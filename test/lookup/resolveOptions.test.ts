import { expect } from "chai";
import { assertOptions } from "../../src/lookup/resolveOptions.js";
import * as browserEntry from "../../src/sdk/index.js";
import * as nodeEntry from "../../src/sdk/node.js";
import { expectError, expectRejection } from "../expectError.js";
import { deadUrl } from "./loopbackServer.js";

const NAME = "alice.example.eth";
const provider = { request: () => Promise.reject(new Error("nobody")) };

/** What callers in JavaScript write, and the sentence that tells them. */
const WRONG: Readonly<Record<string, readonly [options: unknown, sentence: RegExp]>> = {
  "no options": [undefined, /options are missing/],
  "null for options": [null, /options are missing/],
  "a URL for options": ["http://127.0.0.1:8545", /options are missing/],
  "empty options": [{}, /option rpc is missing.*EIP-1193.*URL of an RPC node/],
  "no wallet in the browser": [{ rpc: undefined }, /option rpc is missing.*window\.ethereum/],
  "null for rpc": [{ rpc: null }, /option rpc is missing/],
  "a number for rpc": [{ rpc: 8545 }, /option rpc is missing/],
  "an object that is no provider": [{ rpc: { send: () => null } }, /option rpc is missing/],
  "an option that does not exist": [
    { rpc: provider, retries: 3 },
    /no option retries.*options are/,
  ],
  "an option misspelt": [{ rpc: provider, allowLoopBack: true }, /no option allowLoopBack/],
  "rpc misspelt": [{ rpcUrl: "https://rpc.example" }, /no option rpcUrl.*rpc,/],
};

describe("resolveOptions", () => {
  it("takes a provider or a URL, and every option that there is", () => {
    assertOptions({ rpc: provider });
    assertOptions({ rpc: "https://rpc.example" });
    assertOptions({
      rpc: provider,
      ensRegistry: "0x",
      ipfsGateways: [],
      fetcher: null,
      timeoutMs: 1,
      allowLoopback: false,
    });
  });

  it("takes a provider whose method is inherited, or that is a function itself", () => {
    class Wallet {
      request(): Promise<unknown> {
        return Promise.resolve(null);
      }
    }
    assertOptions({ rpc: new Wallet() });
    assertOptions({
      rpc: Object.assign(() => undefined, { request: () => Promise.resolve(null) }),
    });
  });

  for (const [title, [options, sentence]] of Object.entries(WRONG)) {
    it(`refuses ${title}`, () => {
      expectError(
        () => {
          assertOptions(options);
        },
        "INVALID_REQUEST",
        sentence,
      );
    });
  }

  for (const [entry, sdk] of Object.entries({ browser: browserEntry, node: nodeEntry })) {
    const functions = [sdk.resolveProfile, sdk.resolveRelayNode] as ((
      name: unknown,
      options: unknown,
    ) => Promise<unknown>)[];

    it(`rejects, and does not throw, in the ${entry} entry`, async () => {
      for (const resolve of functions) {
        for (const [options, sentence] of Object.values(WRONG)) {
          // a synchronous throw would end the test here, before expectRejection
          const outcome = resolve(NAME, options);
          expect(outcome).to.be.instanceOf(Promise);
          await expectRejection(outcome, "INVALID_REQUEST", sentence);
        }
      }
    });

    it(`says that the name is missing in the ${entry} entry`, async () => {
      const options = { rpc: await deadUrl() };
      for (const resolve of functions) {
        for (const name of [undefined, null, 7, {}, ["alice.eth"]]) {
          const outcome = resolve(name, options);
          expect(outcome).to.be.instanceOf(Promise);
          await expectRejection(outcome, "INVALID_NAME", /name is missing\. Give a full ENS name/);
        }
      }
    });
  }
});
