/** The answers of one server, taken as they are, for another one to send. */
import { SignpostError } from "../../src/errors.js";
import { type Contestant, get, sampleRequests } from "../measure/contestant.js";
import type { ReadyAnswers } from "../servers/servers.js";

/** Node's HTTP server adds these by itself. */
const OWN_HEADERS = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

export async function collectAnswers(contestant: Contestant, count: number): Promise<ReadyAnswers> {
  const bodies: Record<string, string> = {};
  let headers: readonly string[] = [];
  for (const { path } of await sampleRequests(contestant, 0, count)) {
    const { status, rawHeaders, body } = await get(contestant.server.origin, path);
    if (status !== 200) {
      throw new SignpostError("INTERNAL", `${contestant.name} answered ${status}: ${body}`);
    }
    bodies[path] = body;
    headers = withoutOwn(rawHeaders);
  }
  return { headers, bodies };
}

function withoutOwn(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)] ?? "";
    return !OWN_HEADERS.has(name.toLowerCase());
  });
}
