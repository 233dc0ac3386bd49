/** The adapter as a process of its own, to be killed: injects without end, and prints the number of each batch that it knows of. */
import { deliveryTo, openGateway } from "./gatewayScene.js";

const { server, to, batch } = JSON.parse(process.argv[2] ?? "") as {
  server: Parameters<typeof openGateway>[0];
  to: string;
  batch: number;
};
const gateway = openGateway(server);
await gateway.connected();
for (let first = 0; ; first += batch) {
  const numbers = Array.from({ length: batch }, (_, index) => first + index);
  await gateway.network.inject(numbers.map((number) => deliveryTo(to, number, 2_000)));
  console.log(first + batch);
}
