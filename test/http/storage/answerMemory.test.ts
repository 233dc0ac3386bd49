/** Memory of answers that is used again: nobody is sent what is another one's, however slowly clients read. */
import { once } from "node:events";
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { type AnswerText, answerText, memoryFor } from "../../../src/http/storage/answerMemory.js";

const PIECE = 50_000;

describe("http: memory of long answers", () => {
  let server: Server;
  const closed: Promise<unknown>[] = [];

  let filled = 0;
  let sendAll: () => void = () => undefined;
  let allFilled = new Promise<void>((resolve) => (sendAll = resolve));

  before(async () => {
    // /<number>/<pieces>/<together>: so many pieces of the number's character, sent when so many answers are filled
    server = createServer((request, response) => {
      const [, number = "0", pieces = "1", together = "1"] = (request.url ?? "").split("/");
      closed.push(once(response, "close"));
      const text = answerText(response);
      for (let piece = 0; piece < Number(pieces); piece++) {
        text.add(characterOf(Number(number)).repeat(PIECE), true);
      }
      if (++filled === Number(together)) {
        filled = 0;
        sendAll();
        allFilled = new Promise((resolve) => (sendAll = resolve));
        response.end(text.bytes());
      } else void allFilled.then(() => response.end(text.bytes()));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const characterOf = (number: number) => String.fromCharCode(97 + (number % 26));
  const ask = async (path: string): Promise<IncomingMessage> => {
    const { port } = server.address() as AddressInfo;
    const request = get({ host: "127.0.0.1", port, path, agent: false });
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    return answer;
  };
  const bodyOf = async (answer: IncomingMessage) => {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("latin1");
  };

  it("is whole and one's own in each of many answers, whose clients read late, or go away", async () => {
    for (let turn = 0; turn < 3; turn++) {
      const numbers = Array.from({ length: 20 }, (_, index) => index + turn);
      const answers = await Promise.all(numbers.map((number) => ask(`/${number}/39/20`)));
      for (const [index, answer] of answers.entries()) if (index % 4 === 3) answer.destroy();
      const later = await Promise.all(numbers.map((number) => ask(`/${number + 7}/39/20`)));
      for (const [index, number] of numbers.entries()) {
        const [answer, next] = [answers[index]!, later[index]!];
        expect((await bodyOf(next)) === characterOf(number + 7).repeat(39 * PIECE)).to.equal(true);
        if (index % 4 === 3) continue;
        expect((await bodyOf(answer)) === characterOf(number).repeat(39 * PIECE)).to.equal(true);
      }
    }
  });

  it("grows with a text that is longer than usual", async () => {
    expect(await bodyOf(await ask("/1/130"))).to.have.length(130 * PIECE);
    expect(await bodyOf(await ask("/1/1"))).to.equal("b".repeat(PIECE));
  });

  it("is touched no more when a client is gone, whatever the database still says", async () => {
    const texts: AnswerText[] = [];
    const blocks: Buffer[] = [];
    const gone: Promise<unknown>[] = [];
    const other = createServer((_request, response) => {
      gone.push(once(response, "close"));
      const text = answerText(response);
      text.add("a".repeat(PIECE), true);
      texts.push(text);
      blocks.push(text.bytes());
      response.flushHeaders();
    });
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const left = get({ host: "127.0.0.1", port, agent: false });
    const [answer] = (await once(left, "response")) as [IncomingMessage];
    answer.destroy();
    await Promise.all(gone);
    const before = Buffer.from(blocks[0]!);
    texts[0]?.add("#".repeat(PIECE), true);
    expect(blocks[0]!.equals(before)).to.equal(true);
    expect(Buffer.from(blocks[0]!.buffer, PIECE, PIECE).includes("#")).to.equal(false);
    other.closeAllConnections();
    other.close();
  });

  it("is the same again when an answer has left, and never two answers' at once", async () => {
    await Promise.all(closed);
    const server = createServer();
    const used = new Map<ArrayBufferLike, number>();
    server.on("request", (_request, response) => {
      const [one, two] = [memoryFor(response, 1_000_000), memoryFor(response, 1_000_000)];
      expect(one.buffer).not.to.equal(two.buffer);
      for (const { buffer } of [one, two]) used.set(buffer, (used.get(buffer) ?? 0) + 1);
      response.end("x");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    for (let turn = 0; turn < 10; turn++) await (await fetch(`http://127.0.0.1:${port}`)).text();
    server.closeAllConnections();
    server.close();
    expect(used.size).to.be.lessThan(10);
    expect([...used.values()].reduce((sum, count) => sum + count, 0)).to.equal(20);
  });
});
