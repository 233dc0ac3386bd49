import { expect } from "chai";
import { digestFrom } from "../../../src/abi/digest.js";
import { sha256 } from "../../../src/abi/sha256.js";
import {
  blobReferenceText,
  isBlobReference,
  parseBlobReference,
} from "../../../src/dm3/blob/blobReference.js";
import {
  LARGEST_BLOB,
  openBlob,
  SEAL_BYTES,
  sealBlob,
  type SealedBlob,
} from "../../../src/dm3/blob/sealedBlob.js";
import { expectError, expectRejection } from "../../expectError.js";
import { ENGINES } from "../crypto/engines.js";

const flipped = (bytes: Uint8Array, at: number) =>
  Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
const content = Uint8Array.from({ length: 5_000 }, (_, index) => index % 251);

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`dm3/blob: sealed by ${name}`, () => {
    let blob: SealedBlob;
    before(async () => {
      blob = await sealBlob(engine, content);
    });
    const opened = (changes: Partial<SealedBlob>) =>
      openBlob(engine, { ...blob, ...changes }, changes.sealed ?? blob.sealed);

    it("opens by every engine, and shows nothing but its length", async () => {
      for (const other of Object.values(ENGINES)) {
        expect(await openBlob(other, blob, blob.sealed)).to.deep.equal(content);
      }
      expect(blob.sealed).to.have.length(content.length + SEAL_BYTES);
      const again = await sealBlob(engine, content);
      expect(again.key).to.not.deep.equal(blob.key);
      expect(again.sealed).to.not.deep.equal(blob.sealed);
    });

    it("is refused by the name of what is flipped", async () => {
      const refuses = async (changes: Partial<SealedBlob>, field: string) => {
        const error = await expectRejection(opened(changes), "WRONG_BLOB", /send it again\.$/);
        expect(error.details).to.deep.equal({ field });
      };
      await refuses({ size: blob.size + 1 }, "size");
      await refuses({ sealed: blob.sealed.slice(0, -1) }, "size");
      await refuses({ sha256: digestFrom(flipped(blob.sha256, 31)) }, "sha256");
      for (const at of [0, 1, blob.sealed.length - 1]) {
        await refuses({ sealed: flipped(blob.sealed, at) }, "sha256");
      }
      const otherFormat = flipped(blob.sealed, 0);
      await refuses({ sealed: otherFormat, sha256: sha256(otherFormat) }, "format");
      await refuses({ key: flipped(blob.key, 0) }, "key");
      // by whoever knows the hash of the altered bytes, and not the key
      const forged = flipped(blob.sealed, 9);
      await refuses({ sealed: forged, sha256: sha256(forged) }, "key");
    });

    it("may be empty, and not larger than the bound", async () => {
      const empty = await sealBlob(engine, new Uint8Array());
      expect(await openBlob(engine, empty, empty.sealed)).to.have.length(0);
      const large = sealBlob(engine, new Uint8Array(LARGEST_BLOB + 1));
      await expectRejection(large, "TOO_LARGE", /in parts/);
    });
  });
}

describe("dm3/blob: references", () => {
  const reference = {
    url: `https://relay.example.com/ds/blobs/${"3f".repeat(32)}`,
    key: new Uint8Array(32).fill(0x9a),
    sha256: digestFrom(new Uint8Array(32).fill(0x3f)),
    size: 48_213,
    mediaType: "image/svg+xml;charset=utf-8",
  };
  const text = blobReferenceText(reference);

  it("are links that keep the key behind #, and are read as they were written", () => {
    expect(parseBlobReference(text)).to.deep.equal(reference);
    expect(isBlobReference(text)).to.equal(true);
    expect(new URL(text).origin + new URL(text).pathname).to.equal(reference.url);
    for (const other of ["data:text/plain,hi", "https://example.com/#top", ""]) {
      expect(isBlobReference(other), other).to.equal(false);
    }
  });

  it("have one text: every other one is refused, by its field where it is one", () => {
    const changed: readonly (readonly [string, string, string | undefined])[] = [
      ["#blob=1", "#blob=2", "format"],
      ["#blob=1", "#blob=01", "format"],
      ["https://relay", "http://relay", "url"],
      ["https://relay", "https://user:password@relay", "url"],
      ["https://relay", "/relay", "url"],
      ["size=48213", `size=${LARGEST_BLOB + 1}`, "size"],
      ["size=48213", "size=048213", undefined],
      ["size=48213", "size=-1", undefined],
      ["type=image", "type=%zz", "type"],
      ["type=image%2F", "type=image", "type"],
      ["type=image", "type=%69mage", undefined],
      ["key=9a", "key=9A", undefined],
      ["key=9a", "key=", undefined],
      ["sha256=3f", "sha256=3", undefined],
      ["&size=48213", "", undefined],
      ["utf-8", "utf-8&more=1", undefined],
      ["utf-8", "utf-8\n", undefined],
      ["relay.", `${"r".repeat(2_048)}.`, "url"],
      ["relay.", `${"r".repeat(100_000)}.`, undefined],
    ];
    for (const [from, to, field] of changed) {
      expect(text, from).to.include(from);
      const parse = () => parseBlobReference(text.replace(from, to));
      const { details } = expectError(parse, "BLOB_REFERENCE_MALFORMED", /send it again\.$/);
      const expected = field === undefined ? {} : { field };
      expect(details, `${from} ${to.slice(0, 40)}`).to.deep.equal(expected);
    }
  });

  it("are not written where they could not be read", () => {
    for (const changes of [{ mediaType: "no type" }, { size: LARGEST_BLOB + 1 }, { url: "x" }]) {
      const write = () => blobReferenceText({ ...reference, ...changes });
      expectError(write, "BLOB_REFERENCE_MALFORMED", /no reference/);
    }
  });
});
