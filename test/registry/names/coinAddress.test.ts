import { getCoderByCoinType } from "@ensdomains/address-encoder";
import { expect } from "chai";
import { fromHex } from "../../../src/abi/hex.js";
import { assertCoinAddress } from "../../../src/registry/names/coinAddress.js";
import { assertUsable } from "../../../src/registry/names/usableRecords.js";
import { expectRejection } from "../../expectError.js";

/** Addresses as people write them, by coin type. */
const ADDRESSES: Readonly<Record<number, readonly string[]>> = {
  0: [
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3",
    "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
  ],
  42: ["DsmcYVbP1Nmag2H4AS17UTvmWXmGeA7nLDx"],
  118: ["cosmos1depk54cuajgkzea6zpgkq36tnjwdzv4afc3d27"],
  128: [
    "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H",
  ],
  133: ["t1RygJmrLdNGgi98gUgEJDTVaELTAYWoMBy"],
  144: ["rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"],
  148: ["GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7"],
  165: ["nano_15dng9kx49xfumkm4q6qpaxneie6oynebiwpums3ktdd6t3f3dhp69nxgb38"],
  195: ["TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"],
  397: ["alice.near"],
  459: ["kava1r4v2zdhdalfj2ydazallqvrus9fkphmglhn6u6"],
  501: ["CqLvVribCHmE4Lvdb867c37EBkffMELeawBJ2k6yvoF"],
  714: ["bnb1grpf0955h0ykzq3ar5nmum7y6gdfl6lxfn46h2"],
  888: ["AXaXZjZGA3qhQRTCsyG5uFKr9HeShgVhTF"],
  1815: ["addr1vpu5vlrf4xkxv2qpwngf6cjhtw542ayty80v8dyr49rf5eg0yu80w"],
  8444: ["xch1f0ryxk6qn096hefcwrdwpuph2hm24w69jnzezhkfswk0z2jar7aq5zzpfj"],
};

const EVERY = Object.entries(ADDRESSES).flatMap(([coinType, texts]) =>
  texts.map((text) => ({ coinType: Number(coinType), text })),
);
const bytesOf = (coinType: number, text: string): Uint8Array =>
  getCoderByCoinType(coinType as 0).decode(text);
const ETHEREUM = fromHex(`0x${"5a".repeat(10)}${"e1".repeat(10)}`);

async function refuses(coinType: number | bigint, address: Uint8Array, sentence: RegExp) {
  await expectRejection(assertCoinAddress(BigInt(coinType), address), "INVALID_REQUEST", sentence);
}

describe("registry/coinAddress", () => {
  it("takes the bytes of real addresses", async () => {
    for (const { coinType, text } of EVERY) {
      await assertCoinAddress(BigInt(coinType), bytesOf(coinType, text));
    }
  });

  it("takes them also where they lie inside another buffer", async () => {
    const hedera = getCoderByCoinType(3030).decode("0.0.255197");
    await assertCoinAddress(3030n, Uint8Array.of(9, ...hedera, 9).subarray(1, 21));
  });

  it("refuses the text of an address as its bytes, but where a coin's bytes are its text", async () => {
    for (const { coinType, text } of EVERY) {
      const asBytes = new TextEncoder().encode(text);
      if (coinType === 397) await assertCoinAddress(397n, asBytes);
      else await refuses(coinType, asBytes, /is the text of a .* address; decode it/);
    }
  });

  it("refuses addresses that are cut off, longer, or another coin's", async () => {
    for (const { coinType, text } of EVERY.filter((each) => each.coinType !== 397)) {
      const address = bytesOf(coinType, text);
      // a Cosmos account may have 20 to 32 bytes
      const shorter = address.subarray(0, coinType === 133 ? 22 : Math.min(19, address.length - 1));
      await refuses(coinType, shorter, /is no .* address in the bytes that ENS stores/);
      await refuses(
        coinType,
        Uint8Array.of(...address, ...new Uint8Array(100)),
        /is no .* address/,
      );
      await refuses(coinType, new TextEncoder().encode("hello world"), /is no .* address/);
    }
    await refuses(0, ETHEREUM, /coin type 0 is no Bitcoin address/);
    for (const coinType of [2, 3, 144, 195, 501])
      await refuses(coinType, ETHEREUM, /is no .* address/);
  });

  it("refuses the zero address, and no bytes, of every coin", async () => {
    for (const coinType of [0x8000_000an, 0x8000_0000n, 60n, 61n, 0n, 2n ** 200n]) {
      await refuses(coinType, new Uint8Array(20), /is all zeros, which is nobody's/);
      await refuses(coinType, new Uint8Array(0), /has no bytes; leave the coin out/);
    }
    await assertCoinAddress(0x8000_000an, ETHEREUM);
    await refuses(0x8000_000an, ETHEREUM.subarray(1), /has to have 20 bytes/);
  });

  it("takes any bytes for a coin that nobody knows", async () => {
    for (const coinType of [999_999n, 2n ** 32n, 2n ** 255n]) {
      await assertCoinAddress(coinType, ETHEREUM.subarray(0, 3));
    }
  });

  it("is asked, with the content hash, of what is written", async () => {
    await assertUsable({});
    await assertUsable({ contenthash: null, addresses: new Map([[0x8000_000an, ETHEREUM]]) });
    const [addresses, contenthash] = [new Map([[0n, ETHEREUM]]), fromHex("0xe30101")];
    await expectRejection(assertUsable({ addresses }), "INVALID_REQUEST", /no Bitcoin address/);
    await expectRejection(assertUsable({ contenthash }), "INVALID_REQUEST", /no whole CID/);
    expect(EVERY.length).to.be.above(15);
  });
});
