/** What every server of the benchmark says when it listens. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

export function listen(server: Server): void {
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    console.log(`It listens on http://127.0.0.1:${port}`);
  });
  process.once("SIGTERM", () => process.exit(0));
}
