/** The small mail server of demo and tests, where a client does not keep to the rules. */
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { startMailServer } from "../../../src/demo/mail/mailServer.js";
import { talkTo } from "../../mail/smtpTalk.js";

describe("demo: the mail server", () => {
  it("goes on when a client is killed in the middle of a mail", async () => {
    const server = await startMailServer();
    server.accounts.add({ address: "alice@mail.test", password: "secret" });
    const socket = connect(server.smtpPort, "127.0.0.1").on("error", () => undefined);
    for (const line of ["EHLO x", "MAIL FROM:<x@y.test>", "RCPT TO:<alice@mail.test>", "DATA"]) {
      await new Promise((answered) => socket.once("data", answered));
      socket.write(`${line}\r\n`);
    }
    await new Promise((answered) => socket.once("data", answered));
    await new Promise<void>((written) =>
      socket.write("Subject: x\r\n", () => {
        written();
      }),
    );
    // the server has read it then
    await delay(100);
    socket.resetAndDestroy();
    await delay(100);
    const talk = await talkTo(server.smtpPort);
    expect(await talk.say("EHLO x")).to.match(/^250/);
    talk.end();
    await server.stop();
  });
});
