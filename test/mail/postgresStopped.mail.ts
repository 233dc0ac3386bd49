/** Between DM3 and Delta Chat, while Postgres is stopped under bridge, relay nodes and registry: what was written then comes later, once. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Dm3MailUser, MailPerson, WrittenMail } from "../../src/demo/dm3MailUser.js";
import type { DeltaChatUser } from "../../src/demo/mail/deltaChatUser.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import { type PostgresServer, startPostgres } from "../faults/postgresServer.js";
import { HASTY } from "../xmpp/wholeScene.js";
import { acquainted } from "./acquainted.js";
import { until } from "./until.js";

describe("a mail bridge whose Postgres is stopped", function () {
  this.timeout(720_000);
  let postgres: PostgresServer;
  let network: MailNetwork;
  let alice: DeltaChatUser;
  let carol: Dm3MailUser;
  let to: MailPerson;
  let chat: number;

  before(async () => {
    postgres = await startPostgres();
    network = await startMailNetwork({
      ...{ databaseUrl: postgres.url, onStep: () => undefined },
      reportFailure: () => undefined, // there are many on the way
    });
    ({ alice, carol, to, chat } = await acquainted(network, HASTY));
  });
  after(async () => {
    await network.stop();
    await postgres.remove();
  });

  it("takes nothing that it cannot keep, and everything comes once when Postgres is back", async () => {
    const written: WrittenMail[] = [];
    const toAlice: string[] = [];
    const toCarol: string[] = [];
    const write = async (text: string) => {
      toAlice.push(`${text} to Alice`);
      written.push(await carol.write(to, { type: "NEW", text: `${text} to Alice` }));
      toCarol.push(`${text} to Carol`);
      await alice.write(chat, { text: `${text} to Carol` });
    };
    for (const end of ["stop", "kill"] as const) {
      await write(`just before ${end}`);
      await postgres[end]();
      await write(`after ${end}`);
      await delay(1_500);
      const texts = carol.read.map(({ content }) => ("text" in content ? content.text : ""));
      expect(texts).not.to.include(`after ${end} to Carol`);
      await postgres.start();
    }
    const atAlice = async () =>
      (await alice.messages()).map(({ text }) => text).filter((text) => text.endsWith("to Alice"));
    const atCarol = () =>
      carol.read
        .map(({ content }) => ("text" in content ? content.text : ""))
        .filter((text) => text.endsWith("to Carol"));
    const ends = await Promise.all(written.map(({ sent }) => sent));
    expect(ends.map(({ state }) => state)).to.deep.equal(written.map(() => "accepted"));
    await until(
      async () =>
        new Set(await atAlice()).size === toAlice.length &&
        new Set(atCarol()).size === toCarol.length,
    );
    expect((await atAlice()).sort()).to.deep.equal(toAlice.sort());
    expect(atCarol().sort()).to.deep.equal(toCarol.sort());
  });
});
