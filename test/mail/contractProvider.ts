/** The provider's mail servers in the suite for networks: smtp-server alone, or a real postfix that brings everything on to it. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { freePort } from "../../src/demo/freePort.js";
import { type Arrivals, arrivals } from "../arrivals.js";
import type { NetworkScene } from "../messaging/networkScene.js";
import { startMailServer, type TestMail, type TestMailServer } from "./mailServer.js";
import { startPostfix } from "./postfix.js";

export interface ContractProvider {
  /** Where the bridge brings mail. */
  readonly port: number;
  /** Of all users, as the bridge wrote them. */
  readonly mails: Arrivals<ProvidedMail>;
  readonly server: NetworkScene["server"];
  readonly close: () => Promise<void>;
}

type ProvidedMail = TestMail & { readonly place: number };

export interface ProviderOptions {
  /** Of a mail, in bytes. */
  readonly sizeLimit: number;
  /** An address that it does not know. */
  readonly nobody: string;
}

function newMails() {
  const mails = arrivals<ProvidedMail>();
  const onMail = (mail: TestMail) => {
    mails.add({ ...mail, place: mails.all.length });
  };
  return { mails, onMail };
}

export async function smtpServerProvider(options: ProviderOptions): Promise<ContractProvider> {
  const { sizeLimit: size, nobody } = options;
  const { mails, onMail } = newMails();
  const first = await startMailServer({ size, onMail });
  let server: TestMailServer = first;
  server.nobodies.add(nobody);
  return {
    ...{ port: first.port, mails },
    server: {
      stop: () => server.stop(),
      start: async () => {
        server = await startMailServer({ size, onMail, port: first.port });
        server.nobodies.add(nobody);
      },
      hold: () => {
        server.held = new Promise(() => undefined);
        return Promise.resolve();
      },
      cut: async () => {
        const closed = server.stop();
        server.cut();
        await closed;
      },
    },
    close: () => server.stop(),
  };
}

/** In front of postfix is a door that can be closed, because postfix itself needs seconds to end and to begin. */
export async function postfixProvider(options: ProviderOptions): Promise<ContractProvider> {
  const { mails, onMail } = newMails();
  const inbox = await startMailServer({
    onMail: (mail) => {
      onMail({ ...mail, text: mail.text.replace(/^(?:Received: .*\r\n(?:[ \t].*\r\n)*)+/, "") });
    },
  });
  const postfix = await startPostfix(1, 1, { ...options, inboxPort: inbox.port });
  const door = await doorTo(postfix.port);
  return {
    ...{ port: door.port, mails },
    server: door,
    close: async () => {
      await door.cut();
      await postfix.remove();
      await inbox.stop();
    },
  };
}

async function doorTo(target: number): Promise<NetworkScene["server"] & { readonly port: number }> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let isHeld = false;
  let server: Server;
  const enter = (client: Socket) => {
    const both = isHeld ? [client] : [client, connect(target, "127.0.0.1")];
    for (const socket of both) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        for (const one of both) one.destroy();
      });
    }
    const [, postfix] = both;
    if (postfix !== undefined) client.pipe(postfix).pipe(client);
  };
  const start = async () => {
    isHeld = false;
    server = createServer(enter).listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const cut = async () => {
    const closed = server.listening ? once(server, "close") : Promise.resolve();
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await start();
  return {
    ...{ port, start, cut, stop: cut },
    hold: () => {
      isHeld = true;
      // connections are kept between mails: those that are open wait as well
      for (const socket of sockets) socket.unpipe().pause();
      return Promise.resolve();
    },
  };
}
