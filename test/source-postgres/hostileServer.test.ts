/** Each fault alone: could not find out, at once, with no connection left behind and nothing thrown where nobody catches it. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { expectRejection } from "../expectError.js";
import {
  AUTHENTICATED,
  BOOL,
  complete,
  dataRow,
  description,
  type HostileServer,
  int16,
  int32,
  LET_IN,
  message,
  READY,
  startHostileServer,
  TEXT,
} from "./hostileServer.js";

const NOT_POSTGRES = "it does not speak Postgres's protocol";
const NO_ANSWER = "its answer is not one to the question";
const LOST = "the connection was lost";
const from = (bytes: string | number[]) => Buffer.from(bytes as string);
const concat = (parts: readonly Buffer[]) => Buffer.concat(parts);
const PARSED = concat([message("1"), message("2")]);
const LABEL = description(TEXT, BOOL);

describe("source-postgres: a hostile server", () => {
  let server: HostileServer;
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  let others: NodeJS.UncaughtExceptionListener[];

  before(() => {
    others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", note);
  });
  after(() => {
    process.removeListener("uncaughtException", note);
    for (const listener of others) process.on("uncaughtException", listener);
  });
  afterEach(() => {
    server.close();
    expect(uncaught.splice(0)).to.deep.equal([]);
  });

  async function expectFault(reason: string, hasWallet = false): Promise<void> {
    const source = server.source(hasWallet);
    const startMs = performance.now();
    const error = await expectRejection(
      source.rowsOf(["x"]),
      "SOURCE_UNAVAILABLE",
      /did not answer/,
    );
    expect(error.details.reason).to.equal(reason);
    expect(performance.now() - startMs).to.be.below(1_000);
    // not by `close`: a source is kept for as long as it is configured
    for (let attempt = 0; server.open.size > 0 && attempt < 100; attempt++) await delay(20);
    expect(server.open.size, "connections left").to.equal(0);
    await source.close();
  }

  const logins: Readonly<Record<string, readonly [Buffer, string]>> = {
    "an unknown authentication": [
      message("R", int32(99)),
      "it asks for neither a password nor SCRAM",
    ],
    GSS: [message("R", int32(7)), "it asks for neither a password nor SCRAM"],
    "an authentication of nothing": [message("R"), NOT_POSTGRES],
    "MD5 without its salt": [message("R", int32(5)), NOT_POSTGRES],
    "SASL by no mechanism that is known": [message("R", concat([int32(10), from("X\0\0")])), LOST],
    "mechanisms without an end": [message("R", concat([int32(10), from("X")])), NOT_POSTGRES],
    "SASL that goes on before it began": [message("R", concat([int32(11), from("r=1")])), LOST],
    "SASL that ends before it began": [message("R", concat([int32(12), from("v=1")])), LOST],
    "an error without an end": [message("E", from("Sx")), NOT_POSTGRES],
    "an error without a field's end": [message("E", from("SERROR")), NOT_POSTGRES],
    "a notice without an end": [concat([AUTHENTICATED, message("N", from("Sx"))]), NOT_POSTGRES],
    "half a key": [concat([AUTHENTICATED, message("K", int32(1))]), NOT_POSTGRES],
    "half a parameter": [concat([AUTHENTICATED, message("S", from("a\0b"))]), NOT_POSTGRES],
    "a message of no type": [concat([AUTHENTICATED, message("?")]), NOT_POSTGRES],
    "a length of 0": [concat([AUTHENTICATED, message("Z", from("I"), 0)]), NOT_POSTGRES],
    "a row before anybody asked": [concat([AUTHENTICATED, dataRow("x")]), LOST],
    "an end before anybody asked": [concat([AUTHENTICATED, complete("SELECT 1")]), LOST],
    "a refusal, and no close": [message("E", from("SFATAL\0C28P01\0Mno\0\0")), "SQLSTATE 28P01"],
  };
  for (const [title, [login, reason]] of Object.entries(logins)) {
    it(`at the login: ${title}`, async () => {
      server = await startHostileServer(login);
      await expectFault(reason);
    });
  }

  const answers: Readonly<Record<string, readonly [Buffer, string]>> = {
    "minus five columns": [message("T", int16(-5)), NOT_POSTGRES],
    "more columns than there are": [message("T", int16(3)), NOT_POSTGRES],
    "a column's name without an end": [message("T", concat([int16(1), from("c")])), NOT_POSTGRES],
    "minus five values": [concat([LABEL, message("D", int16(-5))]), NOT_POSTGRES],
    "more values than there are": [concat([LABEL, message("D", int16(3))]), NOT_POSTGRES],
    "a value of minus two bytes": [
      concat([LABEL, message("D", concat([int16(1), int32(-2)]))]),
      NOT_POSTGRES,
    ],
    "a value longer than its row": [
      concat([LABEL, message("D", concat([int16(1), int32(9)]))]),
      NOT_POSTGRES,
    ],
    "a row that is longer than its values": [
      concat([LABEL, message("D", concat([int16(0), int32(9)]))]),
      NOT_POSTGRES,
    ],
    "a gigabyte that is announced": [message("D", Buffer.alloc(8), 1e9), "its answer is too long"],
    "a tag without an end": [concat([LABEL, message("C", from("SELECT"))]), NOT_POSTGRES],
    "a notification without an end": [message("A", concat([int32(1), from("a\0b")])), NOT_POSTGRES],
    "COPY, which nobody asked for": [message("G", from([0, 0, 1, 0, 0])), NOT_POSTGRES],
    "rows without columns": [
      concat([PARSED, dataRow("x", "f"), complete("SELECT 1"), READY]),
      LOST,
    ],
    "the end alone": [READY, NO_ANSWER],
    "no statement": [concat([PARSED, message("I"), READY]), NO_ANSWER],
    "no tag": [concat([PARSED, LABEL, complete(""), READY]), NO_ANSWER],
    "another tag": [concat([PARSED, LABEL, complete("UPDATE 0"), READY]), NO_ANSWER],
    "fewer rows than it counts": [concat([PARSED, LABEL, complete("SELECT 1"), READY]), NO_ANSWER],
    "another label": [
      concat([PARSED, LABEL, dataRow("y", "f"), complete("SELECT 1"), READY]),
      NO_ANSWER,
    ],
    "no label": [
      concat([PARSED, LABEL, dataRow(null, "f"), complete("SELECT 1"), READY]),
      NO_ANSWER,
    ],
    "more rows than it was asked for": [
      concat([
        PARSED,
        LABEL,
        ...Array<Buffer>(3).fill(dataRow("x", "f")),
        complete("SELECT 3"),
        READY,
      ]),
      NO_ANSWER,
    ],
    "more columns than it was asked for": [
      concat([
        ...[PARSED, description(TEXT, BOOL, TEXT), dataRow("x", "f", "w")],
        ...[complete("SELECT 1"), READY],
      ]),
      NO_ANSWER,
    ],
  };
  for (const [title, [answer, reason]] of Object.entries(answers)) {
    it(`to a question: ${title}`, async () => {
      server = await startHostileServer(LET_IN, answer);
      await expectFault(reason);
    });
  }

  for (const [title, type, value] of [
    ["a boolean", BOOL, "t"],
    ["an object", 114, '{"a":1}'],
    ["a list", 1009, "{a,b}"],
    ["a time", 1184, "2020-01-01 00:00:00+00"],
  ] as const) {
    it(`to a question: ${title} in place of a text`, async () => {
      const row = [description(TEXT, BOOL, type), dataRow("x", "f", value)];
      const answer = concat([PARSED, ...row, complete("SELECT 1"), READY]);
      server = await startHostileServer(LET_IN, answer);
      await expectFault(NO_ANSWER, true);
    });
  }

  it("reads no more for one label than its row can have", async () => {
    const notices = Array<Buffer>(40_000).fill(message("N", from([0])));
    server = await startHostileServer(LET_IN, concat(notices));
    await expectFault("its answer is too long");
  });

  it("takes an answer in its form", async () => {
    const row = [description(TEXT, BOOL, TEXT), dataRow("x", "f", "0x12")];
    const answer = concat([PARSED, ...row, complete("SELECT 1"), READY]);
    server = await startHostileServer(LET_IN, answer);
    const source = server.source(true);
    expect((await source.rowsOf(["x"])).get("x")).to.deep.include({ wallet: "0x12" });
    await source.close();
  });

  it("is not held up by a server that does not hang up", async () => {
    server = await startHostileServer(LET_IN, concat([PARSED, LABEL, complete("SELECT 0"), READY]));
    const source = server.source();
    expect((await source.rowsOf(["x"])).size).to.equal(0);
    expect(server.open.size).to.equal(1);
    const startMs = performance.now();
    await source.close();
    expect(performance.now() - startMs).to.be.below(2_000);
    for (let attempt = 0; server.open.size > 0 && attempt < 50; attempt++) await delay(20);
    expect(server.open.size).to.equal(0);
  });
});
