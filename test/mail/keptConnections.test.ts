/** Connections that stay open between mails: used again, few, and never a reason for a mail to be lost or to come twice. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type KeptConnections, keptConnections } from "../../src/mail/keptConnections.js";
import type { SmtpPeer } from "../../src/mail/smtpConnection.js";
import { exchange } from "../../src/mail/smtpExchange.js";
import { startMailServer, type TestMailServer, type TestMailServerOptions } from "./mailServer.js";
import { until } from "./until.js";

describe("mail: kept connections", () => {
  let server: TestMailServer;
  let kept: KeptConnections;

  async function open(
    options: TestMailServerOptions = {},
    bounds: Parameters<typeof keptConnections>[0] = {},
  ): Promise<void> {
    server = await startMailServer(options);
    kept = keptConnections(bounds);
  }
  afterEach(async () => {
    kept.stop();
    await server.stop();
  });

  const peer = (): SmtpPeer => ({
    ...{ host: "127.0.0.1", port: server.port, name: "mx.mail.test" },
    ...{ tls: "if offered", isImplicitTls: false, account: null },
  });
  const send = (text: string, to: Partial<SmtpPeer> = {}) => {
    const parts = [Buffer.from("Subject: ...\r\n\r\n"), Buffer.from(`${text}\r\n`)];
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const mail = { sender: "r@bridge.test", recipient: "alice@mail.test", parts, length };
    return exchange({ ...peer(), ...to }, "bridge.test", mail, 10_000, kept);
  };
  const texts = () => server.mails.map(({ text }) => text.slice(text.indexOf("\r\n\r\n") + 4, -2));

  it("takes the next mail to the same server on the same connection", async () => {
    await open();
    for (const text of ["one", "two", "three"]) {
      expect(await send(text)).to.deep.equal({ is: "taken" });
    }
    expect(texts()).to.deep.equal(["one", "two", "three"]);
    expect(server.connections()).to.deep.equal({ ever: 1, now: 1 });
  });

  it("has one for each mail of several at a time, and for each way to a server", async () => {
    await open();
    await Promise.all([send("one"), send("two")]);
    expect(server.connections().ever).to.equal(2);
    for (const other of [{ name: "other.test" }, { tls: "required" as const }]) {
      const { ever } = server.connections();
      await send("other", other);
      expect(server.connections().ever).to.be.above(ever);
    }
  });

  it("begins anew where the server ended it meanwhile, or takes only so many mails on it", async () => {
    await open({ mailsOnOne: 2 });
    await send("one");
    server.cut();
    await until(() => server.connections().now === 0);
    for (const text of ["two", "three", "four"]) {
      expect(await send(text)).to.deep.equal({ is: "taken" });
    }
    expect(texts()).to.deep.equal(["one", "two", "three", "four"]);
    expect(server.connections().ever).to.equal(3);
  });

  it("begins anew where the connection is cut before the mail is begun", async () => {
    await open();
    await send("one");
    const { answers } = server;
    answers.set("MAIL", "cut");
    answers.get = (command) => {
      const answer = Map.prototype.get.call(answers, command) as ReturnType<typeof answers.get>;
      answers.delete(command);
      return answer;
    };
    expect(await send("two")).to.deep.equal({ is: "taken" });
    expect(server.connections().ever).to.equal(2);
    expect(texts()).to.deep.equal(["one", "two"]);
  });

  it("asks once more, on a new one, before a mail is refused for good", async () => {
    await open();
    await send("one");
    server.answers.set("RCPT", [550, "5.1.1 Nobody"]);
    expect(await send("two")).to.deep.equal({ is: "refused", sentence: "550 5.1.1 Nobody" });
    expect(server.connections().ever).to.equal(2);
    await until(() => server.connections().now === 0);
  });

  it("does not send a mail again that was begun", async () => {
    await open();
    await send("one");
    server.answers.set("DATA", "cut");
    const answer = await send("two");
    expect(answer).to.include({ is: "unreachable", before: false });
    expect(texts()).to.deep.equal(["one", "two"]);
    expect(server.connections().ever).to.equal(1);
  });

  for (const [name, bounds] of [
    ["so many mails", { mails: 1 }],
    ["so long", { oldestMs: 0 }],
    ["without a mail for so long", { idleMs: 20 }],
    ["where so many wait for that server", { toOne: 0 }],
    ["where so many wait in all", { toAll: 0 }],
  ] as const) {
    it(`ends it after ${name}`, async () => {
      await open({}, bounds);
      await send("one");
      await until(() => server.connections().now === 0);
      await send("two");
      expect(server.connections().ever).to.equal(2);
    });
  }

  it("ends all when it stops, and keeps none afterwards", async () => {
    await open();
    await send("one");
    kept.stop();
    await until(() => server.connections().now === 0);
    await send("two");
    await delay(20);
    expect(server.connections().now).to.equal(0);
  });
});
