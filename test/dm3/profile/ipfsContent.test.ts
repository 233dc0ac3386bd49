import * as dagPb from "@ipld/dag-pb";
import { expect } from "chai";
import fc from "fast-check";
import { UnixFS } from "ipfs-unixfs";
import { base32 } from "multiformats/bases/base32";
import { base36 } from "multiformats/bases/base36";
import { base58btc } from "multiformats/bases/base58";
import { CID } from "multiformats/cid";
import { create } from "multiformats/hashes/digest";
import { sha256, sha512 } from "multiformats/hashes/sha2";
import { decodeCid } from "../../../src/dm3/profile/cid.js";
import { verifyIpfsBlock } from "../../../src/dm3/profile/ipfsContent.js";
import { unixFsEntry } from "../../../src/dm3/profile/unixFs.js";
import { expectError } from "../../expectError.js";
import { alice } from "./sampleProfiles.js";

const RAW = 0x55;
const content = new TextEncoder().encode(JSON.stringify(alice));

async function cidOf(block: Uint8Array, codec: number = dagPb.code): Promise<CID> {
  return CID.createV1(codec, await sha256.digest(block));
}

/** A dag-pb block around a UnixFS entry, and its CID as text. */
async function unixFsBlock(
  entry: UnixFS,
  links: dagPb.PBLink[] = [],
): Promise<{ cid: string; block: Uint8Array }> {
  const block = dagPb.encode(dagPb.prepare({ Data: entry.marshal(), Links: links }));
  return { cid: (await cidOf(block)).toString(), block };
}

describe("profile on IPFS", () => {
  it("is read from the block and CID that `ipfs add` makes of a file", () => {
    // The file "hello world" plus a line end: the best known CID of all, with its block.
    const block = Uint8Array.from(Buffer.from("0a120802120c68656c6c6f20776f726c640a180c", "hex"));
    const file = verifyIpfsBlock("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o", block);
    expect(new TextDecoder().decode(file)).to.equal("hello world\n");
  });

  it("is read from a raw block", async () => {
    const cid = await cidOf(content, RAW);
    expect(verifyIpfsBlock(cid.toString(), content)).to.deep.equal(content);
    expect(verifyIpfsBlock(cid.toString(base36), content)).to.deep.equal(content);
  });

  for (const type of ["file", "raw"] as const) {
    it(`is read from a UnixFS entry of the type ${type}, by CID version 0 and 1`, async () => {
      const { cid, block } = await unixFsBlock(new UnixFS({ type, data: content }));
      expect(verifyIpfsBlock(cid, block)).to.deep.equal(content);
      expect(verifyIpfsBlock(CID.parse(cid).toV0().toString(), block)).to.deep.equal(content);
    });
  }

  it("is refused with any one bit of the block flipped", async () => {
    const { cid, block } = await unixFsBlock(new UnixFS({ type: "file", data: content }));
    fc.assert(
      fc.property(fc.nat(block.length * 8 - 1), (bit) => {
        const flipped = block.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const verify = (): unknown => verifyIpfsBlock(cid, flipped);
        expectError(verify, "INVALID_PROFILE", /not the one that the CID names/);
      }),
    );
  });

  it("is refused when it is spread over several blocks", async () => {
    const part = await cidOf(content, RAW);
    const entry = new UnixFS({ type: "file", blockSizes: [BigInt(content.length)] });
    const { cid, block } = await unixFsBlock(entry, [
      { Name: "", Tsize: content.length, Hash: part },
    ]);
    expectError(() => verifyIpfsBlock(cid, block), "INVALID_PROFILE", /fit in one block/);
  });

  it("is refused when it links to other blocks, without their sizes", async () => {
    const part = await cidOf(content, RAW);
    const entry = new UnixFS({ type: "file", data: content });
    const { cid, block } = await unixFsBlock(entry, [{ Name: "", Tsize: 1, Hash: part }]);
    expectError(() => verifyIpfsBlock(cid, block), "INVALID_PROFILE", /fit in one block/);
  });

  it("is refused when sizes of other blocks are claimed, without links to them", async () => {
    const entry = new UnixFS({ type: "file", data: content, blockSizes: [1n] });
    const { cid, block } = await unixFsBlock(entry);
    expectError(() => verifyIpfsBlock(cid, block), "INVALID_PROFILE", /fit in one block/);
  });

  for (const type of ["directory", "symlink", "metadata"] as const) {
    it(`is refused as a ${type}`, async () => {
      const { cid, block } = await unixFsBlock(new UnixFS({ type }));
      expectError(() => verifyIpfsBlock(cid, block), "INVALID_PROFILE", new RegExp(type));
    });
  }

  for (const [what, block] of [
    ["no dag-pb", new TextEncoder().encode("neither")],
    ["dag-pb without UnixFS", dagPb.encode({ Data: Uint8Array.of(0xff, 0xff), Links: [] })],
  ] as const) {
    it(`is refused when the block is ${what}`, async () => {
      const cid = (await cidOf(block)).toString();
      const verify = (): unknown => verifyIpfsBlock(cid, block);
      expectError(verify, "INVALID_PROFILE", /not a UnixFS file/);
    });
  }

  it("is refused with another hash function", async () => {
    const cid = CID.createV1(RAW, await sha512.digest(content)).toString();
    expectError(() => verifyIpfsBlock(cid, content), "INVALID_PROFILE", /SHA2-256/);
  });

  it("is refused with a shortened hash, which would be easier to forge", async () => {
    const { digest } = await sha256.digest(content);
    const cid = CID.createV1(RAW, create(sha256.code, digest.subarray(0, 4))).toString();
    expectError(() => verifyIpfsBlock(cid, content), "INVALID_PROFILE", /SHA2-256/);
  });

  it("is refused with another codec", async () => {
    const cid = (await cidOf(content, 0x71)).toString();
    expectError(() => verifyIpfsBlock(cid, content), "INVALID_PROFILE", /name a file/);
  });

  it("is refused when the block is longer than a profile", async () => {
    const block = new Uint8Array(32_769);
    const cid = (await cidOf(block, RAW)).toString();
    expectError(() => verifyIpfsBlock(cid, block), "INVALID_PROFILE", /longer than 32768/);
  });

  it("is refused without a CID", () => {
    expectError(() => verifyIpfsBlock("", content), "INVALID_PROFILE", /valid CID/);
  });
});

const attempt = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch {
    return null;
  }
};

describe("CIDs", () => {
  const characters = fc.constantFrom(...Array.from("bkzQmf0123aAlOI_u"));
  const bytes = fc.uint8Array({ minLength: 0, maxLength: 40 });
  const codec = fc.constantFrom(RAW, dagPb.code, 0x71, 0x0129, 0);
  const hash = fc.constantFrom(0x12, 0x13, 0x1b, 0xb220, 0);

  /** As multiformats reads it, in our terms. */
  function reference(text: string): unknown {
    const cid = attempt(() => CID.parse(text));
    return cid && { codec: cid.code, hash: cid.multihash.code, digest: cid.multihash.digest };
  }

  it("are read as multiformats reads them, whatever they name", () => {
    fc.assert(
      fc.property(codec, hash, bytes, fc.nat(3), (code, hashCode, digest, form) => {
        const cid = CID.createV1(code, create(hashCode, digest));
        const isOld = code === dagPb.code && hashCode === 0x12 && digest.length === 32;
        const text =
          form === 0 && isOld
            ? cid.toV0().toString()
            : cid.toString([base32, base36, base58btc][form % 3]);
        expect(decodeCid(text), text).to.deep.equal(reference(text));
        expect(decodeCid(text)).not.to.equal(null);
      }),
    );
  });

  it("are refused as multiformats refuses them, when a character is wrong", () => {
    const cid = CID.createV1(RAW, create(0x12, new Uint8Array(32).fill(7)));
    const old = CID.createV0(create(0x12, new Uint8Array(32).fill(9)));
    const texts = [base32, base36, base58btc].map((base) => cid.toString(base));
    const text = fc.constantFrom(...texts, old.toString());
    fc.assert(
      fc.property(text, fc.nat(70), characters, fc.nat(2), (whole, at, character, cut) => {
        const changed = whole.slice(0, at) + character + whole.slice(at + cut);
        expect(decodeCid(changed), changed).to.deep.equal(reference(changed));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("UnixFS entries", () => {
  function reference(block: Uint8Array) {
    const node = attempt(() => dagPb.decode(block));
    const entry = node && attempt(() => UnixFS.unmarshal(node.Data ?? new Uint8Array()));
    if (!node || !entry) return null;
    return {
      type: entry.type,
      content: entry.data ?? new Uint8Array(),
      isSpread: node.Links.length > 0 || entry.blockSizes.length > 0,
    };
  }

  it("are read as by ipfs-unixfs and dag-pb, whatever is in them", () => {
    const folder = "hamt-sharded-directory";
    const types = ["raw", "directory", "file", "metadata", "symlink", folder] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.uint8Array({ maxLength: 300 }),
        fc.option(fc.nat(0o777)),
        // from 2^31 seconds (the year 2038) on, ipfs-unixfs writes times that are no varints
        fc.option(fc.bigInt({ min: 0n, max: 2n ** 31n - 1n })),
        (type, data, mode, secs) => {
          const entry = new UnixFS({
            type,
            data,
            ...(mode !== null && { mode }),
            ...(secs !== null && { mtime: { secs, nsecs: 5 } }),
          });
          const block = dagPb.encode({ Data: entry.marshal(), Links: [] });
          const { content, ...rest } = reference(block)!;
          expect(unixFsEntry(block)).to.deep.include(rest);
          expect(new Uint8Array(unixFsEntry(block)!.content)).to.deep.equal(
            new Uint8Array(content),
          );
        },
      ),
    );
  });

  it("that are damaged are never taken for other files than by ipfs-unixfs and dag-pb", () => {
    const entry = new UnixFS({ type: "file", data: Uint8Array.of(1, 2, 3), mode: 0o644 });
    const block = dagPb.encode({ Data: entry.marshal(), Links: [] });
    fc.assert(
      fc.property(fc.nat(block.length), fc.nat(255), fc.nat(2), (at, byte, cut) => {
        const damaged = Uint8Array.of(...block.subarray(0, at), byte, ...block.subarray(at + cut));
        const expected = reference(damaged);
        const found = unixFsEntry(damaged);
        // each is stricter somewhere: they about fields that mean nothing to us, we about the kinds of values
        if (expected && found) expect([...found.content]).to.deep.equal([...expected.content]);
      }),
      { numRuns: 2_000 },
    );
  });
});
