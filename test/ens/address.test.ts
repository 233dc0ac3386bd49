import { expect } from "chai";
import { getAddress } from "ethers";
import fc from "fast-check";
import { toHex } from "../../src/abi/hex.js";
import { addressFrom, checksumAddress, parseAddress } from "../../src/ens/address.js";
import { expectError } from "../expectError.js";

describe("addresses", () => {
  // The examples of EIP-55.
  const examples = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
  ];

  for (const example of examples) {
    it(`reads and writes ${example} of EIP-55`, () => {
      expect(checksumAddress(parseAddress(example))).to.equal(example);
      expect(checksumAddress(parseAddress(example.toLowerCase()))).to.equal(example);
    });
  }

  it("agrees with ethers on every address", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }).map(addressFrom), (address) => {
        const text = checksumAddress(address);
        expect(text).to.equal(getAddress(toHex(address)));
        expect(parseAddress(text)).to.deep.equal(address);
      }),
    );
  });

  it("refuses a checksum with one letter in the other case", () => {
    const wrong = "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    expectError(() => parseAddress(wrong), "INVALID_REQUEST", /checksum/);
  });

  it("refuses upper case where the checksum asks for lower case", () => {
    const wrong = "0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED";
    expectError(() => parseAddress(wrong), "INVALID_REQUEST", /checksum/);
  });

  for (const [rule, text] of [
    ["39 digits", "0x" + "a".repeat(39)],
    ["41 digits", "0x" + "a".repeat(41)],
    ["no 0x", "a".repeat(40)],
    ["0X", "0X" + "a".repeat(40)],
    ["a letter that is no digit", "0x" + "g".repeat(40)],
    ["a line end after it", "0x" + "a".repeat(40) + "\n"],
    ["nothing", ""],
  ] as const) {
    it(`refuses an address with ${rule}`, () => {
      expectError(() => parseAddress(text), "INVALID_REQUEST", /40 hexadecimal digits/);
    });
  }

  it("is of 20 bytes, not of 19 or 21", () => {
    const bytes = new Uint8Array(20);
    expect(addressFrom(bytes)).to.equal(bytes);
    for (const length of [19, 21]) {
      expectError(() => addressFrom(new Uint8Array(length)), "INTERNAL", /has 20 bytes/);
    }
  });
});
