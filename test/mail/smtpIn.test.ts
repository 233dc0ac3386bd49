/** What is taken over SMTP, from whom and how much: recipients, bytes, ends of lines, copies, circles. */
import { expect } from "chai";
import { type Provider, providerOf } from "../../src/demo/mail/provider.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { SignpostError } from "../../src/errors.js";
import { rateLimits } from "../../src/http/fairness/rateLimits.js";
import { USUAL_INBOUND } from "../../src/mail/inboundLimits.js";
import { USUAL_BUDGET } from "../../src/mail/usualBounds.js";
import { formatNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { expectRejection } from "../expectError.js";
import { armoredFor, encryptedBody, mailOf, openPgpUser, signedBy } from "./mails.js";
import { type MailScene, startScene } from "./mailScene.js";
import { armorOf, onlyLooksEncrypted, packet } from "./onlyLooksEncrypted.js";
import { deliver, talkTo } from "./smtpTalk.js";

describe("mail: SMTP in", () => {
  let scene: MailScene;
  let provider: Provider;
  let armored: string;
  let count = 0;

  const prepare = (made: MailScene) => {
    made.dns.zones.set(provider.name, { TXT: [provider.record] });
    made.dns.zones.set("mail.test", {});
    return made;
  };
  before(async () => {
    provider = providerOf("mail.test", "ed25519");
    const { publicKey } = await openPgpUser("carol.eth@bridge.test");
    armored = await armoredFor(publicKey, "hello");
    scene = prepare(await startScene());
  });
  after(() => scene.stop());
  beforeEach(() => {
    scene.received.length = 0;
    scene.troubles.length = 0;
  });

  const freshBody = () => encryptedBody(armored.replace("\r\n", `\r\nComment: ${++count}\r\n`));
  const goodMail = (more: readonly string[] = []) =>
    signedBy(mailOf({ body: freshBody(), more }), provider);
  /** Encrypted by its packets, of so many octets. */
  const largeMail = (octets: number) => {
    const length = Buffer.alloc(5, 0xff);
    length.writeUInt32BE(octets, 1);
    const key = packet(1, Buffer.from([3, ...Buffer.alloc(90)]));
    const data = Buffer.concat([Buffer.from([0xd2]), length, Buffer.alloc(octets, ++count)]);
    data[6] = 1;
    return signedBy(mailOf({ body: encryptedBody(armorOf(Buffer.concat([key, data]))) }), provider);
  };

  describe("takes recipients", () => {
    let say: (line: string) => Promise<string>;
    let end: () => void;
    before(async () => {
      ({ say, end } = await talkTo(scene.port));
    });
    after(() => {
      end();
    });
    beforeEach(async () => {
      await say("RSET");
      await say("MAIL FROM:<alice@mail.test>");
    });

    for (const [recipient, answer] of [
      ["<carol.eth@bridge.test>", /^250 /],
      ["<Carol.ETH@BRIDGE.test>", /^250 /],
      ["<x-nlb3y4thmvxc4zluna@bridge.test>", /^250 /],
      ["<nobody.com@bridge.test>", /^550 5\.1\.1 Nobody has the address nobody\.com@bridge\.test/],
      ["<x-mfrgg@bridge.test>", /^550 5\.1\.1 /],
      ["<postmaster@bridge.test>", /^550 5\.1\.1 /],
      ["<carol.eth@other.test>", /^550 5\.7\.1 This server takes mail for bridge\.test alone/],
      ['<"carol.eth"@bridge.test>', /^553 5\.1\.3 /],
      ["<carol.eth%mail.test@bridge.test>", /^550 5\.1\.1 /],
      ["<jürgen.eth@bridge.test>", /^553 5\.6\.7 /],
      ["<carol.eth@bridge.test> NOTIFY=NEVER", /^555 5\.5\.4 The parameter NOTIFY/],
      ["<carol.eth@bridge.test> X=1", /^555 5\.5\.4 /],
      ["<carol.eth SIZE=1@bridge.test>", /^501 /],
      ["<carol.eth@bridge.test>SIZE=1", /^501 /],
      ["<carol.eth>SIZE=1@bridge.test>", /^501 /],
      ["<stop@bridge.test>", /^250 /],
      [`<r+${"a".repeat(20)}@bridge.test>`, /^550 5\.1\.1 /],
    ] as const) {
      it(recipient, async () => {
        expect(await say(`RCPT TO:${recipient}`)).to.match(answer);
      });
    }

    it("from a table where their address is a hash", async () => {
      const hashed = `h-${"a".repeat(51)}q`;
      expect(await say(`RCPT TO:<${hashed}@bridge.test>`)).to.match(/^550 5\.1\.1 /);
      scene.events.nameOfHash = () => Promise.resolve(`${"long".repeat(20)}.eth` as NormalName);
      expect(await say(`RCPT TO:<${hashed}@bridge.test>`)).to.match(/^250 /);
    });

    it("later, where it could not be found out whether they exist", async () => {
      const { exists } = scene.events;
      scene.events.exists = () => Promise.reject(new SignpostError("UNREACHABLE", "Ask later."));
      expect(await say("RCPT TO:<carol.eth@bridge.test>")).to.match(/^451 4\.3\.0 /);
      scene.events.exists = () => Promise.reject(new TypeError("a defect"));
      expect(await say("RCPT TO:<carol.eth@bridge.test>")).to.match(/^451 4\.3\.0 /);
      expect(scene.troubles.map(({ code }) => code)).to.deep.equal(["INTERNAL"]);
      scene.events.exists = exists;
    });

    it("fifty at most", async () => {
      for (let n = 0; n < 50; n++)
        expect(await say(`RCPT TO:<u${n}.eth@bridge.test>`)).to.match(/^250 /);
      expect(await say("RCPT TO:<more.eth@bridge.test>")).to.match(/^452 4\.5\.3 /);
    });

    it("and none beside an address for reports or for opting out", async () => {
      await say("RCPT TO:<carol.eth@bridge.test>");
      expect(await say("RCPT TO:<stop@bridge.test>")).to.match(/^550 5\.7\.1 /);
    });
  });

  it("refuses plaintext with a sentence that says what to do", async () => {
    const mail = await signedBy(
      mailOf({ type: "Content-Type: text/plain", body: "hello" }),
      provider,
    );
    expect(await deliver(scene.port, `${mail}\r\n`)).to.match(
      /^550 5\.7\.1 This mail is not encrypted\. .*get the recipient's key, turn encryption on/,
    );
    expect(scene.received).to.have.length(0);
  });

  it("refuses what only looks encrypted, although it is signed", async () => {
    for (const { type, body } of onlyLooksEncrypted(armored).slice(0, 3)) {
      const mail = await signedBy(mailOf({ type, body: `${body}\r\n` }), provider);
      expect(await deliver(scene.port, mail)).to.match(/^550 5\.7\.1 This mail is no/);
    }
    expect(scene.received).to.have.length(0);
  });

  describe("refuses a header", () => {
    for (const [name, change, problem] of [
      [
        "with a line that is no field",
        (mail: string) => mail.replace("\r\nSubject:", "\r\nno field\r\nSubject:"),
        /no field/,
      ],
      ["that begins with a blank", (mail: string) => ` x\r\n${mail}`, /no field/],
      [
        "with a long line",
        (mail: string) => `X: ${"x".repeat(1_000)}\r\n${mail}`,
        /too long lines/,
      ],
      [
        "of 70 kB",
        (mail: string) => `${`X: ${"x".repeat(990)}\r\n`.repeat(71)}${mail}`,
        /too long/,
      ],
      ["that is empty", (mail: string) => `\r\n${mail}`, /is empty/],
      ["without an end", () => "From: a@mail.test\r\n", /has no end/],
    ] as const) {
      it(name, async () => {
        expect(await deliver(scene.port, change(await goodMail()))).to.match(problem);
      });
    }
  });

  describe("refuses bare ends of lines and closes the connection", () => {
    for (const [name, bare] of [
      ["LF", "\n"],
      ["CR", "\r"],
      ["LF at the end of a piece", "x\n\n"],
      ["a second mail that hides behind one", "\n.\nMAIL FROM:<eve@mail.test>\n"],
      ["a second mail that hides behind a CR", "\r.\rMAIL FROM:<eve@mail.test>\r"],
    ] as const) {
      it(name, async () => {
        const talk = await talkTo(scene.port);
        for (const line of [
          "MAIL FROM:<alice@mail.test>",
          "RCPT TO:<carol.eth@bridge.test>",
          "DATA",
        ]) {
          await talk.say(line);
        }
        talk.write((await goodMail()).replace("Version: 1", `Version: 1${bare}`));
        talk.write(".\r\nMAIL FROM:<eve@mail.test>\r\nRCPT TO:<carol.eth@bridge.test>\r\n");
        expect(await talk.answer()).to.match(/^550 5\.5\.2 .*CRLF/);
        await talk.closed;
        expect(scene.received).to.have.length(0);
      });
    }
  });

  it("unescapes dots, and only those", async () => {
    const mail = await goodMail(["X-Dots: a\n .b\n ..c"]);
    expect(await deliver(scene.port, mail)).to.match(/^250 /);
    expect(Buffer.from(scene.received[0]!.bytes).toString()).to.equal(mail);
  });

  describe("bounds the size", () => {
    it("by what a server declares", async () => {
      const talk = await talkTo(scene.port);
      expect(await talk.say("MAIL FROM:<alice@mail.test> SIZE=2000001")).to.match(/^552 /);
      expect(await talk.say("EHLO again")).to.include("SIZE 2000000");
      talk.end();
    });

    it("by what comes, where nothing was declared", async () => {
      expect(await deliver(scene.port, await largeMail(1_500_000))).to.match(
        /^552 5\.3\.4 .*2000000 bytes/,
      );
      expect(scene.received).to.have.length(0);
    });

    it("and reads no more of what goes on and on", async () => {
      const talk = await talkTo(scene.port);
      for (const line of [
        "MAIL FROM:<alice@mail.test>",
        "RCPT TO:<carol.eth@bridge.test>",
        "DATA",
      ]) {
        await talk.say(line);
      }
      const line = Buffer.from("x".repeat(98) + "\r\n");
      const piece = Buffer.concat(Array.from({ length: 10_000 }, () => line));
      for (let n = 0; n < 6; n++) talk.write(piece);
      expect(await talk.answer()).to.match(/^552 5\.3\.4 /);
      await talk.closed;
    });

    it("of all together: what is too much at the moment comes again", async () => {
      const budget = {
        mostBytes: 2_000_000,
        largeBytes: 9_000_000,
        largeAtOnce: 1,
        longestWaitMs: 50,
      };
      const small = prepare(await startScene(() => ({ budget })));
      expect(await deliver(small.port, await largeMail(1_000_000))).to.match(/^452 4\.3\.1 /);
      expect(await deliver(small.port, await largeMail(300_000))).to.match(/^250 /);
      expect(await deliver(small.port, await largeMail(300_000)), "freed").to.match(/^250 /);
      await small.stop();
    });

    it("of large ones at once: the next one waits for its turn", async () => {
      const budget = {
        mostBytes: 90_000_000,
        largeBytes: 1_000_000,
        largeAtOnce: 1,
        longestWaitMs: 15_000,
      };
      const narrow = prepare(await startScene(() => ({ budget })));
      let underWay = 0;
      let most = 0;
      narrow.events.received = async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve, 20));
        underWay--;
      };
      const mails = await Promise.all([1, 2, 3, 4].map(() => largeMail(900_000)));
      const answers = await Promise.all(mails.map((mail) => deliver(narrow.port, mail)));
      for (const answer of answers) expect(answer).to.match(/^250 /);
      expect(most).to.equal(1);
      await narrow.stop();
    });
  });

  it("bounds the time of one mail", async () => {
    const slow = await startScene((usual) => ({ inlet: { ...usual.inlet, longestMailMs: 50 } }));
    const talk = await talkTo(slow.port);
    for (const line of ["MAIL FROM:<alice@mail.test>", "RCPT TO:<carol.eth@bridge.test>", "DATA"]) {
      await talk.say(line);
    }
    expect(await talk.answer()).to.match(/^421 4\.4\.2 /);
    await talk.closed;
    await slow.stop();
  });

  it("keeps nothing of a mail whose connection ends in its middle, and frees its memory", async () => {
    const budget = { ...USUAL_BUDGET, mostBytes: 2_100_000 };
    const small = prepare(await startScene(() => ({ budget })));
    for (let n = 0; n < 3; n++) {
      const talk = await talkTo(small.port);
      for (const line of [
        "MAIL FROM:<alice@mail.test>",
        "RCPT TO:<carol.eth@bridge.test>",
        "DATA",
      ]) {
        await talk.say(line);
      }
      talk.write((await largeMail(600_000)).slice(0, 800_000));
      await talk.flushed();
      talk.end();
      await talk.closed;
    }
    expect(await deliver(small.port, await largeMail(600_000))).to.match(/^250 /);
    expect(small.received).to.have.length(1);
    expect(small.troubles).to.deep.equal([]);
    await small.stop();
  });

  it("lets a mail end that is being received when it stops", async () => {
    const ending = prepare(await startScene());
    const [idle, busy] = [await talkTo(ending.port), await talkTo(ending.port)];
    for (const line of ["MAIL FROM:<alice@mail.test>", "RCPT TO:<carol.eth@bridge.test>", "DATA"]) {
      await busy.say(line);
    }
    const mail = await goodMail();
    busy.write(mail.slice(0, 500));
    const stopped = ending.transport.stop();
    await idle.closed;
    busy.write(mail.slice(500));
    expect(await busy.say(".")).to.match(/^250 /);
    await busy.closed;
    await stopped;
    expect(ending.received).to.have.length(1);
    await ending.dns.stop();
  });

  it("does not start on a port that is taken", async () => {
    const taken = startScene((usual) => ({ inlet: { ...usual.inlet, port: scene.port } }));
    await expectRejection(
      taken,
      "INVALID_CONFIGURATION",
      /cannot listen .*EADDRINUSE.*Free the port/,
    );
  });

  it("bounds connections of one network", async () => {
    const connections = { atOnce: 10, atOnceOfNetwork: 2 };
    const small = await startScene((usual) => ({ inlet: { ...usual.inlet, connections } }));
    const [one, two] = [await talkTo(small.port), await talkTo(small.port)];
    const third = await talkTo(small.port);
    await third.closed;
    expect(await third.say("NOOP")).to.equal("closed");
    one.end();
    await one.closed;
    const fourth = await talkTo(small.port);
    expect(await fourth.say("NOOP")).to.match(/^250 /);
    for (const talk of [two, fourth]) talk.end();
    await small.stop();
  });

  describe("keeps a mail once", () => {
    it("that comes twice, and once for each recipient", async () => {
      const mail = await goodMail();
      const to = ["carol.eth@bridge.test", "dave.eth@bridge.test"];
      expect(await deliver(scene.port, mail, { to })).to.match(/^250 /);
      expect(await deliver(scene.port, mail, { to })).to.match(/^250 /);
      expect(await deliver(scene.port, mail, { to: ["erin.eth@bridge.test"] })).to.match(/^250 /);
      expect(scene.received.map((one) => one.to)).to.deep.equal([
        "carol.eth",
        "dave.eth",
        "erin.eth",
      ]);
      expect(new Set(scene.received.map(({ digest }) => digest)).size).to.equal(3);
    });

    it("that comes twice at once", async () => {
      const mail = await goodMail();
      const answers = await Promise.all([deliver(scene.port, mail), deliver(scene.port, mail)]);
      for (const answer of answers) expect(answer).to.match(/^250 /);
      expect(scene.received).to.have.length(1);
    });

    it("whose header changed on the way", async () => {
      const mail = await goodMail();
      await deliver(scene.port, mail);
      await deliver(scene.port, `Received: from a by b; now\r\n${mail}`);
      expect(scene.received).to.have.length(1);
    });

    it("but again where it was not kept, and for those alone who lack it", async () => {
      const mail = await goodMail();
      const { received } = scene.events;
      scene.events.received = (message) =>
        message.to === "dave.eth"
          ? Promise.reject(new SignpostError("DATABASE_UNAVAILABLE", "Later."))
          : received(message);
      const to = ["carol.eth@bridge.test", "dave.eth@bridge.test"];
      expect(await deliver(scene.port, mail, { to })).to.match(/^451 4\.3\.0 /);
      scene.events.received = received;
      expect(await deliver(scene.port, mail, { to })).to.match(/^250 /);
      expect(scene.received.map((one) => one.to)).to.deep.equal(["carol.eth", "dave.eth"]);
      expect(scene.troubles).to.deep.equal([]);
    });
  });

  it("shows the reason of a refusal for good", async () => {
    const { received } = scene.events;
    scene.events.received = () =>
      Promise.reject(
        new SignpostError("TOO_LARGE", "The receiver’s node takes\r\n250 no such mail."),
      );
    expect(await deliver(scene.port, await goodMail())).to.equal(
      "550 5.7.1 The receiver?s node takes 250 no such mail.",
    );
    scene.events.received = () =>
      Promise.reject(new SignpostError("LIMIT_EXCEEDED", "For carol.eth at most 9 bytes.", {}));
    expect(await deliver(scene.port, await goodMail()), "come again").to.equal(
      "451 4.7.1 For carol.eth at most 9 bytes.",
    );
    scene.events.received = () => Promise.reject(new TypeError("a defect"));
    expect(await deliver(scene.port, await goodMail())).to.match(/^451 4\.3\.0 /);
    expect(scene.troubles.map(({ code }) => code)).to.deep.equal(["INTERNAL"]);
    scene.events.received = received;
  });

  it("refuses a mail that went through fifty-one servers", async () => {
    const mail = await goodMail();
    const hop = "Received: from a by b; now\r\n";
    expect(await deliver(scene.port, hop.repeat(50) + mail)).to.match(/^250 /);
    expect(await deliver(scene.port, hop.repeat(51) + mail)).to.match(/^554 5\.4\.6 /);
  });

  it("limits mails and new people by domain and network", async () => {
    const limited = async (inbound: Partial<typeof USUAL_INBOUND>) =>
      prepare(
        await startScene(() => ({
          inbound: { ...USUAL_INBOUND, ...inbound },
          counter: rateLimits(() => 0),
        })),
      );
    for (const bound of [
      "mailsOfDomain",
      "mailsOfNetwork",
      "newPeopleOfDomain",
      "newPeopleOfNetwork",
    ] as const) {
      const narrow = await limited({ [bound]: 1 });
      expect(await deliver(narrow.port, await goodMail()), bound).to.match(/^250 /);
      expect(await deliver(narrow.port, await goodMail()), bound).to.match(/^451 4\.7\.1 /);
      narrow.known.add("alice@mail.test");
      const again = await deliver(narrow.port, await goodMail());
      expect(again, bound).to.match(bound.startsWith("new") ? /^250 / : /^451 4\.7\.1 /);
      await narrow.stop();
    }
    const narrow = await limited({ recipientsOfNetwork: 1 });
    const to = ["carol.eth@bridge.test", "dave.eth@bridge.test"];
    expect(await deliver(narrow.port, await goodMail(), { to })).to.match(/^451 4\.7\.1 /);
    await narrow.stop();
  });

  describe("fulfils wishes that people proved", () => {
    const wish = (to: string, more: readonly string[] = []) =>
      mailOf({ to, more, type: "Content-Type: text/plain", body: "Please.\r\n" });
    const said = async (name: string, mail: string) =>
      deliver(scene.port, mail, { to: [`${name}@bridge.test`] });

    it("to have no mail from here, until they take it back", async () => {
      const stop = wish("stop@bridge.test");
      expect(await said("stop", stop)).to.match(/^550 5\.7\.20 /);
      expect([...scene.optedOut]).to.deep.equal([]);
      expect(await said("stop", await signedBy(stop, provider))).to.match(/^250 /);
      expect([...scene.optedOut]).to.deep.equal(["alice@mail.test"]);
      await deliver(scene.port, await goodMail());
      expect([...scene.optedOut], "an older mail may come again").to.have.length(1);
      const start = await signedBy(wish("<start@bridge.test>"), provider);
      expect(await said("start", start)).to.match(/^250 /);
      expect([...scene.optedOut]).to.deep.equal([]);
    });

    it("to have all of theirs forgotten", async () => {
      const forget = await signedBy(wish("forget@bridge.test"), provider);
      expect(await said("forget", forget)).to.match(/^250 /);
      expect(scene.left.map(formatNativeAddress)).to.deep.equal(["alice@mail.test"]);
    });

    it("and none by a mail that was written to somebody else", async () => {
      scene.left.length = 0;
      for (const mail of [
        await goodMail(),
        await signedBy(wish("stop@bridge.test"), provider),
        await signedBy(wish("forget@bridge.test, carol@mail.test"), provider),
        await signedBy(wish("forget@bridge.test", ["To: carol@mail.test"]), provider),
        // another To field in front of the signed one
        `To: forget@bridge.test\r\n${await goodMail()}`,
      ]) {
        expect(await said("forget", mail)).to.match(/^550 5\.7\.1 Write a new mail to forget@/);
      }
      expect(scene.left).to.deep.equal([]);
    });
  });
});
