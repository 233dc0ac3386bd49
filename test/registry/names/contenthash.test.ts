import { encodeContentHash } from "@ensdomains/ensjs/utils";
import { expect } from "chai";
import { fromHex } from "../../../src/abi/hex.js";
import { assertContenthash } from "../../../src/registry/names/contenthash.js";
import { expectError } from "../../expectError.js";

/** One of each protocol, encoded by ENS' own library. */
const LINKS = [
  "ipfs://QmRAQB6YaCyidP37UdDnjFY5vQuiBrcqdyoW1CuDgwxkD4",
  "ipns://k51qzi5uqu5dihst24f3rp2ej4co9berxohfkxaenbq1wjty7nrd5e9xp4afx1",
  "bzz://d1de9994b4d039f6548d191eb26786769f580809256b4685ef316805265ea162",
  "onion://zqktlwi4fecvo6ri",
  "onion3://p53lf57qovyuvwsc6xnrppyply3vtqm7l6pcobkmyqsiofyeznfu5uqd",
  "sia://CABAB_1Dt0FJsxqsu_J4TodNCbCGvtFf1Uys_3EgzOlTcg",
  "ar://ys32Pt8uC7TrVxHdOLByOspfPEq2LO63wREHQIM9SJQ",
];

function refuses(contenthash: Uint8Array, sentence: RegExp): void {
  expectError(
    () => {
      assertContenthash(contenthash);
    },
    "INVALID_REQUEST",
    sentence,
  );
}

const encode = (link: string) => fromHex(encodeContentHash(link));
/** How many bytes an unsigned varint takes: all but its last have the highest bit set. */
const codeLength = (bytes: Uint8Array) => bytes.findIndex((byte) => byte < 0x80) + 1;

describe("registry/contenthash", () => {
  it("takes every protocol that ensjs encodes, and the examples of ENSIP-7", () => {
    const examples = [
      "0xe3010170122029f2d17be6139079dc48696d1f582a8530eb9805b561eda517e22a892c7e3f1f",
      "0xe40101fa011b20d1de9994b4d039f6548d191eb26786769f580809256b4685ef316805265ea162",
    ];
    for (const contenthash of [...LINKS.map(encode), ...examples.map(fromHex)]) {
      assertContenthash(contenthash);
    }
  });

  for (const link of LINKS) {
    const scheme = link.slice(0, link.indexOf(":"));
    it(`refuses ${scheme} with another code, and without a value`, () => {
      const contenthash = encode(link);
      const length = codeLength(contenthash);
      for (let at = 0; at < length; at++) {
        const other = contenthash.map((byte, index) => (index === at ? byte ^ 0x40 : byte));
        expectError(
          () => {
            assertContenthash(other);
          },
          "INVALID_REQUEST",
          /^The content hash begins with 0x[0-9a-f]{8}, which is no protocol code.* ipfs as 0xe301\.\.\./,
        );
      }
      expectError(
        () => {
          assertContenthash(contenthash.subarray(0, length));
        },
        "INVALID_REQUEST",
        /names the protocol \w+, but nothing follows/,
      );
    });

    it(`refuses ${scheme} that is cut off anywhere, or longer than it says`, () => {
      const contenthash = encode(link);
      for (let length = codeLength(contenthash) + 1; length < contenthash.length; length++) {
        refuses(contenthash.subarray(0, length), /encode it anew/);
      }
      refuses(Uint8Array.of(...contenthash, 0), /encode it anew/);
    });
  }

  it("refuses a CID whose digest is cut off, also where the CID says so", () => {
    refuses(
      fromHex("0xe30101701220c3c4733ec8affd06cf9e"),
      /no whole CID: it may have been cut off/,
    );
    refuses(
      fromHex("0xe30101701208c3c4733ec8affd06"),
      /digest of its CID has 8 bytes instead of 32/,
    );
    refuses(fromHex(`0xe3011220${"11".repeat(32)}`), /CID has version 0/);
  });

  it("refuses CIDs of another kind than the protocol's", () => {
    const sha256 = `1220${"11".repeat(32)}`;
    refuses(fromHex(`0xe5010155${sha256}`), /not that of a key/);
    // the name app.uniswap.org, inlined as a key would be
    refuses(fromHex("0xe5010170000f6170702e756e69737761702e6f7267"), /not that of a key/);
    refuses(fromHex(`0xe40101fa01${sha256}`), /none of Swarm's/);
    refuses(fromHex(`0xbc03${"4f".repeat(16)}`), /16 characters of base32 in lower case/);
  });

  it("takes CIDs of any codec and hash, which gateways of IPFS know", () => {
    assertContenthash(fromHex(`0xe30101551220${"11".repeat(32)}`));
    assertContenthash(fromHex("0xe30101550004cafecafe"));
    assertContenthash(fromHex(`0x90b2da05${"11".repeat(32)}`));
  });

  it("refuses what is no content hash at all", () => {
    for (const hex of ["0x", "0xe3", "0x1220", "0x0170", `0x${"00".repeat(32)}`]) {
      expectError(
        () => {
          assertContenthash(fromHex(hex));
        },
        "INVALID_REQUEST",
        /no protocol code that clients know; encode it by ENSIP-7/,
      );
    }
    expect(LINKS).to.have.length(7);
  });
});
