/** Answers that share one signature: what a resolver accepts of them, and each way in which it does not. */
import { computeAddress, concat, dataSlice, getBytes, hashMessage, id, zeroPadBytes } from "ethers";
import { digestOfRoot, leafOf, nodeOf, treeOf } from "./batchByEthers.js";
import { encoded, UNSUPPORTED } from "./ccipRequests.js";
import { gatewaySigner, secondSigner, stranger } from "./people.js";
import {
  ANSWER,
  type Answer,
  type CcipAnswerInput,
  digestOf,
  NOW_SEC,
  responseOf,
  sign,
  WHERE_CHECKED,
} from "./signedAnswers.js";
import type { Vectors } from "./vector.js";

/** Another answer of the batch, or this one. */
interface BatchAnswer {
  /** Of the answer, as in ccip-answer. */
  readonly digest: string;
  /** 16 bytes. */
  readonly salt: string;
}

export interface AnswerBatchExpected {
  /** What the callback returns; where `isError`, what it reverts with. */
  readonly result: string;
  readonly isError: boolean;
  /** In decimal. */
  readonly expires: string;
  /** All answers of the batch, in order. */
  readonly batch: readonly BatchAnswer[];
  /** Which of them the response is. */
  readonly index: number;
  readonly leaf: string;
  /** From the leaf upwards, one word for each level. */
  readonly path: readonly string[];
  readonly root: string;
  /** What is signed. */
  readonly signedDigest: string;
  /** Of it. */
  readonly signature: string;
  readonly signer: string;
}

/** What stands in the response, as it should be or with a fault. */
interface Field {
  readonly root: string;
  readonly signature: string;
  readonly salt: string;
  readonly path: readonly string[];
}

const saltOf = (index: number) => dataSlice(id(`salt ${index.toString()}`), 0, 16);
const otherAnswer = (index: number): Answer => ({
  ...ANSWER,
  result: encoded("string", `answer ${index.toString()}`),
});

/** `answer` at `index` among others. */
function batchAround(answer: Answer, count: number, index: number): BatchAnswer[] {
  return Array.from({ length: count }, (_, at) => ({
    digest: digestOf(at === index ? answer : otherAnswer(at)),
    salt: saltOf(at),
  }));
}

function fieldIn(batch: readonly BatchAnswer[], index: number, key = gatewaySigner): Field {
  const { root, paths } = treeOf(batch);
  const signature = key.sign(digestOfRoot(root)).serialized;
  return { root, signature, salt: batch[index]!.salt, path: paths[index]! };
}

function written({ root, signature, salt, path }: Field): string {
  return concat([root, signature, salt, ...path]);
}

function flipped(bytes: string): string {
  return bytes.slice(0, -1) + (bytes.endsWith("0") ? "1" : "0");
}

export function answerBatches(): Vectors<CcipAnswerInput, AnswerBatchExpected> {
  const valid = (
    rule: string,
    description: string,
    [count, index]: readonly [count: number, index: number],
    changes: Partial<Answer> = {},
    key = gatewaySigner,
  ) => {
    const answer = { ...ANSWER, ...changes };
    const batch = batchAround(answer, count, index);
    const field = fieldIn(batch, index, key);
    const { root, signature, path } = field;
    return {
      rule,
      description,
      input: {
        ...WHERE_CHECKED,
        request: answer.request,
        response: responseOf(answer, written(field)),
      },
      expected: {
        result: answer.result,
        isError: getBytes(answer.result).length % 32 === 4,
        expires: answer.expires.toString(),
        batch,
        index,
        leaf: leafOf(batch[index]!),
        path,
        root,
        signedDigest: digestOfRoot(root),
        signature,
        signer: computeAddress(key),
      },
    };
  };

  const batch = batchAround(ANSWER, 5, 0);
  const field = fieldIn(batch, 0);
  const [first, second, third] = field.path as [string, string, string];
  const parent = nodeOf(leafOf(batch[0]!), first);
  const invalid = (
    rule: string,
    description: string,
    error: string,
    sent: string,
    answer: Answer = ANSWER,
  ) => ({
    rule,
    description,
    input: { ...WHERE_CHECKED, request: answer.request, response: responseOf(answer, sent) },
    error,
  });
  const bent = (changes: Partial<Field>) => written({ ...field, ...changes });
  const signedAs = (digest: string) => bent({ signature: gatewaySigner.sign(digest).serialized });
  /** In a batch of its own, soundly. */
  const inBatch = (answer: Answer, key = gatewaySigner) =>
    written(fieldIn(batchAround(answer, 2, 0), 0, key));
  const ofThirteen = batchAround(ANSWER, 1, 0);
  const longPath = Array.from({ length: 13 }, (_, level) => id(`level ${level.toString()}`));
  const longRoot = longPath.reduce(nodeOf, leafOf(ofThirteen[0]!));

  return {
    valid: [
      valid("batch-of-two", "The path is one word: the other leaf.", [2, 0]),
      valid("last-of-three", "A leaf without a pair goes up as it is.", [3, 2]),
      valid("last-of-five", "It may go up two levels as it is.", [5, 4]),
      valid("middle-of-eleven", "A path of four words.", [11, 6]),
      valid("second-signer", "Any of the resolver's signers may sign.", [2, 1], {}, secondSigner),
      valid("last-second", "It is valid to the end of its last second, as any answer.", [3, 0], {
        expires: NOW_SEC,
      }),
      valid(
        "signed-error",
        "A result that is 4 bytes longer than whole words is an error, and the callback reverts with this one.",
        [2, 0],
        { result: UNSUPPORTED },
      ),
    ],
    invalid: [
      invalid(
        "result-changed",
        "The result is another one than is in the batch.",
        "PathNotInBatch",
        written(field),
        { ...ANSWER, result: encoded("string", "https://example.com/mallory.png") },
      ),
      invalid(
        "expires-changed",
        "The expiry is another one than is in the batch.",
        "PathNotInBatch",
        written(field),
        { ...ANSWER, expires: ANSWER.expires + 1n },
      ),
      invalid(
        "target-of-another-resolver",
        "The batch holds the answer for another resolver.",
        "PathNotInBatch",
        inBatch({ ...ANSWER, target: `0x${"5e".repeat(20)}` }),
      ),
      invalid(
        "salt-of-a-neighbour",
        "Each answer has its own salt.",
        "PathNotInBatch",
        bent({ salt: batch[1]!.salt }),
      ),
      invalid(
        "path-of-a-neighbour",
        "Each answer has its own path.",
        "PathNotInBatch",
        bent({ path: treeOf(batch).paths[1]! }),
      ),
      invalid(
        "path-changed",
        "One bit of the path is another one.",
        "PathNotInBatch",
        bent({ path: [first, second, flipped(third)] }),
      ),
      invalid(
        "path-with-a-level-missing",
        "The path ends below the root.",
        "PathNotInBatch",
        bent({ path: [first, second] }),
      ),
      invalid(
        "path-from-a-node",
        "The path begins at an inner node, which is no leaf.",
        "PathNotInBatch",
        bent({ path: [second, third] }),
      ),
      invalid(
        "path-upside-down",
        "The path runs from the leaf to the root.",
        "PathNotInBatch",
        bent({ path: [third, second, first] }),
      ),
      invalid(
        "root-of-another-batch",
        "Root and signature are another batch's.",
        "PathNotInBatch",
        written({
          ...fieldIn(batchAround(otherAnswer(7), 2, 0), 0),
          salt: field.salt,
          path: field.path,
        }),
      ),
      invalid(
        "root-is-the-answer",
        "The answer's own digest and the signature over it, as if it were a root.",
        "PathNotInBatch",
        bent({ root: digestOf(ANSWER), signature: sign(ANSWER) }),
      ),
      invalid(
        "path-before-signer",
        "A path that leads elsewhere is refused before anybody looks at who signed.",
        "PathNotInBatch",
        bent({ root: flipped(field.root), signature: zeroPadBytes("0x", 65) }),
      ),
      invalid(
        "root-signed-without-its-tag",
        "The root itself was signed.",
        "UnknownSigner",
        signedAs(field.root),
      ),
      invalid(
        "root-signed-with-the-prefix-of-personal-sign",
        "The root's digest is signed as it is.",
        "UnknownSigner",
        signedAs(hashMessage(getBytes(digestOfRoot(field.root)))),
      ),
      invalid(
        "node-signed-as-the-root",
        "An inner node's digest was signed, and stands under another root.",
        "UnknownSigner",
        signedAs(digestOfRoot(parent)),
      ),
      invalid(
        "signature-of-the-answer",
        "The signature is over the answer's digest, as one that stands alone.",
        "UnknownSigner",
        bent({ signature: sign(ANSWER) }),
      ),
      invalid(
        "signature-of-the-root-alone",
        "The 65 bytes that sign a root do not sign one answer.",
        "UnknownSigner",
        field.signature,
      ),
      invalid(
        "signed-by-a-stranger",
        "The signature is none of the resolver's signers'.",
        "UnknownSigner",
        inBatch(ANSWER, stranger),
      ),
      invalid(
        "signature-of-nobody",
        "All zero recovers to the zero address, which is no signer.",
        "InvalidSignature",
        bent({ signature: concat([zeroPadBytes("0x", 64), "0x1b"]) }),
      ),
      invalid(
        "no-path",
        "One answer alone is sent with 65 bytes.",
        "InvalidSignatureLength",
        bent({ path: [] }),
      ),
      invalid(
        "path-of-13-levels",
        "A path has 12 words at most.",
        "InvalidSignatureLength",
        written({
          root: longRoot,
          signature: gatewaySigner.sign(digestOfRoot(longRoot)).serialized,
          salt: ofThirteen[0]!.salt,
          path: longPath,
        }),
      ),
      invalid(
        "a-byte-more",
        "The path is whole words.",
        "InvalidSignatureLength",
        `${written(field)}00`,
      ),
      invalid(
        "a-byte-less",
        "The path is whole words.",
        "InvalidSignatureLength",
        written(field).slice(0, -2),
      ),
      invalid(
        "expired",
        "It expired one second ago.",
        "AnswerExpired",
        inBatch({ ...ANSWER, expires: NOW_SEC - 1n }),
        { ...ANSWER, expires: NOW_SEC - 1n },
      ),
    ],
  };
}
