/** What a resolver accepts from a gateway, and each way in which it does not. */
import {
  computeAddress,
  concat,
  dnsEncode,
  getBytes,
  hashMessage,
  hexlify,
  Interface,
  keccak256,
  Signature,
  solidityPacked,
  toBeHex,
} from "ethers";
import {
  AVATAR_CALL,
  AVATAR_REQUEST,
  encoded,
  recordCall,
  requestFor,
  RESOLVER,
  UNSUPPORTED,
  word,
} from "./ccipRequests.js";
import { ALICE_NAME, CHAIN_ID, gatewaySigner, secondSigner, stranger } from "./people.js";
import {
  ANSWER,
  type Answer,
  type CcipAnswerInput,
  digestOf,
  MAX_VALIDITY_SEC,
  NOW_SEC,
  preimageOf,
  responseOf,
  sign,
  WHERE_CHECKED,
} from "./signedAnswers.js";
import type { Vectors } from "./vector.js";

/** By which a gateway would have clients ask elsewhere, in the resolver's own name. */
const LOOKUP_ELSEWHERE = new Interface([
  "error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)",
]).encodeErrorResult("OffchainLookup", [
  ...[RESOLVER, ["https://mallory.example/{data}"]],
  ...[AVATAR_REQUEST, "0xf4d4d2f8", AVATAR_REQUEST],
]);

export interface CcipAnswerExpected {
  /** What the callback returns; where `isError`, what it reverts with. */
  readonly result: string;
  readonly isError: boolean;
  /** In decimal. */
  readonly expires: string;
  readonly signature: string;
  /** The 94 bytes whose keccak256 is signed. */
  readonly preimage: string;
  readonly digest: string;
  readonly signer: string;
}

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A valid response with one of its words replaced. */
function withWord(index: number, value: bigint): string {
  const words = responseOf(ANSWER, sign(ANSWER)).slice(2).match(/.{64}/g)!;
  words[index] = word(value).slice(2);
  return `0x${words.join("")}`;
}

/** Offsets are free: here the signature comes first. */
function signatureFirst(): string {
  const tail = (bytes: string) => `0x${encoded("bytes", bytes).slice(2 + 64)}`;
  const signature = tail(sign(ANSWER));
  const resultAt = 96n + BigInt(getBytes(signature).length);
  return concat([word(resultAt), word(ANSWER.expires), word(96n), signature, tail(ANSWER.result)]);
}

function highS(): string {
  const { r, s, v } = Signature.from(sign(ANSWER));
  const other = toBeHex(CURVE_ORDER - BigInt(s), 32);
  return concat([r, other, toBeHex(v === 27 ? 28 : 27, 1)]);
}

export function ccipAnswers(): Promise<Vectors<CcipAnswerInput, CcipAnswerExpected>> {
  const valid = (
    rule: string,
    description: string,
    changes: Partial<Answer> = {},
    { key = gatewaySigner, form = responseOf } = {},
  ) => {
    const answer = { ...ANSWER, ...changes };
    const signature = sign(answer, key);
    return {
      rule,
      description,
      input: { ...WHERE_CHECKED, request: answer.request, response: form(answer, signature) },
      expected: {
        result: answer.result,
        isError: getBytes(answer.result).length % 32 === 4,
        expires: answer.expires.toString(),
        signature,
        preimage: preimageOf(answer),
        digest: digestOf(answer),
        signer: computeAddress(key),
      },
    };
  };
  const invalid = (
    rule: string,
    description: string,
    error: string,
    response: string,
    request = ANSWER.request,
  ) => ({ rule, description, input: { ...WHERE_CHECKED, request, response }, error });
  /** Signed with these changes, and sent without them, or with others. */
  const forged = (signed: Partial<Answer>, sent: Partial<Answer> = {}) =>
    responseOf({ ...ANSWER, ...sent }, sign({ ...ANSWER, ...signed }));
  const signedAnew = (changes: Partial<Answer>) => forged(changes, changes);
  const withSignature = (signature: string) => responseOf(ANSWER, signature);

  const whole = responseOf(ANSWER, sign(ANSWER));
  const length = BigInt(getBytes(whole).length);
  const greeting = requestFor(dnsEncode(ALICE_NAME), recordCall("text", ALICE_NAME, "greeting"));
  const unbound = requestFor(dnsEncode(ALICE_NAME), AVATAR_CALL, null);
  const otherChain = requestFor(dnsEncode(ALICE_NAME), AVATAR_CALL, CHAIN_ID + 1n);
  const aWordMore = concat([ANSWER.request, word(CHAIN_ID)]);
  const { compactSerialized } = Signature.from(sign(ANSWER));

  return Promise.resolve({
    valid: [
      valid("text", "A text record, valid for one more minute."),
      valid("absent-text", "An absent record is a result like any other.", {
        result: encoded("string", ""),
      }),
      valid("empty-result", "So are no bytes at all.", { result: "0x" }),
      valid("last-second", "An answer is valid to the end of the second in which it expires.", {
        expires: NOW_SEC,
      }),
      valid("longest-validity", "It may expire as far ahead as the resolver allows.", {
        expires: NOW_SEC + MAX_VALIDITY_SEC,
      }),
      valid("second-signer", "Any of the resolver's signers may sign.", {}, { key: secondSigner }),
      valid(
        "signed-error",
        "A result that is 4 bytes longer than whole words is an error, and the callback reverts with this one.",
        { result: UNSUPPORTED },
      ),
      valid(
        "signature-before-result",
        "ABI offsets may point anywhere inside.",
        {},
        { form: signatureFirst },
      ),
      valid(
        "bytes-behind",
        "Bytes behind the encoding are ignored.",
        {},
        { form: (answer, signature) => `${responseOf(answer, signature)}ffff` },
      ),
    ],
    invalid: [
      invalid(
        "expired",
        "It expired one second ago.",
        "AnswerExpired",
        signedAnew({ expires: NOW_SEC - 1n }),
      ),
      invalid(
        "validity-too-long",
        "It expires one second later than the resolver allows.",
        "ValidityTooLong",
        signedAnew({ expires: NOW_SEC + MAX_VALIDITY_SEC + 1n }),
      ),
      invalid(
        "expires-in-milliseconds",
        "Expiry is in seconds.",
        "ValidityTooLong",
        signedAnew({ expires: ANSWER.expires * 1000n }),
      ),
      invalid(
        "signed-by-a-stranger",
        "The signature is none of the resolver's signers'.",
        "UnknownSigner",
        responseOf(ANSWER, sign(ANSWER, stranger)),
      ),
      invalid(
        "target-of-another-resolver",
        "Signed for another resolver, as a wrapper around it would pass it on.",
        "UnknownSigner",
        forged({ target: `0x${"5e".repeat(20)}` }),
      ),
      invalid(
        "expires-changed",
        "The expiry is another one than was signed.",
        "UnknownSigner",
        forged({}, { expires: ANSWER.expires + 1n }),
      ),
      invalid(
        "result-changed",
        "The result is another one than was signed.",
        "UnknownSigner",
        forged({}, { result: encoded("string", "https://example.com/mallory.png") }),
      ),
      invalid(
        "result-turned-into-an-error",
        "Nobody signed this error.",
        "UnknownSigner",
        forged({}, { result: UNSUPPORTED }),
      ),
      invalid(
        "signed-lookup",
        "No error but UnsupportedResolverProfile is passed on: this OffchainLookup names other URLs.",
        "UnexpectedSignedError",
        signedAnew({ result: LOOKUP_ELSEWHERE }),
      ),
      invalid(
        "request-of-another-record",
        "The answer to another question.",
        "UnknownSigner",
        forged({ request: greeting }),
      ),
      invalid(
        "request-signed-without-its-chain",
        "The gateway signed over the arguments only, without the chain id behind them.",
        "UnknownSigner",
        forged({ request: unbound }),
      ),
      invalid(
        "digest-with-the-prefix-of-personal-sign",
        "The digest is signed as it is, not as a personal message (EIP-191, version 0x45).",
        "UnknownSigner",
        withSignature(gatewaySigner.sign(hashMessage(getBytes(digestOf(ANSWER)))).serialized),
      ),
      invalid(
        "digest-of-the-request-itself",
        "The digest holds the request's keccak256, not the request.",
        "UnknownSigner",
        withSignature(
          gatewaySigner.sign(
            keccak256(
              solidityPacked(
                ["bytes2", "address", "uint64", "bytes", "bytes"],
                ["0x1900", RESOLVER, ANSWER.expires, ANSWER.request, ANSWER.result],
              ),
            ),
          ).serialized,
        ),
      ),
      invalid(
        "request-of-another-chain",
        "The request ends in the id of another chain, and the answer is signed over it.",
        "WrongChain",
        signedAnew({ request: otherChain }),
        otherChain,
      ),
      invalid(
        "request-without-its-chain",
        "The request does not end in a chain id.",
        "MalformedRequest",
        signedAnew({ request: unbound }),
        unbound,
      ),
      invalid(
        "request-with-a-word-more",
        "The chain id is the only word behind the arguments.",
        "MalformedRequest",
        signedAnew({ request: aWordMore }),
        aWordMore,
      ),
      invalid(
        "signature-with-high-s",
        "The other half of the curve: the same signature once more, without the key.",
        "InvalidSignature",
        withSignature(highS()),
      ),
      invalid(
        "signature-of-64-bytes",
        "ERC-2098's compact form is not accepted.",
        "InvalidSignatureLength",
        withSignature(compactSerialized),
      ),
      invalid(
        "signature-of-66-bytes",
        "A signature is 65 bytes (r, s, v), or a batch of 113 bytes and 1 to 12 words.",
        "InvalidSignatureLength",
        withSignature(`${sign(ANSWER)}00`),
      ),
      invalid(
        "signature-with-v-of-0-or-1",
        "v is 27 or 28.",
        "InvalidSignature",
        withSignature(`${sign(ANSWER).slice(0, -2)}0${Signature.from(sign(ANSWER)).yParity}`),
      ),
      invalid(
        "signature-of-nobody",
        "All zero recovers to the zero address, which is no signer.",
        "InvalidSignature",
        withSignature(`0x${"00".repeat(64)}1b`),
      ),
      invalid("response-empty", "There is no response.", "MalformedResponse", "0x"),
      invalid(
        "response-cut-off",
        "It ends within the signature.",
        "MalformedResponse",
        hexlify(getBytes(whole).slice(0, -32)),
      ),
      invalid(
        "expires-above-64-bits",
        "An expiry has 64 bits.",
        "MalformedResponse",
        withWord(1, ANSWER.expires + 2n ** 64n),
      ),
      invalid(
        "result-offset-behind-the-end",
        "The offset of the result points behind the response.",
        "MalformedResponse",
        withWord(0, length - 31n),
      ),
      invalid(
        "result-longer-than-the-response",
        "The result claims to be longer than what follows.",
        "MalformedResponse",
        withWord(3, length - 127n),
      ),
      invalid(
        "result-and-signature-swapped",
        "Result first, signature last.",
        "InvalidSignatureLength",
        responseOf({ result: sign(ANSWER), expires: ANSWER.expires }, ANSWER.result),
      ),
    ],
  });
}
