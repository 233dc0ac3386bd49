/** An HTTP endpoint of a service as the source behind its domain. */
import { Deadline } from "../fetch/deadline.js";
import {
  LONGEST_ROW_BYTES,
  type RowSource,
  type SourceName,
  type SourceRow,
} from "../registry/sources/source.js";
import { type EndpointAnswer, readAnswer, type WireAnswer } from "./endpointAnswer.js";
import { faultOf, isClosedConnection, unavailable } from "./endpointFault.js";
import { questionUrl } from "./endpointUrl.js";
import { signedHeaders, unsignedHeaders } from "./signedQuestion.js";
import type { RequestSigner } from "./signingKey.js";

/** Of one endpoint. */
export const ENDPOINT_BOUNDS = {
  /** Kept alive: with 10 ms an answer, 3,200 answers a second. */
  mostConnections: 32,
  /** With what waits for a connection; more are refused at once. */
  mostUnderWay: 512,
  /** For all labels of one question together: clients give up after 10 s and ask several things. */
  timeoutMs: 2_000,
  /** For a connection, of that. */
  connectTimeoutMs: 1_500,
} as const;

/** How the endpoint is reached: the caller's HTTP client, which guards addresses and follows no redirects. */
export interface EndpointConnection {
  /** @throws FORBIDDEN_ADDRESS, UNREACHABLE, TOO_LARGE; any status but a redirect is an answer */
  send(url: URL, request: EndpointRequest): Promise<WireAnswer>;
  close(): Promise<void>;
}

interface EndpointRequest {
  readonly method: "GET";
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the answer. */
  readonly maxBytes: number;
  /** For everything together. */
  readonly timeoutMs: number;
}

export interface HttpSourceParts {
  readonly name: SourceName;
  readonly endpoint: URL;
  readonly connection: EndpointConnection;
  readonly signer: RequestSigner;
  /** The clock, in milliseconds. */
  readonly nowMs: () => number;
}

export interface HttpSource extends RowSource {
  /** What the endpoint answers somebody who has no key, for a label. */
  answerUnsigned(label: string): Promise<EndpointAnswer>;
}

export function httpSource(parts: HttpSourceParts): HttpSource {
  const { name, endpoint, connection, signer, nowMs } = parts;
  let underWay = 0;

  const sendOnce = async (url: URL, headers: EndpointRequest["headers"], deadline: Deadline) =>
    await connection.send(url, {
      method: "GET",
      headers,
      maxBytes: LONGEST_ROW_BYTES,
      timeoutMs: deadline.remainingMs,
    });

  /** Asks once more where the server closed an idle connection just then (RFC 9110, section 9.2.2). */
  async function send(
    url: URL,
    headers: () => EndpointRequest["headers"],
    deadline: Deadline,
  ): Promise<WireAnswer> {
    try {
      return await sendOnce(url, headers(), deadline);
    } catch (error) {
      if (!isClosedConnection(error)) throw error;
      return await sendOnce(url, headers(), deadline);
    }
  }

  async function answerFor(label: string, deadline: Deadline): Promise<EndpointAnswer> {
    const url = questionUrl(endpoint, label);
    if (underWay >= ENDPOINT_BOUNDS.mostUnderWay) {
      throw unavailable(name, endpoint.origin, "too many questions under way");
    }
    underWay++;
    try {
      const wire = await send(url, () => signedHeaders(url, signer, nowMs()), deadline);
      return readAnswer(label, wire);
    } catch (error) {
      throw unavailable(name, endpoint.origin, faultOf(error), error);
    } finally {
      underWay--;
    }
  }

  return {
    rowsOf: async (labels) => {
      const deadline = new Deadline(ENDPOINT_BOUNDS.timeoutMs);
      const rows = new Map<string, SourceRow>();
      await Promise.all(
        labels.map(async (label) => {
          const answer = await answerFor(label, deadline);
          if (answer.kind === "unknown") throw unavailable(name, endpoint.origin, answer.fault);
          if (answer.kind === "yes") rows.set(label, answer.row);
        }),
      );
      return rows;
    },
    answerUnsigned: async (label) => {
      const deadline = new Deadline(ENDPOINT_BOUNDS.timeoutMs);
      const url = questionUrl(endpoint, label);
      try {
        return readAnswer(label, await send(url, unsignedHeaders, deadline));
      } catch (error) {
        return { kind: "unknown", fault: faultOf(error) };
      }
    },
    close: () => connection.close(),
  };
}
