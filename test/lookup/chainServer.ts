/** The in-process EVM behind JSON-RPC over HTTP, as `hardhat node` serves it. */
import hre from "hardhat";

export interface ChainServer {
  readonly url: string;
  close(): Promise<void>;
}

interface JsonRpcServer {
  listen(): Promise<{ address: string; port: number }>;
  close(): Promise<void>;
}

export async function serveChain(): Promise<ChainServer> {
  const server = (await hre.run("node:create-server", {
    hostname: "127.0.0.1",
    port: 0,
    provider: hre.network.provider,
  })) as JsonRpcServer;
  const { port } = await server.listen();
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
