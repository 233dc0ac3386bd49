/** The inner call of an ENSIP-10 lookup, `resolve(name, data)`: decoded, checked, and ready to be answered from records. */
import { sameBytes } from "../abi/bytes.js";
import { type AskedName, shownName } from "../ens/askedName.js";
import { decodeRecordQuery, type RecordQuery } from "../ens/recordQuery.js";
import { SignpostError } from "../errors.js";

/**
 * What `call` asks about the name. Throws INVALID_CALL_DATA for a call that is malformed or asks about another name:
 * we would sign, for one name, what belongs to another.
 */
export function decodeInnerCall(asked: AskedName, call: Uint8Array): RecordQuery {
  const query = decodeRecordQuery(call);
  if (query.nodes.every((node) => sameBytes(node, asked.node))) return query;
  const name = shownName(asked);
  throw new SignpostError(
    "INVALID_CALL_DATA",
    `The inner call asks about another name than ${name}: its node is not that name's namehash.`,
    { name },
  );
}
