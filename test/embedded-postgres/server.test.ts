import { expect } from "chai";
import { postgresEnvironment } from "../../src/embedded-postgres/server.js";

describe("db/embedded/server", () => {
  it("hands Postgres only what it needs of our environment", () => {
    const ours = {
      PATH: "/usr/bin",
      HOME: "/root",
      TMPDIR: "/tmp",
      LD_LIBRARY_PATH: "/opt/lib",
      DYLD_LIBRARY_PATH: "/opt/lib",
      LC_ALL: "tr_TR.UTF-8",
      GATEWAY_SIGNER_KEY: "hunter2",
      DATABASE_URL: "hunter2",
      ETHERSCAN_API_KEY: "hunter2",
      AWS_SECRET_ACCESS_KEY: "hunter2",
      MY_PATH: "hunter2",
      PATH_OF_SECRETS: "hunter2",
      PGPASSWORD: "hunter2",
      PGOPTIONS: "-c fsync=off",
      LD_PRELOAD: "/tmp/foreign.so",
    };
    const before = { ...process.env };
    Object.assign(process.env, ours);
    try {
      expect(postgresEnvironment()).to.deep.equal({
        PATH: "/usr/bin",
        HOME: "/root",
        TMPDIR: "/tmp",
        LD_LIBRARY_PATH: "/opt/lib",
        DYLD_LIBRARY_PATH: "/opt/lib",
        LC_ALL: "C",
        TZ: "UTC",
      });
    } finally {
      for (const name of Object.keys(ours)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, before);
    }
  });
});
