/** An RPC node in front of another one: it passes everything on, and bends what a test wants bent. */
import type { JsonRpcProvider } from "ethers";
import { answerJson, type LoopbackServer, serve } from "../../lookup/loopbackServer.js";

export interface Question {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type Bent = { readonly result: unknown } | { readonly error: object };

export interface BentNode extends Pick<LoopbackServer, "url" | "close"> {
  /** What it answers itself; null passes the question on. */
  bend: (question: Question) => Bent | null | Promise<Bent>;
}

export async function bentNode(rpcUrl: string): Promise<BentNode> {
  const answer = async (question: Question): Promise<unknown> => {
    const bent = await node.bend(question);
    if (bent !== null) return { jsonrpc: "2.0", id: question.id, ...bent };
    const passed = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
    });
    return passed.json();
  };
  const server = await serve((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(parts).toString()) as Question | Question[];
      const answers = Array.isArray(asked) ? Promise.all(asked.map(answer)) : answer(asked);
      void answers.then((found) => {
        answerJson(found)(request, response);
      });
    });
  });
  const node: BentNode = { url: server.url, close: () => server.close(), bend: () => null };
  return node;
}

/** What a node does that fails after it has passed a transaction on. */
export async function failingAfter(
  { method, params }: Question,
  provider: JsonRpcProvider,
): Promise<Bent> {
  await provider.send(method, [...params]);
  return { error: { code: -32005, message: "limit exceeded" } };
}

/** Of a call of this function of this contract. */
export function isCall(question: Question, to: string, selector: string): boolean {
  const [call] = question.params as { to?: string; data?: string; input?: string }[];
  return (
    question.method === "eth_call" &&
    call?.to?.toLowerCase() === to.toLowerCase() &&
    (call.data ?? call.input ?? "").startsWith(selector)
  );
}
