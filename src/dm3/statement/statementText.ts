/** A statement as it is published: the text of a record, JSON. */
import { SignpostError } from "../../errors.js";

/** In characters; a certificate of the greatest size that is taken has less. */
const LONGEST_STATEMENT = 32_768;

/**
 * The JSON of the text, which still has to pass one of `parseNodeProof`, `parseNetworkRecord`, `parseCertificate`.
 * @param key of the text record, for sentences
 * @throws INVALID_PROFILE when it is too long, or not JSON
 */
export function parseStatementText(key: string, text: string): unknown {
  // bounded before it is looked at
  if (text.length > LONGEST_STATEMENT) {
    throw malformed(`The record ${key} is longer than ${LONGEST_STATEMENT} characters.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw malformed(`The record ${key} is not JSON. Publish it as it was signed.`, cause);
  }
}

function malformed(sentence: string, cause?: unknown): SignpostError {
  return new SignpostError("INVALID_PROFILE", sentence, {}, { cause });
}
