/** An HTTP endpoint of a service as the source behind its domain. */
import { Deadline } from "../fetch/deadline.js";
import type { DomainSource } from "../registry/domains/domain.js";
import type { FoundRow, GatheredRows } from "../registry/sources/gatheredRows.js";
import { type EndpointAnswer, MOST_BYTES, readAnswer, type WireAnswer } from "./endpointAnswer.js";
import { faultOf, isClosedConnection, unavailable } from "./endpointFault.js";
import { questionUrl } from "./endpointUrl.js";
import { watchForOutage } from "./outage.js";
import { signedHeaders, unsignedHeaders } from "./signedQuestion.js";
import type { RequestSigner } from "./signingKey.js";

/** Of one endpoint. */
export const ENDPOINT_BOUNDS = {
  /** Kept alive: with 10 ms an answer, 3,200 answers a second. */
  mostConnections: 32,
  /** With what waits for a connection; more are refused at once. */
  mostUnderWay: 256,
  /** For a question, waiting included: clients give up after 10 s and ask several things. */
  timeoutMs: 2_000,
  /** For a connection, of that. */
  connectTimeoutMs: 1_500,
} as const;

/** How the endpoint is reached: the caller's HTTP client, which guards addresses and follows no redirects. */
interface EndpointConnection {
  /** @throws FORBIDDEN_ADDRESS, UNREACHABLE, TOO_LARGE; any status but a redirect is an answer */
  send(url: URL, request: EndpointRequest): Promise<WireAnswer>;
  /** What is under way fails. */
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
  readonly source: DomainSource;
  readonly endpoint: URL;
  readonly connection: EndpointConnection;
  readonly signer: RequestSigner;
  /** The clock, Unix time in milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Rows that are asked for one by one: each answer stands by itself, so that a label at which the service fails costs no
 * other one. `rowOf` throws SOURCE_UNAVAILABLE within `timeoutMs` when the endpoint says neither yes nor no.
 */
export interface HttpSource extends GatheredRows {
  /** What the endpoint answers somebody who has no key. */
  readonly answerUnsigned: (label: string) => Promise<EndpointAnswer>;
  /** Lets go of its connections; what is under way fails. */
  readonly close: () => Promise<void>;
}

export function httpSource(parts: HttpSourceParts): HttpSource {
  const { source, endpoint, connection, signer, nowMs } = parts;
  const outage = watchForOutage(nowMs);
  let underWay = 0;

  /** The answer of one question; its headers are made anew for each request. */
  async function ask(
    label: string,
    headersOf: (url: URL) => EndpointRequest["headers"],
  ): Promise<EndpointAnswer> {
    const url = questionUrl(endpoint, label);
    const deadline = new Deadline(ENDPOINT_BOUNDS.timeoutMs);
    const send = () =>
      connection.send(url, {
        method: "GET",
        headers: headersOf(url),
        maxBytes: MOST_BYTES,
        timeoutMs: deadline.remainingMs,
      });
    try {
      return readAnswer(label, await send());
    } catch (error) {
      // once more where the server closed an idle connection just then (RFC 9110, section 9.2.2)
      if (!isClosedConnection(error)) throw error;
      return readAnswer(label, await send());
    }
  }

  async function askSigned(label: string): Promise<EndpointAnswer> {
    try {
      const answer = await ask(label, (url) => signedHeaders(url, signer, nowMs()));
      outage.answered();
      return answer;
    } catch (error) {
      const fault = faultOf(error);
      if (fault === "redirect" || fault === "answer too large") outage.answered();
      else outage.missed(fault);
      throw unavailable(source, endpoint.origin, fault, error);
    }
  }

  return {
    rowOf: async (label): Promise<FoundRow> => {
      const refusal =
        underWay < ENDPOINT_BOUNDS.mostUnderWay ? outage.refusal() : "too many questions under way";
      if (refusal !== null) throw unavailable(source, endpoint.origin, refusal);
      underWay++;
      try {
        const answer = await askSigned(label);
        if (answer.kind === "unknown") throw unavailable(source, endpoint.origin, answer.fault);
        return answer.kind === "yes" ? answer.row : null;
      } finally {
        underWay--;
      }
    },
    answerUnsigned: async (label) => {
      try {
        return await ask(label, unsignedHeaders);
      } catch (error) {
        return { kind: "unknown", fault: faultOf(error) };
      }
    },
    close: () => connection.close(),
  };
}
