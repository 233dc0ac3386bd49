/**
 * The body in which clients of ERC-7884 send what was signed. Two are in use:
 *
 *   the ENSIP's   {sender: domain, data: message, signature}, after the arguments of OperationHandledOffchain
 *   blockful's    {sender: message.sender, data: message.data, signature: {domain, message, signature}}
 */
import { z } from "zod";
import { fromHex, type Hex } from "../abi/hex.js";
import { checksumAddress, parseAddress } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import type { OperationMessage } from "../signing/operationMessage.js";
import { type RequestDomain, SIGNING_NAME, SIGNING_VERSION } from "../signing/typedData.js";
import { walletSignatureSchema } from "./signedRequestSchema.js";

/** JSON of clients has numbers of Solidity as numbers or in decimal. */
const number = z.union([
  z
    .int()
    .min(0)
    .transform((value) => BigInt(value)),
  z
    .string()
    .regex(/^[0-9]{1,78}$/, "must be a decimal number")
    .transform((value) => BigInt(value)),
]);
const uint256 = number.refine((value) => value < 2n ** 256n, "must be below 2^256");
const address = z.string().max(42);
const bytes = z.string().regex(/^0x(?:[0-9a-fA-F]{2})*$/, "must be 0x and pairs of digits");

const domain = z.strictObject({
  name: z.string().max(100),
  version: z.string().max(100),
  chainId: uint256,
  verifyingContract: address,
});
const message = z.strictObject({ data: bytes, sender: address, expirationTimestamp: uint256 });

const ensipBody = z.strictObject({
  sender: domain,
  data: message,
  signature: walletSignatureSchema,
});
const blockfulBody = z.strictObject({
  sender: address,
  data: bytes,
  signature: z.strictObject({ domain, message, signature: walletSignatureSchema }),
});

export const signedOperationSchema = z.union([ensipBody, blockfulBody], {
  error:
    "must be {sender, data, signature}, as the resolver's revert OperationHandledOffchain hands out sender and data",
});
export type SignedOperationBody = z.infer<typeof signedOperationSchema>;

export interface SignedOperation {
  readonly signedFor: RequestDomain;
  readonly message: OperationMessage;
  readonly signature: Hex;
}

/**
 * @param signedFor chain and resolver as the URL has them; the body has to name the same
 * @throws INVALID_REQUEST for a body that says of itself two different things
 */
export function parseSignedOperation(
  body: SignedOperationBody,
  signedFor: RequestDomain,
): SignedOperation {
  const signed =
    "verifyingContract" in Object(body.sender)
      ? fromEnsip(body as z.infer<typeof ensipBody>)
      : fromBlockful(body as z.infer<typeof blockfulBody>);
  assertDomain(signed.domain, signedFor);
  const { data, sender, expirationTimestamp } = signed.message;
  return {
    signedFor,
    message: { data: fromHex(data), sender: parseAddress(sender), expirationTimestamp },
    signature: signed.signature as Hex,
  };
}

function fromEnsip({ sender, data, signature }: z.infer<typeof ensipBody>) {
  return { domain: sender, message: data, signature };
}

function fromBlockful({ sender, data, signature }: z.infer<typeof blockfulBody>) {
  const signed = signature.message;
  const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  if (!isSame(sender, signed.sender) || !isSame(data, signed.data)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The body's sender and data are not those of the message that was signed; send what was signed.",
    );
  }
  return signature;
}

function assertDomain(
  { name, version, chainId, verifyingContract }: z.infer<typeof domain>,
  signedFor: RequestDomain,
): void {
  const expected = [SIGNING_NAME, SIGNING_VERSION, signedFor.chainId.toString()];
  const resolver = checksumAddress(signedFor.resolver);
  const isSame =
    [name, version, chainId.toString()].every((part, index) => part === expected[index]) &&
    checksumAddress(parseAddress(verifyingContract)) === resolver;
  if (isSame) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The message was signed in another domain than ${expected.join(", ")}, ${resolver}, which is this URL's; sign what the resolver hands out, and send it to the URL that it names.`,
    {
      name: SIGNING_NAME,
      version: SIGNING_VERSION,
      chainId: expected[2],
      verifyingContract: resolver,
    },
  );
}
