/** What a mail server's greeting shows: TLS or none, a certificate of its host or another, and why there is none. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { greetingOf } from "../../src/mail/smtpGreeting.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { selfSigned } from "../source-http/selfSigned.js";
import { startMailServer, type TestMailServer } from "./mailServer.js";

describe("the greeting of a mail server", () => {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  const at = (port: number) => ({ host: "127.0.0.1", port, name: "mx.bridge.test" });

  async function mailServer(hasTls: boolean): Promise<TestMailServer> {
    const server = await startMailServer({ hasTls });
    stops.push(() => server.stop());
    return server;
  }

  /** Says this to whoever connects, and nothing more. */
  async function saying(text: string): Promise<number> {
    const server: Server = createServer((socket) => {
      stops.push(() => socket.destroy());
      socket.on("error", () => undefined).write(text);
    }).listen(0, "127.0.0.1");
    stops.push(() => server.close());
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  it("is without TLS where none is offered", async () => {
    const server = await mailServer(false);
    expect(await greetingOf(at(server.port))).to.deep.equal({ is: "greeted", tls: "none" });
    expect(server.mails).to.deep.equal([]);
  });

  it("has TLS, and tells what is wrong with the certificate", async () => {
    const server = await mailServer(true);
    const greeting = await greetingOf(at(server.port));
    expect(greeting).to.include({ is: "greeted", tls: "unverified" });
    expect(greeting)
      .to.have.property("reason")
      .that.matches(/^[A-Z_]+$/);
  });

  it("tells a certificate that verifies from another host's", async () => {
    const folder = await temporaryFolder();
    stops.push(() => removeFolder(folder));
    const authority = join(folder, "authority.pem");
    await writeFile(authority, selfSigned.cert);
    const server = await startMailServer({ hasTls: true, certificate: selfSigned });
    stops.push(() => server.stop());
    const greetingFor = async (name: string): Promise<unknown> => {
      const program = startProgram("test/mail/greetingProgram.ts", [String(server.port), name], {
        settings: { NODE_EXTRA_CA_CERTS: authority },
      });
      return JSON.parse((await program.ended).stdout);
    };
    expect(await greetingFor("localhost")).to.deep.equal({ is: "greeted", tls: "verified" });
    expect(await greetingFor("mx.bridge.test")).to.deep.equal({
      ...{ is: "greeted", tls: "unverified", reason: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
  });

  it("is none where the server says no, nothing, or nothing of the kind", async () => {
    const refusing = await mailServer(false);
    refusing.answers.set("CONNECT", [554, "not you"]);
    const refused = await greetingOf(at(refusing.port));
    expect(refused)
      .to.have.property("reason")
      .that.matches(/not you/);

    const silent = await greetingOf(at(await saying("")), 300);
    expect(silent).to.deep.equal({ is: "unreachable", reason: "it did not greet within 0.3 s" });

    const web = await greetingOf(at(await saying("HTTP/1.1 400 Bad Request\r\n")));
    expect(web)
      .to.have.property("reason")
      .that.matches(/Invalid greeting/);

    const closed = await greetingOf(at(1));
    expect(closed)
      .to.have.property("reason")
      .that.matches(/ECONNREFUSED/);
  });
});
