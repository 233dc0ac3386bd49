/** One question to one gateway URL, with everything that came back. */
import { isSignpostError, SignpostError } from "../../errors.js";
import type { FetchRequest } from "../../fetch/fetcher.js";
import { foreignText } from "../../fetch/foreignText.js";
import { shortReason } from "../../fetch/serversAsked.js";
import {
  gatewayMessage,
  type GatewayQuery,
  gatewayRequest,
  hexBytes,
} from "../../lookup/gatewayQuery.js";
import type { HttpAnswer } from "../../net/guardedFetch.js";
import { observation, patienceMs, type Patient } from "../patient.js";
import { addressLookup, gatewayUrlsOf, type Lookup } from "./lookup.js";

export type GatewayExchange =
  | {
      readonly kind: "answered";
      readonly method: FetchRequest["method"];
      readonly http: HttpAnswer;
      /** From sending to the last byte, in milliseconds. */
      readonly durationMs: number;
      /** `Date.now()` at the last byte. */
      readonly receivedAtMs: number;
      /** The response for the resolver's callback, or null when it is no `{"data": "0x..."}` with status 2xx. */
      readonly response: Uint8Array | null;
      /** What the gateway says of an error, fit to print; empty when nothing. */
      readonly message: string;
    }
  | { readonly kind: "unreachable"; readonly reason: string };

/** A page that browsers would ask from. */
export const ORIGIN = "https://doctor.example";

/** Expands the template and asks once. */
export async function askGateway(
  patient: Patient,
  template: string,
  query: Pick<GatewayQuery, "sender" | "callData">,
): Promise<GatewayExchange> {
  const request = gatewayRequest(template, query, patienceMs(patient));
  const headers = {
    accept: "application/json",
    origin: ORIGIN,
    ...(request.body === undefined ? {} : { "content-type": "application/json" }),
  };
  const startedMs = performance.now();
  try {
    const http = await patient.exchange({ ...request, headers });
    const { data, message } = gatewayMessage(http.body);
    const ok = http.status >= 200 && http.status < 300;
    return {
      kind: "answered",
      method: request.method,
      http,
      durationMs: performance.now() - startedMs,
      receivedAtMs: Date.now(),
      response: ok ? hexBytes(data) : null,
      message: typeof message === "string" ? foreignText(message) : "",
    };
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE", "FORBIDDEN_ADDRESS", "TOO_LARGE")) throw error;
    return { kind: "unreachable", reason: foreignText(shortReason(error)) };
  }
}

/** Every gateway URL asked for the name's address: all at once, so that slow ones wait for one another. */
const addressExchanges = observation(async (patient: Patient) => {
  const lookup = await addressLookup(patient);
  const exchanges = new Map<string, Promise<GatewayExchange>>();
  if (lookup === null) return exchanges;
  for (const url of await gatewayUrlsOf(patient)) {
    exchanges.set(url, askGateway(patient, url, lookup));
  }
  return exchanges;
});

export async function addressExchange(patient: Patient, url: string): Promise<GatewayExchange> {
  const exchange = (await addressExchanges(patient)).get(url);
  if (exchange === undefined) throw new SignpostError("INTERNAL", "That URL was not asked.");
  return await exchange;
}

/** The exchange and its lookup, for checks that need `gateway-answer`. */
export async function answeredExchange(patient: Patient, url: string) {
  const exchange = await addressExchange(patient, url);
  const lookup: Lookup | null = await addressLookup(patient);
  if (lookup === null || exchange.kind !== "answered" || exchange.response === null) {
    throw new SignpostError("INTERNAL", "There is no answer to look at.");
  }
  return { lookup, ...exchange, response: exchange.response };
}
