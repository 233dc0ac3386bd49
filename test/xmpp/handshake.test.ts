/** What listens at the port that an operator gave, when it is no component listener. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { freePort } from "../../src/demo/freePort.js";
import { openSocket } from "../../src/xmpp/handshake.js";
import { STREAM_ERRORS_NS, STREAM_NS } from "../../src/xmpp/namespaces.js";
import { expectRejection } from "../expectError.js";

const QUIET = { stanza: () => undefined, ended: () => undefined };
const HEADER = `<stream:stream xmlns='jabber:component:accept' xmlns:stream='${STREAM_NS}' id='1'>`;

describe("the handshake of a component", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  /** Connects to a server that says this. */
  async function opened(says: (socket: Socket) => void, timeoutMs = 20_000): Promise<Socket> {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      says(socket);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return await connected((server.address() as AddressInfo).port, timeoutMs);
  }
  const connected = (port: number, timeoutMs: number) =>
    openSocket(
      { host: "127.0.0.1", port, componentDomain: "dm3.a.test", secret: "s" },
      timeoutMs,
      QUIET,
    );

  it("says that nothing listens, or nothing answers, or something else", async () => {
    await expectRejection(
      connected(await freePort(), 20_000),
      "UNREACHABLE",
      /it refused the connection/,
    );
    await expectRejection(
      opened(() => undefined, 100),
      "UNREACHABLE",
      /did not finish the handshake within 100 ms/,
    );
    const web = "HTTP/1.1 400 Bad Request\r\n\r\n<html><body>Bad Request</body></html>";
    await expectRejection(
      opened((socket) => socket.end(web)),
      "UNREACHABLE",
      /no XMPP server/,
    );
    await expectRejection(
      opened((socket) => socket.end()),
      "UNREACHABLE",
      /the connection was cut/,
    );
    await expectRejection(
      opened((socket) => socket.end(`${HEADER}</stream:stream>`)),
      "UNREACHABLE",
      /ended the connection at once/,
    );
  });

  it("says what to mend for each stream error that tells it", async () => {
    const error = (condition: string) => (socket: Socket) => {
      const name = `<${condition} xmlns='${STREAM_ERRORS_NS}'/><text xmlns='${STREAM_ERRORS_NS}'>why</text>`;
      socket.end(`${HEADER}<stream:error>${name}</stream:error></stream:stream>`);
    };
    const sentences = {
      "not-authorized": /refused the secret of dm3\.a\.test/,
      "host-unknown": /knows no component dm3\.a\.test/,
      "invalid-namespace": /is not for components/,
      conflict: /Another process is connected/,
      "system-shutdown": /is being shut down/,
      "policy-violation": /Raise its limits/,
      "not-well-formed": /raise its component_stanza_size_limit/,
      "undefined-condition": /\(undefined-condition\)/,
    };
    for (const [condition, sentence] of Object.entries(sentences)) {
      await expectRejection(
        opened(error(condition)),
        ["UNREACHABLE", "INVALID_CONFIGURATION"],
        sentence,
      );
      server?.close();
    }
  });

  it("takes what comes together with its end for stanzas, after whoever waits has the socket", async () => {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write(`${HEADER}<handshake/><message id='1'/><message id='2'/></stream:stream>`);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const place = { host: "127.0.0.1", port, componentDomain: "dm3.a.test", secret: "s" };
    const happened: string[] = [];
    await new Promise<void>((resolve, reject) => {
      openSocket(place, 20_000, {
        stanza: ({ attrs }) => happened.push(String(attrs["id"])),
        ended: (error) => {
          happened.push(String(error));
          resolve();
        },
      }).then(() => happened.push("open"), reject);
    });
    if (happened.join() !== "open,1,2,null") throw new Error(happened.join());
  });
});
