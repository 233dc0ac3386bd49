/** Many names in one request. */
import { resolvableName } from "../ens/resolvableName.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { type BatchItem, batchResultsSchema } from "../wire/batch.js";
import type { CallOptions } from "./clientOptions.js";
import type { Connection } from "./connection.js";
import { refusalError } from "./refusedAnswer.js";
import type { WriteResult } from "./writes.js";

/** Ten thousand refusals with the longest sentences. */
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;
/** Ten thousand profiles take half a minute to verify. */
const TIMEOUT_MS = 120_000;

export interface BatchOptions extends CallOptions {
  /** True: all items or none, and what refuses one is thrown, with `details.item`. False: each by itself. */
  readonly atomic: boolean;
}

/** In the order of the items. */
export type BatchResult =
  | Omit<WriteResult, "version">
  /** The name is null for an item that did not have one. */
  | { readonly name: string | null; readonly error: SignpostError };

export async function sendBatch(
  connection: Connection,
  items: readonly BatchItem[],
  batchOptions: BatchOptions,
): Promise<readonly BatchResult[]> {
  const { atomic, ...options } = Object(batchOptions) as Partial<BatchOptions>;
  if (typeof atomic !== "boolean") throw unclear();
  const answer = await connection.send({
    method: "POST",
    path: ["batches"],
    body: { atomic, items: items.map(withNormalName) },
    maxBytes: LARGEST_ANSWER_BYTES,
    standardTimeoutMs: TIMEOUT_MS,
    options,
  });
  return answer
    .as(batchResultsSchema)
    .items.map((item) =>
      "error" in item ? { name: item.name, error: refusalError(item.error) } : item,
    );
}

/** What has no normal form goes as it is: the service refuses that item, and no other. */
function withNormalName(item: BatchItem): BatchItem {
  try {
    return { ...item, name: resolvableName(item.name).name };
  } catch (error) {
    if (isSignpostError(error)) return item;
    throw error;
  }
}

function unclear(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "A batch says whether its items count together: {atomic: true} for all or none, {atomic: false} for each by itself.",
  );
}
