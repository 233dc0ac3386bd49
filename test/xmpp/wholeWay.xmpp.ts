/**
 * From DM3 to two devices of an XMPP user and back, while devices, the gateway, its database's connections and the XMPP server fail one after
 * the other: what was accepted is shown exactly once by each device. XMPP_SOAK=1000 sends so many each way.
 */
import { expect } from "chai";
import { startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { type ChildProgram, removeFolder, temporaryFolder } from "../childProgram.js";
import { KINDS } from "./bothServers.js";
import { gatewayAsProgram } from "./gatewayChild.js";
import { type AtRelayNodes, openMessenger } from "./relayNodeUser.js";
import { eventually } from "./userClient.js";
import { cutConnections, dumpOf, mailboxOf } from "./wholeDatabase.js";
import {
  type Device,
  linked,
  LONG_MS,
  newPerson,
  openDevice,
  type Person,
  shows,
} from "./wholeScene.js";

const COUNT = Number(process.env["XMPP_SOAK"] ?? 60);
const PATIENCE_MS = LONG_MS + COUNT * 1_000;

for (const kind of KINDS) {
  describe(`the whole way under faults, on ${kind}`, function () {
    this.timeout(2 * PATIENCE_MS);
    let world: XmppWorld;
    let bob: Person;
    let phone: Device;
    let laptop: Device;
    let alice: AtRelayNodes;
    let folder: string;
    let program: ChildProgram | null = null;
    const toBob: string[] = [];
    const toAlice: string[] = [];
    const sent: (() => Promise<{ readonly state: string | null }>)[] = [];

    before(async () => {
      folder = await temporaryFolder();
      world = await startXmppWorld({
        ...{ kind, databaseUrl: undefined, onStep: () => undefined },
        reportFailure: () => undefined, // there are many on the way
      });
      bob = await newPerson(world.server, "bob", [world.gateway.name]);
      phone = await openDevice(world, bob, { resource: "phone" });
      laptop = await openDevice(world, bob, { resource: "laptop" });
      for (const device of [phone, laptop]) await linked(device);
      alice = await openMessenger(world, world.demo.people[0]!);
    });
    after(async () => {
      program?.process.kill("SIGKILL");
      await Promise.all([phone.logOut(), laptop.logOut(), alice.leave()]);
      await world.stop();
      await removeFolder(folder);
    });

    async function sendSome(round: number): Promise<void> {
      const share = Math.floor(COUNT / FAULTS.length);
      for (let index = 0; index < share; index++) {
        const text = `${round}/${index} to Bob`;
        const { id } = await alice.send("bob.chat.example.eth", text);
        toBob.push(text);
        sent.push(() => alice.settled(id));
        const device = index % 2 === 0 ? phone : laptop;
        const back = `${round}/${index} to Alice`;
        const own = await device.messenger().send(world.demo.people[0]!.name, back);
        toAlice.push(back);
        sent.push(() => device.messenger().settled(own.id));
      }
    }

    /** The first of this round is there, and the others are on their way. */
    const flows = (device: Device, round: number) =>
      eventually(
        () => device.shown.some(({ text }) => text.startsWith(`${round}/`)),
        `the first message of round ${round}`,
        PATIENCE_MS,
      );

    /** What happens in each round, and the device that gets messages when it does; null where none can. */
    const FAULTS: readonly (readonly [() => Device | null, () => Promise<unknown>])[] = [
      [() => phone, () => phone.kill()],
      [() => laptop, () => phone.back()],
      [() => phone, () => laptop.logOut()],
      [() => phone, () => cutConnections(world.gateway.databaseUrl)],
      [() => phone, () => world.gateway.stop()],
      [() => null, startProcess],
      [() => phone, killProcess],
      [() => null, () => world.gateway.startAgain()],
      [() => phone, () => world.server.stop()],
      [() => null, () => world.server.start().then(() => laptop.back())],
    ];

    /** The gateway again, as a process of its own. */
    async function startProcess(): Promise<void> {
      const { port } = new URL(world.gateway.url);
      program = await gatewayAsProgram(world.gateway, folder, port);
    }

    async function killProcess(): Promise<void> {
      program?.process.kill("SIGKILL");
      await program?.ended;
    }

    it("loses nothing and shows nothing twice", async () => {
      for (const [round, [receiving, fault]] of FAULTS.entries()) {
        // a device that is away cannot send, but keeps what it was given
        await sendSome(round);
        const device = receiving();
        if (device !== null) await flows(device, round);
        await fault();
      }
      const ends = await Promise.all(sent.map((settled) => settled()));
      expect(new Set(ends.map(({ state }) => state))).to.deep.equal(new Set(["accepted"]));

      for (const device of [phone, laptop]) await shows(device, toBob, PATIENCE_MS);
      await shows(alice, toAlice, PATIENCE_MS);
      const { databaseUrl } = world.gateway;
      const own = () => mailboxOf(databaseUrl, bob.profile.address);
      await eventually(async () => (await own()).waiting === 0, "an empty mailbox", PATIENCE_MS);

      for (const device of [phone, laptop]) expect(texts(device)).to.deep.equal([...toBob].sort());
      expect(texts(alice)).to.deep.equal([...toAlice].sort());
      expect((await own()).accepted).to.equal(toBob.length);
      const homes = await Promise.all(
        world.demo.relayNodes.map((node) =>
          mailboxOf(node.databaseUrl, world.demo.people[0]!.address),
        ),
      );
      // where her first relay node answers late, the second one has it as well
      const accepted = homes.reduce((sum, home) => sum + home.accepted, 0);
      expect(accepted).to.be.at.least(toAlice.length);
      console.log(
        `      ${toBob.length} each way; copies: phone ${phone.copies()}, laptop ${laptop.copies()}`,
      );
    });

    it("tells the end of what nobody takes to a device that was away meanwhile, until that knows it", async () => {
      const { databaseUrl } = world.gateway;
      const carol = await openMessenger(world, world.demo.people[2]!);
      const filters = { blockedSenders: [], minBalance: "1" };
      const set = await carol.setFilters(filters);
      expect(set.map(({ error }) => error)).to.deep.equal(set.map(() => null));
      await carol.leave();
      for (const node of world.demo.relayNodes) await node.stop();
      const { id } = await phone.messenger().send(world.demo.people[2]!.name, "Do you know me?");
      expect(await phone.messenger().settled(id)).to.include({ state: "accepted" });
      await phone.kill();
      for (const node of world.demo.relayNodes) await node.startAgain();
      const isTold = async () =>
        / \S*unwanted/.test(await dumpOf(databaseUrl, /_xmpp\.submission$/));
      await eventually(isTold, "an end", LONG_MS);
      await phone.back();
      const own = async () => (await phone.messenger().outgoing()).find((one) => one.id === id);
      await eventually(async () => (await own())?.state === "refused", "the end", LONG_MS);
      expect((await own())?.why).to.include({ reason: "unwanted" });
      await eventually(async () => !(await isTold()), "a note", LONG_MS);
    });
  });
}

const texts = ({ shown }: Pick<Device, "shown">) => shown.map(({ text }) => text).sort();
