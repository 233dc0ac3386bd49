/** Before a person is asked, and before anything is sent: do gateways answer where clients will be sent to? */
import type { Change } from "../../admin/change.js";
import { assertGatewaysAnswer, newGatewayUrls } from "../../admin/probeGateways.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import { counted } from "../../terminal/counted.js";
import type { Session } from "./session.js";

/** On this machine as well, for a chain of one's own. Throws as `assertGatewaysAnswer`. */
export async function probe(change: Change, { flags, terminal }: Session): Promise<void> {
  const urls = newGatewayUrls(change);
  if (urls.length === 0 || flags.althoughUnreachable === true) return;
  terminal.tell(`Asking ${counted(urls.length, "gateway URL", "gateway URLs")} ...`);
  await assertGatewaysAnswer(urls, createGuardedFetcher({ allowLoopback: true }));
}
