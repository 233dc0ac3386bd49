/** A server together with what it is asked, and which names it was asked for already. */
import { request as httpRequest } from "node:http";
import { SignpostError } from "../../src/errors.js";
import { type Dataset, readNameLines } from "../data/dataset.js";
import { scattered } from "../data/names.js";
import { fillIn, type Query } from "../data/query.js";
import { RESOLVER } from "../servers/resolvers.js";
import type { RunningServer } from "../servers/serverProcess.js";
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
  /** Whose answer it is to be. */
  readonly resolver: string;
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
    const counter = first + index;
    const resolver = server.resolvers[counter % server.resolvers.length] ?? RESOLVER;
    const blanks = { label: Buffer.from(label, "hex").toString(), node, counter, resolver };
    const callData = fillIn(query.template, blanks);
    const number = scattered(first + index, dataset.size);
    const person = dataset.people[number % dataset.people.length];
    if (person === undefined) throw new SignpostError("INTERNAL", "The dataset has no people.");
    return {
      path: `${fillIn(server.lookups, blanks)}${callData}.json`,
      resolver,
      callData,
      expected: query.expected(person),
    };
  });
}

const CHECKED = 24;

/**
 * Asks for some names at once, so that answers share signatures where they can, and checks what comes back. Throws
 * INTERNAL when a server is not what it claims to be.
 */
export async function assertCorrect(contestant: Contestant, signer: string): Promise<void> {
  const requests = await sampleRequests(contestant, 0, CHECKED);
  const answers = await Promise.all(
    requests.map(async (request) => ({
      ...request,
      answer: await get(contestant.server.origin, request.path),
    })),
  );
  for (const { answer, resolver, callData, expected } of answers) {
    const { status, body } = answer;
    if (status !== 200) {
      const { name } = contestant.server;
      throw new SignpostError("INTERNAL", `${name} answered with status ${status}: ${body}`);
    }
    assertAnswer(body, { target: resolver, request: callData, result: expected, signer });
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
