/** Lookups that go on while something is broken, over real HTTP; of each, what came and how long it took. */
import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { decodeResult, textRequest, verifyAnswer } from "../gateway/ensRequest.js";
import { CCIP_PATH, RESOLVER, SIGNER } from "../http/openTestService.js";

/** What the lookups that began in some time brought. */
export interface Tally {
  /** 200, signed for exactly this request, with the record as it is. */
  readonly answered: number;
  /** 503 with a sentence. */
  readonly unavailable: number;
  /** Anything else, in words. */
  readonly wrong: readonly string[];
  readonly longestMs: number;
}

export interface GatewayStream {
  /** Counts the lookups that begin while `work` goes on, and waits for their end. */
  during(work: () => Promise<unknown>): Promise<Tally>;
  /** Waits until a lookup is answered. Throws after `withinMs`. */
  recovered(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

interface Outcome {
  readonly kind: "answered" | "unavailable" | { readonly wrong: string };
  readonly tookMs: number;
}

/**
 * Begins a lookup every `intervalMs`, whether or not those before are done.
 * @param expected the text record "avatar" by name; "" where there is none
 */
export function startGatewayStream(
  url: string,
  expected: ReadonlyMap<string, string>,
  intervalMs = 15,
): GatewayStream {
  const agent = new Agent({ keepAlive: true });
  const names = [...expected.keys()];
  const underWay = new Set<Promise<Outcome>>();
  let listener: ((lookup: Promise<Outcome>) => void) | null = null;
  let begun = 0;

  const lookUp = async (): Promise<Outcome> => {
    const name = names[begun++ % names.length]!;
    const startMs = performance.now();
    const kind = await kindOf(url, agent, name, expected.get(name) ?? "");
    return { kind, tookMs: performance.now() - startMs };
  };
  const timer = setInterval(() => {
    const lookup = lookUp().finally(() => underWay.delete(lookup));
    underWay.add(lookup);
    listener?.(lookup);
  }, intervalMs);

  return {
    during: async (work) => {
      const lookups: Promise<Outcome>[] = [];
      listener = (lookup) => lookups.push(lookup);
      try {
        await work();
      } finally {
        listener = null;
      }
      return tallyOf(await Promise.all(lookups));
    },
    recovered: async (withinMs) => {
      const deadlineMs = performance.now() + withinMs;
      while ((await lookUp()).kind !== "answered") {
        if (performance.now() > deadlineMs) throw new Error(`not answered after ${withinMs} ms`);
        await delay(50);
      }
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

function tallyOf(outcomes: readonly Outcome[]): Tally {
  return {
    answered: outcomes.filter(({ kind }) => kind === "answered").length,
    unavailable: outcomes.filter(({ kind }) => kind === "unavailable").length,
    wrong: outcomes.flatMap(({ kind }) => (typeof kind === "object" ? [kind.wrong] : [])),
    longestMs: Math.max(0, ...outcomes.map(({ tookMs }) => tookMs)),
  };
}

async function kindOf(
  url: string,
  agent: Agent,
  name: string,
  expected: string,
): Promise<Outcome["kind"]> {
  const data = textRequest(name, "avatar");
  try {
    const { status, body } = await post(url + CCIP_PATH, agent, { data, sender: RESOLVER });
    const { data: answer, message } = JSON.parse(body) as { data?: string; message?: string };
    if (status === 503 && message !== undefined && answer === undefined) return "unavailable";
    if (status !== 200 || answer === undefined) return { wrong: `${name}: ${status} ${body}` };
    const { signer, result } = verifyAnswer(answer, { target: RESOLVER, request: data });
    const record = decodeResult("text", result);
    if (signer === SIGNER && record === expected) return "answered";
    return { wrong: `${name}: signed by ${signer}, with the record ${String(record)}` };
  } catch (error) {
    return { wrong: `${name}: ${String(error)}` };
  }
}

export function post(
  url: string,
  agent: Agent,
  body: unknown,
): Promise<{ status: number; body: string }> {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": text.length };
  return new Promise((resolve, reject) => {
    request(url, { method: "POST", agent, headers, timeout: 10_000 }, (response) => {
      let received = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (received += chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: received });
      });
    })
      .on("error", reject)
      .end(text);
  });
}
