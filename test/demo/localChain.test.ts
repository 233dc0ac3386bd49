import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { startLocalChain } from "../../src/demo/localChain.js";
import { expectRejection } from "../expectError.js";

describe("demo/localChain", () => {
  it("says that its port is taken", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    try {
      await expectRejection(
        startLocalChain(port),
        "INVALID_CONFIGURATION",
        new RegExp(
          `The chain cannot listen on port ${port} \\(EADDRINUSE\\)\\. Choose another one`,
        ),
      );
    } finally {
      holder.close();
    }
  });
});
