/**
 * A user's client as cheap as can be, as a process of its own: node receiver.ts <port> <domain> <user> <password>. Counts the
 * envelopes that come and, where it was given answers, sends one for each. Talks to its parent by messages.
 */
import { connect } from "node:net";

const [port = "", domain = "", user = "", password = ""] = process.argv.slice(2);

export interface ReceiverCommand {
  /** Tell when so many have come from now on. */
  readonly expect?: number;
  /** Stanzas that are sent, one for each envelope from now on. */
  readonly answers?: readonly string[];
}

export interface ReceiverReport {
  /** Between the first and the last. */
  readonly elapsedMs: number;
}

const ENVELOPE = "<envelope ";
let heard = "";
let step: "open" | "authenticated" | "bound" = "open";
let count = 0;
let target = Infinity;
let firstMs = 0;
let answers: readonly string[] = [];
let answered = 0;

const socket = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
const open = () =>
  socket.write(
    `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`,
  );
socket.setEncoding("utf8");
socket.on("connect", open);
socket.on("data", (text: string) => {
  if (step === "bound") {
    countIn(text);
    return;
  }
  heard += text;
  if (step === "open" && heard.includes("mechanisms>")) {
    heard = "";
    const plain = Buffer.from(`\0${user}\0${password}`).toString("base64");
    socket.write(
      `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`,
    );
  } else if (step === "open" && heard.includes("<success")) {
    step = "authenticated";
    heard = "";
    open();
  } else if (step === "authenticated" && heard.includes("features>")) {
    heard = "";
    socket.write(
      `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>` +
        `<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq><presence/>`,
    );
  } else if (step === "authenticated" && heard.includes("<presence")) {
    step = "bound";
    heard = "";
    process.send?.("ready");
  }
});

/** What is cut by the end of a chunk is counted with the next one. */
function countIn(text: string): void {
  heard += text;
  for (let at = heard.indexOf(ENVELOPE); at !== -1; at = heard.indexOf(ENVELOPE, at + 1)) {
    if (count++ === 0) firstMs = performance.now();
    const answer = answers[answered];
    if (answer !== undefined) {
      answered++;
      socket.write(answer);
    }
    if (count === target) {
      const report: ReceiverReport = { elapsedMs: performance.now() - firstMs };
      process.send?.(report);
    }
  }
  heard = heard.slice(-(ENVELOPE.length - 1));
}

process.on("message", (command: ReceiverCommand) => {
  count = 0;
  target = command.expect ?? Infinity;
  answers = command.answers ?? [];
  answered = 0;
  process.send?.("told");
});
process.on("disconnect", () => process.exit(0));
