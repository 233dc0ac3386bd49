/** Profiles on IPFS: a block is trusted because it hashes to the CID, whoever served it. */
import { sameBytes } from "../../abi/bytes.js";
import { sha256 } from "../../abi/sha256.js";
import { SignpostError } from "../../errors.js";
import { assertBounded } from "./boundedJson.js";
import { type Cid, DAG_PB, decodeCid, RAW, SHA2_256 } from "./cid.js";
import { unixFsEntry } from "./unixFs.js";

/** A CID has 46 to 59 characters, and twice that with the longest hashes in use. */
const LONGEST_CID = 128;

/**
 * Reads a CID (version 0 or 1) that a profile can have: SHA2-256, codec raw or dag-pb.
 * @throws INVALID_PROFILE
 */
export function parseCid(text: string): Cid {
  // before it is decoded: base58 takes quadratic time, seconds for what fits into a record
  if (text.length > LONGEST_CID) {
    throw malformed(
      "The ipfs link holds something longer than any CID of a file. Copy the CID alone.",
    );
  }
  const cid = decodeCid(text);
  if (cid === null) {
    throw malformed("The ipfs link does not hold a valid CID. Copy the whole CID.");
  }
  if (cid.hash !== SHA2_256 || cid.digest.length !== 32) {
    throw malformed("The CID uses another hash than SHA2-256. Add the file to IPFS with sha2-256.");
  }
  if (cid.codec !== RAW && cid.codec !== DAG_PB) {
    throw malformed("The CID does not name a file. Add the profile to IPFS as a plain file.");
  }
  return cid;
}

/**
 * The file in a block, after the block proved to be the one that the CID names.
 * @param block the raw block, as a gateway answers for `?format=raw`
 * @throws INVALID_PROFILE when the block is another one, or not a file that is complete in this one block
 */
export function verifyIpfsBlock(cid: string, block: Uint8Array): Uint8Array {
  assertBounded(block.length);
  const { codec, digest } = parseCid(cid);
  if (!sameBytes(digest, sha256(block))) {
    throw malformed("The block from IPFS is not the one that the CID names. Ask another gateway.");
  }
  return codec === RAW ? block : fileOf(block);
}

function fileOf(block: Uint8Array): Uint8Array {
  const entry = unixFsEntry(block);
  if (entry === null) {
    throw malformed("The block from IPFS is not a UnixFS file. Add the profile as a file.");
  }
  if (entry.type !== "file" && entry.type !== "raw") {
    throw malformed(
      `The CID names a ${entry.type}, not a file. Link the file of the profile itself.`,
    );
  }
  if (entry.isSpread) {
    throw malformed(
      "The file is spread over several IPFS blocks. A profile has to fit in one block.",
    );
  }
  return entry.content;
}

function malformed(sentence: string): SignpostError {
  return new SignpostError("INVALID_PROFILE", sentence);
}
