/** The record of a gateway or bridge and its relay nodes, as senders find them. */
import { failed, type Finding, passed } from "../../../doctor/line.js";
import { createGuardedFetcher } from "../../../net/guardedFetch.js";
import { askNode } from "../../../nodes/askNode.js";
import type { NetworkOutcome } from "../../../sdk/node.js";
import type { StepLine } from "../looks.js";

interface RecordOptions {
  readonly allowLoopback: boolean;
  /** The command by which such a network is registered. */
  readonly register: string;
}

const NODE_TIMEOUT_MS = 10_000;

type Missing = Exclude<NetworkOutcome["status"], "found">;

const ADVICE: Readonly<Record<Missing, (register: string) => string>> = {
  absent: (register) => `Register it: ${register}.`,
  untrusted: (register) =>
    `If nobody else changed it, it is from before a change of keys or owner. Register it again: ${register}.`,
  unreachable: () => "Ask again. If that stays, look at what did not answer.",
};

/** `record`, and a line `node` for each of its relay nodes. */
export async function recordLines(
  network: NetworkOutcome,
  { allowLoopback, register }: RecordOptions,
): Promise<readonly StepLine[]> {
  const seen = network.sentence.replace(/\.$/, "");
  if (network.status !== "found") {
    return [{ id: "record", ...failed(seen, ADVICE[network.status](register)) }];
  }
  const nodes = await nodeFindings(network.relayNodes, allowLoopback);
  return [
    { id: "record", ...passed(seen) },
    ...nodes.map((finding) => ({ id: "node", ...finding })),
  ];
}

type Nodes = Extract<NetworkOutcome, { readonly status: "found" }>["relayNodes"];

async function nodeFindings(nodes: Nodes, allowLoopback: boolean): Promise<readonly Finding[]> {
  const fetcher = createGuardedFetcher({ allowLoopback });
  const advice = "See what is wrong with it: signpost node check.";
  return Promise.all(
    nodes.map(async (node): Promise<Finding> => {
      if (node.status !== "found") return failed(node.sentence.replace(/\.$/, ""), advice);
      const answer = await askNode(node.profile, { fetcher, timeoutMs: NODE_TIMEOUT_MS });
      return answer.kind === "works"
        ? passed(`${node.name} answers at ${node.profile.url}`)
        : failed(`${node.name} at ${node.profile.url} ${answer.reason}`, advice);
    }),
  );
}
