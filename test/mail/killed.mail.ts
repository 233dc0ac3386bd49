/**
 * Between DM3 and Delta Chat, while the bridge is killed and its database's connections are cut: what was accepted is shown exactly
 * once. MAIL_SOAK=200 sends so many each way.
 */
import { expect } from "chai";
import type { Dm3MailUser, MailPerson, WrittenMail } from "../../src/demo/dm3MailUser.js";
import type { DeltaChatUser } from "../../src/demo/mail/deltaChatUser.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import { type ChildProgram, removeFolder, temporaryFolder } from "../childProgram.js";
import { cutConnections } from "../xmpp/wholeDatabase.js";
import { HASTY } from "../xmpp/wholeScene.js";
import { acquainted } from "./acquainted.js";
import { bridgeAsProgram } from "./bridgeChild.js";
import { until } from "./until.js";

const COUNT = Number(process.env["MAIL_SOAK"] ?? 32);
const PATIENCE_MS = 240_000 + COUNT * 1_000;

describe("a mail bridge that was killed", function () {
  this.timeout(PATIENCE_MS);
  let network: MailNetwork;
  let alice: DeltaChatUser;
  let carol: Dm3MailUser;
  let to: MailPerson;
  let folder: string;
  let bridge: ChildProgram | null = null;
  let chat: number;
  const toAlice: string[] = [];
  const toCarol: string[] = [];
  const written: WrittenMail[] = [];

  before(async () => {
    folder = await temporaryFolder();
    network = await startMailNetwork({
      ...{ databaseUrl: undefined, onStep: () => undefined },
      reportFailure: () => undefined, // there are many on the way
    });
    ({ alice, carol, to, chat } = await acquainted(network, HASTY));
    await network.world.bridge.stop();
    await start();
  });
  after(async () => {
    await kill();
    await network.stop();
    await removeFolder(folder);
  });

  async function start(): Promise<void> {
    bridge = await bridgeAsProgram(network.world.bridge, folder);
  }

  async function kill(): Promise<void> {
    bridge?.process.kill("SIGKILL");
    await bridge?.ended;
  }

  async function writeSome(round: number): Promise<void> {
    for (let index = 0; index < COUNT / FAULTS.length; index++) {
      const text = `${round}/${index} to Alice`;
      toAlice.push(text);
      written.push(await carol.write(to, { type: "NEW", text }));
      const back = `${round}/${index} to Carol`;
      toCarol.push(back);
      await alice.write(chat, { text: back });
    }
  }

  const atAlice = async () =>
    (await alice.messages()).map(({ text }) => text).filter((text) => text.endsWith("to Alice"));
  const atCarol = () =>
    carol.read
      .map(({ content }) => ("text" in content ? content.text : ""))
      .filter((text) => text.endsWith("to Carol"));

  /** What happens in each round, and whether the bridge runs until then. */
  const FAULTS: readonly (readonly [boolean, () => Promise<unknown>])[] = [
    [true, () => cutConnections(network.world.bridge.databaseUrl)],
    [true, kill],
    [false, start],
    [true, kill],
    [false, start],
    [true, () => cutConnections(network.world.bridge.databaseUrl)],
    [true, kill],
    [false, start],
  ];

  it("loses nothing and shows nothing twice, as nothing does whose connections were cut", async () => {
    for (const [round, [isRunning, fault]] of FAULTS.entries()) {
      await writeSome(round);
      // the first of this round is there, and the others are on their way
      if (isRunning) {
        const isOfRound = (text: string) => text.startsWith(`${round}/`);
        await until(async () => atCarol().some(isOfRound) || (await atAlice()).some(isOfRound));
      }
      await fault();
    }
    const ends = await Promise.all(written.map(({ sent }) => sent));
    expect(new Set(ends.map(({ state }) => state))).to.deep.equal(new Set(["accepted"]));
    const all = async () =>
      new Set(await atAlice()).size >= toAlice.length && new Set(atCarol()).size >= toCarol.length;
    await until(all);
    expect((await atAlice()).sort()).to.deep.equal([...toAlice].sort());
    expect(atCarol().sort()).to.deep.equal([...toCarol].sort());
    // Delta Chat tells all of its contacts of its key now and then, encrypted and unsigned: nothing to be shown
    const unread = carol.problems.filter(({ code }) => code !== "MAIL_UNSIGNED");
    expect(unread).to.deep.equal([]);
  });
});
