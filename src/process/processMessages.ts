/** What the processes behind one port tell one another: the primary, which serves nothing itself, and its workers. */
import type { Worker } from "node:cluster";

/** Where a worker listens; all of them say the same. */
export interface Listening {
  readonly url: string;
  readonly metricsUrl: string;
}

const ORDERS = [
  /** Tell the operator, for all, what you found. */
  "tell findings",
  /** Read again what can be changed without a restart. */
  "reload",
  /** Finish the requests under way and end. */
  "stop",
] as const;

export type Order = (typeof ORDERS)[number];

/** An order to a worker; one that has ended meanwhile needs none. */
export function order(worker: Worker, what: Order): void {
  if (worker.isConnected()) worker.send({ signpost: what }, () => undefined);
}

/** Tells the primary that this worker listens, and does what it orders from then on. */
export function obeyPrimary(
  { url, metricsUrl }: Listening,
  act: Readonly<Record<Order, () => void>>,
): void {
  process.on("message", (message: unknown) => {
    const what = told(message)?.signpost;
    const known = ORDERS.find((each) => each === what);
    if (known !== undefined) act[known]();
  });
  process.send?.({ signpost: "listening", url, metricsUrl });
}

/** What a worker said, if it said that it listens. */
export function listeningOf(message: unknown): Listening | null {
  const said = told(message);
  return said?.signpost === "listening" ? (said as unknown as Listening) : null;
}

function told(message: unknown): { readonly signpost: unknown } | null {
  return typeof message === "object" && message !== null && "signpost" in message ? message : null;
}
