/** What every outbox does, whatever it is made of. */
import { expect } from "chai";
import fc from "fast-check";
import { MESSAGE_STATES, raisedState } from "../../src/dm3/message/messageState.js";
import { newOutgoing } from "../../src/sending/newOutgoing.js";
import type { Outbox } from "../../src/sending/outbox.js";
import { type OutgoingMessage, raised } from "../../src/sending/outgoingMessage.js";

const HASH = `0x${"ab".repeat(32)}` as const;
const LEASE_MS = 150;

export const sample = (id: string, nowMs = Date.now()): OutgoingMessage =>
  newOutgoing(
    {
      id,
      given: { type: "NEW", text: "a secret", from: "alice.eth", to: "bob.eth", timestampMs: 1 },
    },
    nowMs,
    60_000,
  );

export function holdsTheContract(name: string, make: () => Promise<Outbox> | Outbox): void {
  describe(name, () => {
    let outbox: Outbox;
    let count = 0;
    const newId = () => `${name} ${++count}`;
    const time = (leaseMs = LEASE_MS) => ({ nowMs: Date.now(), leaseMs });
    const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

    beforeEach(async () => {
      outbox = await make();
    });

    it("keeps a message once, and gives it to one worker at a time", async () => {
      const id = newId();
      const [first, again] = [await outbox.add(sample(id)), await outbox.add(sample(id))];
      expect([first, again]).to.deep.equal([true, false]);
      const leases = await Promise.all([outbox.lease(time(), 5), outbox.lease(time(), 5)]);
      expect(leases.flat().map(({ message }) => message)).to.deep.equal([
        { ...sample(id), ...(await outbox.get(id)), given: sample(id).given },
      ]);
      expect(await outbox.lease(time(), 5)).to.deep.equal([]);
    });

    it("gives at most as many as are asked for, oldest first, and none before its time", async () => {
      const now = Date.now();
      const ids = [newId(), newId(), newId()];
      for (const [index, id] of ids.entries()) await outbox.add(sample(id, now - index));
      await outbox.add({ ...sample(newId()), dueMs: now + 60_000 });
      const leased = await outbox.lease(time(), 2);
      expect(leased.map(({ message }) => message.id)).to.deep.equal([ids[2], ids[1]]);
      expect(await outbox.lease(time(), 5)).to.have.length(1);
      const next = await outbox.nextDueMs();
      expect(next).to.be.within(now + 1, now + 60_000);
    });

    it("fences off a worker whose lease ran out", async () => {
      const id = newId();
      await outbox.add(sample(id));
      const [first] = await outbox.lease(time(), 1);
      await pass(LEASE_MS + 20);
      const [second] = await outbox.lease(time(), 1);
      expect(second!.fence).to.be.above(first!.fence);
      const done = raised(first!.message, "refused");
      expect(await outbox.write(first!, done, null)).to.equal(null);
      expect(await outbox.prolong(first!, time())).to.equal(false);
      expect(await outbox.get(id)).to.include({ state: null });
      const accepted = raised(second!.message, "accepted");
      expect(await outbox.write(second!, accepted, null)).to.include({ state: "accepted" });
      expect(await outbox.nextDueMs()).to.equal(null);
    });

    it("lets a lease go on as long as it is prolonged, and gives it back", async () => {
      const id = newId();
      await outbox.add(sample(id));
      const [lease] = await outbox.lease(time(), 1);
      for (let each = 0; each < 3; each++) {
        await pass(LEASE_MS / 2);
        expect(await outbox.prolong(lease!, time())).to.equal(true);
      }
      expect(await outbox.lease(time(), 1)).to.deep.equal([]);
      await outbox.write(lease!, lease!.message, null);
      expect(await outbox.lease(time(), 1)).to.have.length(1);
    });

    it("lets a receipt win over what a worker writes later", async () => {
      const id = newId();
      await outbox.add(sample(id));
      const [lease] = await outbox.lease(time(), 1);
      const signed = { ...lease!.message, messageHash: HASH };
      await outbox.write(lease!, signed, time());
      expect((await outbox.withHash(HASH)).map((one) => one.id)).to.deep.equal([id]);
      expect(await outbox.raise(id, "delivered")).to.include({ state: "delivered" });
      const late = await outbox.write(lease!, raised(signed, "expired"), null);
      expect(late).to.include({ state: "delivered", dueMs: null });
      expect(await outbox.get(id)).to.include({ state: "delivered" });
      expect(await outbox.lease(time(), 5)).to.deep.equal([]);
      expect(await outbox.raise("nobody's", "delivered")).to.equal(null);
    });

    it("has states that only go up, whoever writes in whatever order", async () => {
      const step = fc.record({
        state: fc.option(fc.constantFrom(...MESSAGE_STATES), { nil: null }),
        isWorker: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
          const id = newId();
          await outbox.add(sample(id));
          const [lease] = await outbox.lease(time(5_000), 1);
          let highest: OutgoingMessage["state"] = null;
          for (const { state, isWorker } of steps) {
            const message = lease!.message;
            if (isWorker) {
              await outbox.write(
                lease!,
                state === null ? message : raised(message, state),
                time(5_000),
              );
            } else if (state !== null) {
              await outbox.raise(id, state);
            }
            if (state !== null) highest = raisedState(highest, state);
            expect((await outbox.get(id))!.state).to.equal(highest);
          }
          await outbox.remove(id);
        }),
        { numRuns: 30 },
      );
    });

    it("takes away and forgets, and what is on its way is not forgotten", async () => {
      const [gone, over, open] = [newId(), newId(), newId()];
      for (const id of [gone, over, open]) await outbox.add(sample(id, 1_000));
      expect(await outbox.remove(gone)).to.equal(true);
      expect(await outbox.remove(gone)).to.equal(false);
      await outbox.raise(over, "refused");
      await outbox.forget(1_000);
      expect(await outbox.get(over)).not.to.equal(null);
      await outbox.forget(1_001);
      expect(await outbox.get(over)).to.equal(null);
      expect(await outbox.get(open)).to.include({ id: open });
    });
  });
}
