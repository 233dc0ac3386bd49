/** ezccip (the package is the argument) behind node:http: GET /{sender}/{data}.json */
import cluster from "node:cluster";
import { createServer } from "node:http";
import { EZCCIP as NamestoneEzccip } from "@namestone/ezccip";
import { EZCCIP } from "@resolverworks/ezccip";
import { SigningKey } from "ethers";
import { listen } from "./listen.js";
import { recordsByName } from "./recordsByName.js";

const ezccip = process.argv[2] === "@namestone/ezccip" ? new NamestoneEzccip() : new EZCCIP();
const signingKey = new SigningKey(process.env["SIGNER_KEY"] ?? "");

ezccip.enableENSIP10(async (name: string) => {
  const records = await recordsByName(name);
  if (records === null) return undefined;
  return {
    addr: (coinType: bigint) => records.addresses[coinType.toString()],
    text: (key: string) => records.texts[key],
    contenthash: () => records.contenthash ?? undefined,
  };
});

const server = createServer((request, response) => {
  const [, sender = "", file = ""] = (request.url ?? "").split("/");
  const send = (status: number, answer: object) => {
    const body = Buffer.from(JSON.stringify(answer));
    response.writeHead(status, {
      "content-type": "application/json",
      "content-length": body.length,
      "access-control-allow-origin": "*",
    });
    response.end(body);
  };
  ezccip
    .handleRead(sender, file.replace(".json", ""), { protocol: "ens", signingKey, ttlSec: 240 })
    .then(
      ({ data }) => {
        send(200, { data });
      },
      (error: unknown) => {
        send(500, { message: String(error) });
      },
    );
});
const processes = Number(process.env["PROCESSES"] ?? "1");
if (cluster.isPrimary && processes > 1) for (let at = 0; at < processes; at++) cluster.fork();
else listen(server);
