/** Connections to servers that the operator of this installation has named: private addresses are allowed. */
import { Agent } from "undici";

const MAX_HEADER_BYTES = 16_384;

/** For `exchange`, which bounds time and size and refuses redirects. */
export function operatorAgent(mostConnections: number): Agent {
  return new Agent({
    connections: mostConnections,
    maxHeaderSize: MAX_HEADER_BYTES,
    // the time-out of the whole request is the only one
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
