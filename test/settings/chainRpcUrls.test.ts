import { expect } from "chai";
import { parseChainRpcUrls } from "../../src/settings/chainRpcUrls.js";
import { expectError } from "../expectError.js";

describe("health/chainRpcUrls", () => {
  it("reads a node for each chain", () => {
    expect(
      parseChainRpcUrls("1=https://rpc.example/v2/key?a=b, 31337=http://127.0.0.1:8545"),
    ).to.deep.equal(
      new Map([
        [1n, "https://rpc.example/v2/key?a=b"],
        [31337n, "http://127.0.0.1:8545"],
      ]),
    );
    const most = Array.from({ length: 32 }, (_, index) => `${index + 1}=https://rpc.example`);
    expect(parseChainRpcUrls(most.join()).size).to.equal(32);
  });

  const refused: [text: string, sentence: RegExp][] = [
    ["https://rpc.example/hunter2", /must consist of <chain id>=<URL>, unlike entry 1$/],
    ["1=https://rpc.example,", /unlike entry 2$/],
    ["0=https://rpc.example/hunter2", /unlike entry 1$/],
    ["01=https://rpc.example", /unlike entry 1$/],
    ["0x1=https://rpc.example", /unlike entry 1$/],
    ["1=", /unlike entry 1$/],
    ["1=ws://rpc.example/hunter2", /must name http: or https: URLs/],
    ["1=rpc.example/hunter2", /must name http: or https: URLs/],
    ["1=https://user:hunter2@rpc.example", /without user name and password, unlike entry 1$/],
    ["1=https://a.example,1=https://b.example", /names a chain twice, in entry 2/],
    [
      Array.from({ length: 33 }, (_, index) => `${index + 1}=https://rpc.example`).join(),
      /must not name more than 32 chains/,
    ],
  ];
  for (const [text, sentence] of refused) {
    it(`refuses ${text.slice(0, 60)}`, () => {
      expectError(() => parseChainRpcUrls(text), "INVALID_CONFIGURATION", sentence);
      try {
        parseChainRpcUrls(text);
      } catch (error) {
        expect(String(error)).not.to.match(/hunter2|example/);
      }
    });
  }
});
