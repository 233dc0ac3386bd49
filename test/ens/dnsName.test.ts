import { expect } from "chai";
import { dnsEncode } from "ethers";
import fc from "fast-check";
import { toHex as viemToHex } from "viem";
import { packetToBytes } from "viem/ens";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { decodeDnsName, encodeDnsName } from "../../src/ens/dnsName.js";
import { expectError } from "../expectError.js";

describe("ens/dnsName", () => {
  it("agrees with ethers and viem, and reads back what it wrote", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z0-9]{1,255}$/), { minLength: 1, maxLength: 3 }),
        (labels) => {
          const name = labels.join(".");
          expect(toHex(encodeDnsName(name))).to.equal(dnsEncode(name, 255));
          expect(toHex(encodeDnsName(name))).to.equal(viemToHex(packetToBytes(name)));
          expect(decodeDnsName(encodeDnsName(name))).to.equal(name);
        },
      ),
    );
  });

  it("knows the root, emoji, and labels of 255 bytes", () => {
    expect(decodeDnsName(new Uint8Array([0]))).to.equal("");
    expect(encodeDnsName("")).to.deep.equal(new Uint8Array([0]));
    const longest = `${"a".repeat(255)}.👩‍🚀.eth`;
    expect(decodeDnsName(encodeDnsName(longest))).to.equal(longest);
  });

  it("refuses names that have no DNS form", () => {
    expectError(() => encodeDnsName("a..eth"), "INVALID_NAME", /empty label/);
    expectError(() => encodeDnsName(`${"a".repeat(256)}.eth`), "INVALID_NAME", /256 bytes/);
    const tooLong = Array.from({ length: 5 }, () => "a".repeat(255)).join(".");
    expectError(() => encodeDnsName(tooLong), "INVALID_NAME", /1281 bytes in DNS.* at most 1024/);
    expect(encodeDnsName(`${"a".repeat(60)}.${tooLong.slice(0, 961)}`)).to.have.length(1024);
  });

  it("refuses bytes that are no DNS form", () => {
    const refused: [hex: string, sentence: RegExp][] = [
      ["0x", /without the terminating zero/],
      ["0x0161", /without the terminating zero/],
      ["0x0561", /ends inside a label/],
      ["0x01610000", /bytes follow the end/],
      ["0x036100", /ends inside a label/],
      ["0x03612e6200", /contains a dot/],
      ["0x01ff00", /not valid UTF-8/],
      ["0xc00c", /ends inside a label/],
      [`0x${"0161".repeat(512)}00`, /more than 511 labels/],
    ];
    for (const [hex, sentence] of refused) {
      expectError(() => decodeDnsName(fromHex(hex)), "INVALID_NAME", sentence);
    }
  });

  it("never fails on random bytes with anything but INVALID_NAME, and what it accepts reads back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(encodeDnsName(decodeDnsName(bytes))).to.deep.equal(bytes);
        } catch (error) {
          expect(error).to.have.property("code", "INVALID_NAME");
        }
      }),
      { numRuns: 1000 },
    );
  });
});
