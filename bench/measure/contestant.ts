/** A server together with what it is asked, and which names it was asked for already. */
import { request as httpRequest } from "node:http";
import { SignpostError } from "../../src/errors.js";
import { type Dataset, readNameLines } from "../data/dataset.js";
import { scattered } from "../data/names.js";
import { fillIn, type Query } from "../data/query.js";
import type { RunningServer } from "../servers/serverProcess.js";
import { RESOLVER } from "../servers/servers.js";
import { assertAnswer } from "./verifyAnswer.js";

export interface Contestant {
  /** Unlike the server's name when a case compares one server with itself. */
  readonly name: string;
  readonly server: RunningServer;
  readonly dataset: Dataset;
  readonly query: Query;
  /** How many requests it was sent: the next load goes on with the name after the last one. */
  asked: number;
}

/** Names a request of the contestant's, and what has to come back. */
export interface SampleRequest {
  readonly path: string;
  /** Call data, 0x hex. */
  readonly callData: string;
  readonly expected: string;
}

export async function sampleRequests(
  { server, dataset, query }: Contestant,
  first: number,
  count: number,
): Promise<readonly SampleRequest[]> {
  const lines = await readNameLines(dataset, first, count);
  return lines.map((line, index) => {
    const [label = "", node = ""] = line.split(" ");
    const blanks = { label: Buffer.from(label, "hex").toString(), node, counter: first + index };
    const callData = fillIn(query.template, blanks);
    const number = scattered(first + index, dataset.size);
    const person = dataset.people[number % dataset.people.length];
    if (person === undefined) throw new SignpostError("INTERNAL", "The dataset has no people.");
    return {
      path: `${server.lookups}${callData}.json`,
      callData,
      expected: query.expected(person),
    };
  });
}

/** Asks for a few names and checks what comes back. Throws INTERNAL when a server is not what it claims to be. */
export async function assertCorrect(contestant: Contestant, signer: string): Promise<void> {
  for (const { path, callData, expected } of await sampleRequests(contestant, 0, 3)) {
    const { status, body } = await get(contestant.server.origin, path);
    if (status !== 200) {
      const { name } = contestant.server;
      throw new SignpostError("INTERNAL", `${name} answered with status ${status}: ${body}`);
    }
    assertAnswer(body, { target: RESOLVER, request: callData, result: expected, signer });
  }
}

export interface RawAnswer {
  readonly status: number;
  /** Names and values by turns, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export function get(origin: string, path: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    httpRequest(`${origin}${path}`, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { statusCode: status = 0, rawHeaders } = response;
        resolve({ status, rawHeaders, body: Buffer.concat(chunks).toString() });
      });
    })
      .on("error", reject)
      .end();
  });
}
