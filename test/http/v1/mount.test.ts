import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import express from "express";
import { mount } from "../../../src/http/v1/mount.js";
import { type ApiParts, open } from "../../../src/http/v1/route.js";
import { fairParts } from "../fairParts.js";

/** More than the operating system takes for a client that does not read. */
const LONG = "x".repeat(16 * 1024 * 1024);

describe("http/v1/mount", () => {
  it("makes no more pages than half of what all may be, for those who do not read them", async () => {
    let made = 0;
    const page = open({
      ...{ method: "get", path: "/page", scope: null, summary: "", answers: {}, refusals: [] },
      sendsPage: true,
      run: ({ response }) => {
        made++;
        response.send(LONG);
        return Promise.resolve();
      },
    });
    const server = createServer(express().use(mount([page], fairParts() as unknown as ApiParts)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const deaf = Array.from({ length: 60 }, () => {
      const socket = connect(port, "127.0.0.1").on("error", () => undefined);
      socket.pause();
      socket.write("GET /page HTTP/1.1\r\nHost: x\r\n\r\n");
      return socket;
    });
    while (made < 16) await delay(20);
    await delay(200);
    expect(made).to.equal(16);
    // one that reads makes room for another one
    deaf[0]!.resume();
    for (const socket of deaf.slice(1, 4)) socket.destroy();
    while (made < 20) await delay(20);
    for (const socket of deaf) socket.destroy();
    server.close();
  });
});
