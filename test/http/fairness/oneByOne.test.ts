import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { oneByOne } from "../../../src/http/fairness/oneByOne.js";

const ASKED = 60;
/** More than the operating system takes for a client that does not read. */
const LONG = "x".repeat(16 * 1024 * 1024);

describe("http/oneByOne", () => {
  let server: Server;
  let client: Socket;
  const heard: string[] = [];
  let answer: (url: string, response: ServerResponse) => void;

  before(async () => {
    server = createServer(
      oneByOne((request, response) => {
        const { url = "" } = request;
        heard.push(url);
        answer(url, response);
      }),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => server.close());
  beforeEach(async () => {
    heard.length = 0;
    client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    client.on("error", () => undefined);
    await once(client, "connect");
  });
  afterEach(() => client.destroy());

  const send = (requests: readonly string[]) => client.write(requests.join(""));
  const get = (url: string) => `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const urls = Array.from({ length: ASKED }, (_, index) => `/${index}`);

  it("makes no second answer for a client that has not read the first", async () => {
    answer = (_url, response) => response.end(LONG);
    client.pause();
    send(urls.map(get));
    await delay(300);
    expect(heard).to.deep.equal(["/0"]);
  });

  it("answers all that came at once, in their order, bodies included", async () => {
    answer = (url, response) => {
      setTimeout(() => {
        let body = "";
        response.req.setEncoding("utf8");
        response.req.on("data", (chunk: string) => (body += chunk));
        response.req.on("end", () => response.end(`${url} ${body};`));
      }, Math.random() * 3);
    };
    const post = (url: string) =>
      `POST ${url} HTTP/1.1\r\nHost: x\r\nContent-Length: ${url.length}\r\n\r\n${url}`;
    let text = "";
    client.setEncoding("utf8");
    client.on("data", (chunk: string) => (text += chunk));
    send(urls.map(post));
    while (!text.includes(`/${ASKED - 1};`)) await delay(10);
    expect(heard).to.deep.equal(urls);
    expect(text.match(/\/\d+ \/\d+;/g)).to.deep.equal(urls.map((url) => `${url} ${url};`));
  });

  it("begins nothing for a client that is gone", async () => {
    answer = () => undefined;
    send(urls.map(get));
    while (heard.length === 0) await delay(10);
    client.destroy();
    await delay(200);
    expect(heard).to.deep.equal(["/0"]);
  });
});
