/** As little as a Node server can do: answers that lie ready, by path, from the file of its argument. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { ReadyAnswers } from "../servers/servers.js";
import { listen } from "./listen.js";

const { headers, bodies } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as ReadyAnswers;

const answers = new Map(
  Object.entries(bodies).map(([path, body]) => [path, Buffer.from(body)] as const),
);
const sent = [...headers];

const server = createServer((request, response) => {
  const body = answers.get(request.url ?? "");
  if (body === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, sent);
  response.end(body);
});
listen(server);
