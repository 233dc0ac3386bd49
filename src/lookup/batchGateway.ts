/**
 * ENSIP-21: a contract that needs several lookups asks a batch gateway for all at once. The URL
 * `x-batch-gateway:true` means that the client is the batch gateway itself.
 */
import { abiFunction } from "../abi/abiFunction.js";
import type { Address } from "../ens/address.js";
import { failedCheck } from "./checks.js";
import { askGateways } from "./gatewayQuery.js";
import type { ReadContext } from "./readContext.js";

export const LOCAL_BATCH_GATEWAY = "x-batch-gateway:true";

type Request = [sender: Address, urls: string[], data: Uint8Array];

export const batchQuery = abiFunction<
  [requests: Request[]],
  [failures: boolean[], responses: Uint8Array[]]
>(
  "function query((address sender, string[] urls, bytes data)[] requests) view returns (bool[] failures, bytes[] responses)",
);

/** One record is one request, or a few where resolvers pass it on. */
const MOST_REQUESTS = 16;

/**
 * The response to `callData`, every request answered by its gateways. Throws UNREACHABLE when one has no answer:
 * what a contract makes of a failure in its place could look like absence.
 */
export async function answerBatch(context: ReadContext, callData: Uint8Array): Promise<Uint8Array> {
  const [requests] = context.checks.run("ccip-lookup", "the batch of lookups is well-formed", () =>
    batchQuery.decodeInput(callData),
  );
  if (requests.length > MOST_REQUESTS) {
    throw failedCheck(
      "ccip-lookup",
      `The resolver asks for ${requests.length} lookups at once; ${MOST_REQUESTS} is the most we make. Tell its owner.`,
    );
  }
  const { fetcher, deadline } = context;
  const answers = await Promise.all(
    requests.map(([sender, urls, data]) =>
      askGateways({ urls, sender, callData: data }, fetcher, deadline),
    ),
  );
  for (const { response } of answers) context.expiry.note(response);
  return batchQuery.encodeOutput(
    answers.map(() => false),
    answers.map(({ response }) => response),
  );
}
