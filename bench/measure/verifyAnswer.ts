/** Whether a server says what it should, and signs it: who answers quickly and wrongly is not measured. */
import { AbiCoder, keccak256, recoverAddress, solidityPackedKeccak256 } from "ethers";
import { digestFrom } from "../../src/abi/digest.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { signedDigestIn } from "../../src/ccip/batchSignature.js";
import { SignpostError } from "../../src/errors.js";

export interface ExpectedAnswer {
  /** The resolver, 0x hex. */
  readonly target: string;
  /** Call data and ABI-encoded result, 0x hex. */
  readonly request: string;
  readonly result: string;
  /** Checksummed address. */
  readonly signer: string;
}

/** As the resolver's callback takes it apart. Throws INTERNAL when anything is not as expected. */
export function assertAnswer(body: string, expected: ExpectedAnswer): void {
  const { data } = JSON.parse(body) as { data?: unknown };
  if (typeof data !== "string") throw wrong("its body has no `data`");
  const [result, expiresSec, signature] = AbiCoder.defaultAbiCoder()
    .decode(["bytes", "uint64", "bytes"], data)
    .toArray() as [string, bigint, string];
  if (result !== expected.result) throw wrong(`its result is ${result}, not ${expected.result}`);
  if (expiresSec * 1000n <= BigInt(Date.now())) throw wrong("it has expired");
  const digest = solidityPackedKeccak256(
    ["bytes2", "address", "uint64", "bytes32", "bytes32"],
    ["0x1900", expected.target, expiresSec, keccak256(expected.request), keccak256(result)],
  );
  const signed = signedDigestIn(fromHex(signature), digestFrom(fromHex(digest)));
  if (signed.fault === "path") throw wrong("its path does not lead to the root that was signed");
  const signer =
    signed.fault === null
      ? recoverAddress(toHex(signed.digest), toHex(signed.signature))
      : recoverAddress(digest, signature); // a peer's 64 bytes by EIP-2098, which ethers reads
  if (signer !== expected.signer) throw wrong(`${signer} signed it, not ${expected.signer}`);
}

function wrong(why: string): SignpostError {
  return new SignpostError("INTERNAL", `An answer is wrong: ${why}.`);
}
