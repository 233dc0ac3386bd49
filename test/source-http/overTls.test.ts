/** An endpoint over TLS, whose certificate the process trusts as operators make it trust one. */
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { selfSigned } from "./selfSigned.js";

describe("source-http over TLS", function () {
  this.timeout(180_000);
  let folder: string;
  let server: Server;
  let asked = 0;

  before(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder, "authority.pem"), selfSigned.cert);
    server = createServer(selfSigned, (_request, response) => {
      asked++;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ label: "alice", wallet: "0x12" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await removeFolder(folder);
  });

  async function ask(host: string): Promise<string> {
    const { port } = server.address() as AddressInfo;
    const program = startProgram(
      "test/source-http/askAliceProgram.ts",
      [`https://${host}:${port}`],
      { settings: { NODE_EXTRA_CA_CERTS: join(folder, "authority.pem") } },
    );
    const { stdout } = await program.ended;
    return stdout === "" ? program.output() : stdout.trim();
  }

  it("asks a host whose certificate is trusted and fits", async () => {
    expect(await ask("127.0.0.1")).to.equal("wallet 0x12");
    expect(await ask("localhost")).to.equal("wallet 0x12");
    expect(asked).to.equal(2);
  });

  it("asks nothing of a host whose certificate is another one's", async () => {
    const before = asked;
    expect(await ask("127.0.0.2")).to.match(/could not be asked .*ERR_TLS_CERT_ALTNAME_INVALID/);
    expect(asked).to.equal(before);
  });
});
