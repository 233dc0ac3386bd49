import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect } from "chai";
import { type ImapServer, startImapServer } from "../../../src/demo/mail/imapServer.js";
import { MailAccounts, type Mailbox } from "../../../src/demo/mail/mailboxes.js";

const MAIL = "From: <a@b.test>\r\nSubject: one\r\n two\r\nX: y\r\n\r\nbody\r\n";

describe("the demo's IMAP server", () => {
  const accounts = new MailAccounts();
  let server: ImapServer;
  let inbox: Mailbox;
  let socket: Socket;
  let heard = "";

  before(async () => {
    server = await startImapServer(accounts);
    inbox = accounts.add({ address: "alice@mail.test", password: 'a "secret"' });
  });
  beforeEach(async () => {
    heard = "";
    socket = connect(server.port, "127.0.0.1");
    socket.setEncoding("latin1").on("data", (chunk: string) => (heard += chunk));
    socket.on("error", () => undefined);
    await until(/^\* OK .*ready\r\n/);
  });
  afterEach(() => {
    socket.destroy();
    inbox.remove(() => true);
  });
  after(() => server.stop());

  async function until(wanted: RegExp): Promise<string> {
    while (!wanted.test(heard)) await once(socket, "data");
    const said = heard;
    heard = "";
    return said;
  }

  /** What is said until the command's own answer. */
  async function ask(command: string): Promise<string> {
    socket.write(`t ${command}\r\n`);
    return until(/^t (?:OK|NO|BAD) .*\r\n/m);
  }

  async function open(): Promise<void> {
    expect(await ask('LOGIN alice@mail.test "a \\"secret\\""')).to.equal("t OK in\r\n");
    expect(await ask("SELECT INBOX")).to.include(`* ${inbox.mails.length} EXISTS\r\n`);
  }

  it("shows nothing before somebody logged in with the right password", async () => {
    expect(await ask("SELECT INBOX")).to.equal("t NO Log in first.\r\n");
    expect(await ask("LOGIN alice@mail.test wrong")).to.match(/^t NO \[AUTHENTICATIONFAILED\]/);
    expect(await ask("SELECT INBOX")).to.equal("t NO Log in first.\r\n");
  });

  it("takes a password as a literal, after it was asked for, and without being asked", async () => {
    socket.write("t LOGIN alice@mail.test {10}\r\n");
    await until(/^\+ /);
    socket.write('a "secret"\r\n');
    expect(await until(/^t /)).to.equal("t OK in\r\n");
    expect(await ask('LOGIN alice@mail.test {10+}\r\na "secret"')).to.equal("t OK in\r\n");
  });

  it("gives whole mails, parts of their headers, and what it knows of them", async () => {
    inbox.put(Buffer.from(MAIL));
    await open();
    const { uid } = inbox.mails[0]!;
    const whole = await ask(`UID FETCH ${uid}:* (FLAGS BODY.PEEK[])`);
    expect(whole).to.equal(
      `* 1 FETCH (UID ${uid} FLAGS () BODY[] {${MAIL.length}}\r\n${MAIL})\r\nt OK fetched\r\n`,
    );
    const fields = "Subject: one\r\n two\r\n\r\n";
    const header = await ask("FETCH 1 (RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT DATE)])");
    expect(header).to.include(`RFC822.SIZE ${MAIL.length} BODY[HEADER.FIELDS (SUBJECT DATE)] {`);
    expect(header).to.include(`{${fields.length}}\r\n${fields})`);
    expect(await ask("UID FETCH 99 (FLAGS)")).to.equal("t OK fetched\r\n");
  });

  it("tells at once what arrives while a client waits", async () => {
    await open();
    socket.write("t IDLE\r\n");
    expect(await until(/idling\r\n/)).to.equal("+ idling\r\n");
    inbox.put(Buffer.from(MAIL));
    // and nothing before, or clients would look again and again
    expect(await until(/EXISTS\r\n/)).to.equal("* 1 EXISTS\r\n");
    socket.write("DONE\r\n");
    expect(await until(/^t /m)).to.equal("t OK idled\r\n");
  });

  it("tells a client that begins to wait what came meanwhile", async () => {
    await open();
    inbox.put(Buffer.from(MAIL));
    socket.write("t IDLE\r\n");
    expect(await until(/EXISTS\r\n/)).to.equal("+ idling\r\n* 1 EXISTS\r\n");
  });

  it("keeps flags, and removes what is marked", async () => {
    for (let count = 0; count < 3; count++) inbox.put(Buffer.from(MAIL));
    await open();
    const [first, , third] = inbox.mails.map(({ uid }) => uid);
    expect(await ask(`UID STORE ${first},${third} +FLAGS (\\Deleted \\Seen)`)).to.include(
      `* 3 FETCH (UID ${third} FLAGS (\\Deleted \\Seen))`,
    );
    expect(await ask(`UID STORE ${third} -FLAGS.SILENT (\\Seen)`)).to.equal("t OK stored\r\n");
    expect(await ask(`UID EXPUNGE ${third}`)).to.equal("* 3 EXPUNGE\r\nt OK removed\r\n");
    expect(await ask("EXPUNGE")).to.equal("* 1 EXPUNGE\r\nt OK removed\r\n");
    expect(inbox.mails).to.have.length(1);
  });

  it("ends a connection that sends more than a command", async () => {
    const closed = new Promise((done) => socket.on("close", done));
    socket.write("t LOGIN ".padEnd(200_000, "x"));
    await closed;
  });

  it("says so when it does not know a command", async () => {
    await open();
    expect(await ask("APPEND INBOX {0+}\r\n")).to.match(/^t BAD/);
    socket.write("((((((((((((\r\n");
    expect(await until(/BAD/)).to.equal("* BAD This is no command.\r\n");
  });
});
