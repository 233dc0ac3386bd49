/** Memory of answers that is used again: nobody is sent what is another one's, however slowly clients read. */
import { once } from "node:events";
import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { answerText, memoryFor } from "../../../src/http/storage/answerMemory.js";
import { sendJoinedPage } from "../../../src/http/storage/sendPage.js";

const PIECE = 50_000;

describe("http: memory of long answers", () => {
  let server: Server;
  const closed: Promise<unknown>[] = [];

  before(async () => {
    // /<number>/<pieces>: so many pieces, each of the number's character
    server = createServer((request, response) => {
      const [, number = "0", pieces = "1"] = (request.url ?? "").split("/");
      closed.push(once(response, "close"));
      const text = answerText();
      for (let piece = 0; piece < Number(pieces); piece++) {
        text.add(characterOf(Number(number)).repeat(PIECE), true);
      }
      text.leaveTo(response);
      response.end(text.bytes());
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
      const numbers = Array.from({ length: 20 }, (_, index) => index);
      // all of them are written before anybody reads, and more than a socket holds
      const answers = await Promise.all(numbers.map((number) => ask(`/${number}/39`)));
      for (const [number, answer] of answers.entries()) if (number % 4 === 3) answer.destroy();
      const later = await Promise.all(numbers.map((number) => ask(`/${number + 7}/39`)));
      for (const [number, answer] of answers.entries()) {
        if (number % 4 === 3) continue;
        expect((await bodyOf(answer)) === characterOf(number).repeat(39 * PIECE)).to.equal(true);
      }
      for (const [number, answer] of later.entries()) {
        const wanted = characterOf(number + 7).repeat(39 * PIECE);
        expect((await bodyOf(answer)) === wanted).to.equal(true);
      }
    }
  });

  it("grows with a text that is longer than usual", async () => {
    expect(await bodyOf(await ask("/1/130"))).to.have.length(130 * PIECE);
    expect(await bodyOf(await ask("/1/1"))).to.equal("b".repeat(PIECE));
  });

  it("is nobody else's while something is still added to it, though its client went away", async () => {
    const read = new Map<string, () => void>();
    const parts = {
      door: {
        withPage: async (_request: unknown, _response: unknown, send: () => Promise<unknown>) =>
          send(),
      },
    };
    const slow = createServer((request, response) => {
      const character = (request.url ?? "").slice(1);
      void sendJoinedPage(parts as never, request as never, response as never, async (text) => {
        const waits = new Promise<void>((resolve) => read.set(character, resolve));
        if (character === "a") await Promise.all([waits, once(response, "close")]);
        text.add(character.repeat(PIECE), true);
        if (character === "b") await waits;
        return true;
      });
    });
    slow.listen(0, "127.0.0.1");
    await once(slow, "listening");
    const { port } = slow.address() as AddressInfo;
    const begin = async (character: string) => {
      const asked = get({ host: "127.0.0.1", port, path: `/${character}`, agent: false });
      asked.on("error", () => undefined);
      while (!read.has(character)) await sleep(5);
      return asked;
    };
    (await begin("a")).destroy();
    await sleep(50);
    const other = await begin("b");
    read.get("a")?.();
    await sleep(50);
    const answered = once(other, "response") as Promise<[IncomingMessage]>;
    read.get("b")?.();
    const [answer] = await answered;
    expect(await bodyOf(answer)).to.equal(`[${"b".repeat(PIECE)}]`);
    slow.closeAllConnections();
    slow.close();
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

  it("is used again where the client was gone before", async () => {
    const server = createServer();
    const gone = new Promise<ServerResponse>((resolve) => {
      server.on("request", (_request, response) => {
        response.once("close", () => {
          resolve(response);
        });
        response.destroy();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    get({ host: "127.0.0.1", port, agent: false }).on("error", () => undefined);
    const response = await gone;
    expect(response.closed).to.equal(true);
    const { buffer } = memoryFor(response, 1_000_000);
    expect(memoryFor(response, 1_000_000).buffer).to.equal(buffer);
    server.close();
  });
});
