/** ENSIP-10 lookups: `resolve(name, data)` decoded, checked, and ready to be answered from records. */
import { sameBytes } from "../abi/bytes.js";
import { decodeDnsName } from "../ens/dnsName.js";
import { namehash } from "../ens/namehash.js";
import { assertNormalized } from "../ens/normalize.js";
import { decodeRecordQuery } from "../ens/recordQuery.js";
import type { NameRecords } from "../ens/records.js";
import { SignpostError } from "../errors.js";

export interface Lookup {
  /** The asked name, in ENSIP-15 normal form. */
  readonly name: string;
  /** Its namehash. */
  readonly node: Uint8Array;
  /** Of the inner call, see `RecordQuery`. */
  readonly functionName: string;
  /** The ABI-encoded result of the inner call. */
  readonly answer: (records: NameRecords) => Uint8Array;
}

/**
 * Throws INVALID_NAME for a name that is not in DNS form or not in normal form, and INVALID_CALL_DATA for an
 * inner call that is malformed or asks about another name than the outer one: we would sign, for one name,
 * what belongs to another.
 */
export function decodeLookup(dnsName: Uint8Array, call: Uint8Array): Lookup {
  const name = decodeDnsName(dnsName);
  assertNormalized(name);
  const node = namehash(name);
  const query = decodeRecordQuery(call);
  for (const asked of query.nodes) {
    if (!sameBytes(asked, node)) {
      throw new SignpostError(
        "INVALID_CALL_DATA",
        `The inner call asks about another name than ${name}: its node is not that name's namehash.`,
        { name },
      );
    }
  }
  const { functionName } = query;
  return { name, node, functionName, answer: (records) => query.answer(records) };
}
