/** How many connections there are, of everybody and of one network. */
import { networkOf } from "./inboundLimits.js";
import { tooManyConnections } from "./smtpReply.js";

export interface ConnectionBounds {
  readonly atOnce: number;
  readonly atOnceOfNetwork: number;
}

export interface ConnectionCounts {
  /** Throws SmtpRefusal. */
  readonly open: (id: string, ip: string) => void;
  readonly close: (id: string) => void;
}

export function connectionCounts(bounds: ConnectionBounds): ConnectionCounts {
  const networkOfId = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    open: (id, ip) => {
      const network = networkOf(ip);
      const count = counts.get(network) ?? 0;
      if (count >= bounds.atOnceOfNetwork) throw tooManyConnections();
      counts.set(network, count + 1);
      networkOfId.set(id, network);
    },
    close: (id) => {
      const network = networkOfId.get(id);
      if (network === undefined) return;
      networkOfId.delete(id);
      const left = (counts.get(network) ?? 1) - 1;
      if (left > 0) counts.set(network, left);
      else counts.delete(network);
    },
  };
}
