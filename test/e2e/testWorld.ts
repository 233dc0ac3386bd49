import { type DemoOptions, type DemoWorld, startDemoWorld } from "../../src/demo/demoWorld.js";

/** The demo's world on free ports, in silence; a failure on the service's side fails the test. */
export function startTestWorld(more: Pick<DemoOptions, "withRelayNodes"> = {}): Promise<DemoWorld> {
  return startDemoWorld({
    ...more,
    rpcPort: 0,
    httpPort: 0,
    databaseUrl: process.env["DATABASE_URL"],
    onStep: () => undefined,
    reportFailure: (error) => {
      throw error;
    },
  });
}
