/** What waits at a bridge comes to an end, and "nobody knows who wrote it" is not "nobody has that name". */
import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import type { VirtualUser } from "../../../src/messaging/bridge/custody.js";
import { ALICE, type BridgeWorld, ITSELF, MAILER_NAME, openBridgeWorld } from "./bridgeWorld.js";

const DAY_MS = 86_400_000;

describe("messaging: what waits for too long at a bridge", () => {
  let world: BridgeWorld;
  let user: VirtualUser;
  beforeEach(async () => {
    world = await openBridgeWorld();
    // messages are numbered by the database's clock
    world.relay.clock.nowMs = Date.now();
    user = await world.user();
  });
  afterEach(() => world.close());

  async function after(ms: number): Promise<void> {
    world.relay.clock.nowMs += ms;
    await world.gateway.poll();
    await world.gateway.idle();
  }
  /** The relay node takes a message, and from then on nobody can find out about its sender. */
  async function waitsForSender(profilesToo: boolean): Promise<string> {
    world.network.answer = () => Promise.reject(new SignpostError("UNREACHABLE", "Cut."));
    const hash = await world.aliceWrites(world.letter, user);
    world.network.answer = () => Promise.resolve({ is: "taken" });
    world.relay.names.answers = false;
    world.profiles.answer = !profilesToo;
    return hash;
  }

  it("is given up after five days where its sender's name cannot be found out, and not before", async () => {
    const reference = await waitsForSender(false);
    await after(5 * DAY_MS - 60_000);
    expect(await world.stateOf(1)).to.include({ state: "accepted" });
    await after(1_800_000);
    expect(await world.stateOf(1)).to.include({ state: "refused" });
    expect(world.network.sent, "nobody knows who wrote it").to.deep.equal([]);
    // ENS answered for the sender's relay nodes alone
    world.relay.names.answers = true;
    const [answer] = await world.onTheWay();
    expect(answer).to.include({ from: MAILER_NAME, to: ALICE });
    expect(answer!.content).to.include({ type: "REPLY", reference });
    expect(answer!.content).to.have.property("text").that.includes("waited for 5 days");
    expect(world.failures.map(String).join()).to.match(
      /from alice\.eth to bob@mail\.test was given up/,
    );
  });

  it("ends as well where its sender cannot be told, which the operator learns", async () => {
    await waitsForSender(true);
    await after(5 * DAY_MS + 60_000);
    expect(await world.stateOf(1)).to.include({ state: "refused" });
    expect(await world.outbox.list()).to.deep.equal([]);
    const codes = world.failures.map((error) => (error as SignpostError).code);
    expect(codes).to.deep.equal(["UNREACHABLE", "UNREACHABLE"]);
  });

  it("is refused at once where its sender's name leads to nobody any more", async () => {
    world.network.answer = () => Promise.reject(new SignpostError("UNREACHABLE", "Cut."));
    await world.aliceWrites(world.letter, user);
    const { persons } = world.relay.names;
    const person = persons.get(ALICE)!;
    persons.set(ALICE, { ...person, profile: null, sentence: "alice.eth has no profile." });
    await after(120_000);
    expect(await world.stateOf(1)).to.include({ state: "refused" });
    expect(world.network.sent).to.deep.equal([]);
  });

  it("goes on with the others of the same sender, once the name is found out again", async () => {
    await waitsForSender(false);
    await after(5 * DAY_MS + 60_000);
    world.relay.names.answers = true;
    await world.aliceWrites(world.letter, user);
    expect(world.network.sent).to.have.length(1);
  });

  it("ends alike where it is a question for the bridge itself", async () => {
    const bridge = await world.newCustody().userFor(ITSELF, world.gateway.events, { is: "proven" });
    world.profiles.answer = false;
    await world.aliceWrites({ type: "NEW", text: "a@mail.test" }, bridge);
    await after(5 * DAY_MS - 60_000);
    expect(await world.stateOf(1)).to.include({ state: "accepted" });
    await after(1_800_000);
    expect(await world.stateOf(1)).to.include({ state: "refused" });
  });
});
