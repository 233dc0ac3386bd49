/** The cases that every client is put into: the name it is given, and whether there is something to find. */

/** How a UniversalResolver reaches the resolver: in one call (ERC-7996), or through the batch gateway (ENSIP-21). */
export type Reach = "direct" | "batch";
export const REACHES: readonly Reach[] = ["direct", "batch"];

/** A resolver of its own for each state of its gateways. */
export type GatewayState =
  | "healthy"
  | "expired"
  | "wrongSigner"
  | "refused"
  | "unavailable"
  | "proxyError"
  | "refusedThenHealthy"
  | "unavailableThenHealthy"
  | "proxyErrorThenHealthy";

export const GATEWAY_STATES: readonly GatewayState[] = [
  "healthy",
  "expired",
  "wrongSigner",
  "refused",
  "unavailable",
  "proxyError",
  "refusedThenHealthy",
  "unavailableThenHealthy",
  "proxyErrorThenHealthy",
];

export interface ClientCase {
  /** What stands above its column. */
  readonly title: string;
  readonly gateway: GatewayState;
  /** The label below the domain, as a person types it. */
  readonly label: string;
  /** What is done with the name before the client gets it. */
  readonly given: "as typed" | "normalized by the client's own function";
  readonly asks: "one record" | "several records";
  /** What a client can know: that there is a record, that there is none, or nothing. */
  readonly truth: "value" | "absent" | "unknown";
}

/** The tables of the document. */
export interface CaseGroup {
  readonly title: string;
  readonly cases: readonly ClientCase[];
}

/** The labels that are published; a farmer is two emoji with a joiner between them. */
export const ALICE = "alice";
export const FARMER = "👨‍🌾🦊";
export const LONGEST_DNS_LABEL = "63-bytes".padEnd(63, "x");
export const LONGEST_LABEL = "255-bytes".padEnd(255, "x");
/** Of labels that the DNS form holds, but more than the registry takes. */
const TOO_LONG = Array.from({ length: 5 }, () => "y".repeat(250)).join(".");

const present: ClientCase = {
  title: "present",
  gateway: "healthy",
  label: ALICE,
  given: "as typed",
  asks: "one record",
  truth: "value",
};
const unknown: ClientCase = { ...present, truth: "unknown" };

export const CASE_GROUPS: readonly CaseGroup[] = [
  {
    title: "Answers",
    cases: [
      present,
      { ...present, title: "absent", label: "nobody", truth: "absent" },
      { ...unknown, title: "expired answer", gateway: "expired" },
      { ...unknown, title: "wrong signer", gateway: "wrongSigner" },
    ],
  },
  {
    title: "Names",
    cases: [
      { ...present, title: "mixed case, as typed", label: "ALICE" },
      {
        ...present,
        title: "mixed case, normalized first",
        label: "ALICE",
        given: "normalized by the client's own function",
      },
      { ...present, title: "emoji", label: FARMER },
      { ...present, title: "label of 63 bytes", label: LONGEST_DNS_LABEL },
      { ...present, title: "label of 255 bytes", label: LONGEST_LABEL },
      { ...present, title: "too long to be stored", label: TOO_LONG, truth: "absent" },
      { ...present, title: "several records at once", asks: "several records" },
    ],
  },
  {
    title: "The only gateway is down",
    cases: [
      { ...unknown, title: "nothing listens", gateway: "refused" },
      { ...unknown, title: "503: its database is slow", gateway: "unavailable" },
      { ...unknown, title: "502 and a page, from a proxy", gateway: "proxyError" },
    ],
  },
  {
    title: "The first gateway is down, the second answers",
    cases: [
      { ...present, title: "nothing listens on the first", gateway: "refusedThenHealthy" },
      { ...present, title: "503 from the first", gateway: "unavailableThenHealthy" },
      { ...present, title: "502 and a page from the first", gateway: "proxyErrorThenHealthy" },
    ],
  },
];

/** A record whose absence in a multicall must not disturb the others. */
export const ABSENT_KEY = "avatar";

export function domainOf(gateway: GatewayState, reach: Reach): string {
  return `${gateway.toLowerCase()}.${reach}.example.eth`;
}
