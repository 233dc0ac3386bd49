/** Turns of the senders of one outbox: slow receivers of one sender hold up nobody else. */
import type { Lease, Outbox } from "./outbox.js";
import type { Turns } from "./workParts.js";

/** A message that has to wait for others of its sender comes back after so long, one after the other. */
const PUT_OFF_MS = 500;
const BETWEEN_MS = 50;

/**
 * @param nowMs Unix time in milliseconds
 * @param most messages of one sender at a time
 */
export function senderTurns(
  outbox: Pick<Outbox, "write">,
  nowMs: () => number,
  most: number,
): Turns {
  const underWay = new Map<string, number>();
  const count = ({ message: { from } }: Lease, change: 1 | -1) => {
    const now = (underWay.get(from) ?? 0) + change;
    if (now > 0) underWay.set(from, now);
    else underWay.delete(from);
  };

  async function putOff(leases: readonly Lease[]): Promise<void> {
    const turns = new Map<string, number>();
    for (const lease of leases) {
      const { from } = lease.message;
      const turn = turns.get(from) ?? 0;
      turns.set(from, turn + 1);
      const dueMs = nowMs() + PUT_OFF_MS + turn * BETWEEN_MS;
      await outbox.write(lease, { ...lease.message, dueMs }, null);
    }
  }

  return {
    take: async (leases) => {
      const taken = leases.filter((lease) => {
        const mayGoOn = (underWay.get(lease.message.from) ?? 0) < most;
        if (mayGoOn) count(lease, 1);
        return mayGoOn;
      });
      await putOff(leases.filter((lease) => !taken.includes(lease)));
      return taken;
    },
    done: (leases) => {
      for (const lease of leases) count(lease, -1);
    },
  };
}
