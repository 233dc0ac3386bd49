/** The OpenAPI document against what is mounted, and against what is answered. */
import { expect } from "chai";
import { signUp } from "../../src/demo/people.js";
import { NO_CHAINS } from "../../src/registry/contractWallets.js";
import { v1RouteTable, v1Routes } from "../../src/http/v1Routes.js";
import { DOMAIN, type TestService, openTestService } from "./openTestService.js";

interface Operation {
  readonly security?: unknown;
  readonly requestBody?: { content: { "application/json": { schema: Record<string, unknown> } } };
  readonly parameters?: { name: string; in: string }[];
  readonly responses: Record<string, object>;
}

describe("http: OpenAPI", () => {
  let http: TestService;
  let paths: Record<string, Record<string, Operation>>;

  before(async () => {
    http = await openTestService();
    const { status, body } = await http.v1("GET", "/openapi.json", undefined, null);
    expect(status).to.equal(200);
    expect(body).to.include({ openapi: "3.1.0" });
    paths = body["paths"] as typeof paths;
  });
  after(() => http.stop());

  it("describes every route that is mounted, and no other", () => {
    const router = v1Routes({
      registry: http.service,
      contractWallets: NO_CHAINS,
      nowMs: Date.now,
      countKeyless: (_request, _response, next) => {
        next();
      },
    });
    const mounted = router.stack.flatMap(({ route }) => {
      if (!route) return [];
      const { methods } = route as unknown as { methods: Record<string, boolean> };
      return Object.keys(methods).map(
        (method) => `${method} ${route.path.replace(/:(\w+)/g, "{$1}")}`,
      );
    });
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(mounted.length).to.be.above(15);
    expect(described).to.have.members(mounted);
    expect(v1RouteTable).to.have.length(mounted.length);
  });

  it("tells which routes need a key, what they take, and the names in their paths", () => {
    const records = paths["/names/{name}/records"]!["put"]!;
    expect(records.security).to.deep.equal([{ apiKey: [] }]);
    expect(records.parameters).to.deep.include({
      ...{ name: "name", in: "path", required: true, schema: { type: "string" } },
    });
    const body = records.requestBody!.content["application/json"].schema;
    expect(body["properties"]).to.have.all.keys(
      ...["addresses", "texts", "contenthash", "name", "pubkey", "abis", "data", "interfaces"],
    );
    expect(paths["/requests"]!["post"]!.security).to.equal(undefined);
    const batch = paths["/batches"]!["post"]!.requestBody!.content["application/json"].schema;
    expect(JSON.stringify(batch)).to.match(/"maxItems":10000.*"delete"|"delete".*"maxItems":10000/);
    const query = paths["/names"]!["get"]!.parameters!.map(({ name }) => name);
    expect(query).to.have.members(["prefix", "after", "limit"]);
  });

  it("describes the answers as they are given", async () => {
    const name = `described.${DOMAIN}`;
    const calls: [method: string, path: string, body?: unknown][] = [
      ["put", "/names/:name", await signUp(["a.eth"])],
      ["get", "/names/:name"],
      ["get", "/names"],
      ["put", "/names/:name/records", { texts: { a: "b" } }],
      ["put", "/names/:name/suspension", { reason: "spam" }],
      ["get", "/names/:name"],
      ["delete", "/names/:name/suspension"],
      ["get", "/names/:name/history"],
      ["delete", "/names/:name/profile"],
      ["put", "/names/:name/profile", await signUp(["a.eth"])],
      ["get", "/domain"],
      ["put", "/reservations/:name", {}],
      ["get", "/reservations"],
      ["delete", "/reservations/:name"],
      ["get", "/requests/:name"],
      ["post", "/batches", { atomic: false, items: [{ name }, {}] }],
      ["delete", "/names/:name"],
    ];
    for (const [method, path, body] of calls) {
      const route = v1RouteTable.find((one) => one.method === method && one.path === path)!;
      const { status, body: given } = await http.v1(
        method.toUpperCase(),
        path.replace(":name", name),
        body,
      );
      if (method === "put" && path.endsWith("/profile")) {
        expect(status).to.equal(409); // another wallet's: an error, whose form has its own test
        continue;
      }
      expect(Object.keys(route.answers), `${method} ${path} ${status}`).to.include(String(status));
      const schema = route.answers[status];
      if (schema)
        expect(schema.safeParse(given).error?.message, `${method} ${path}`).to.equal(undefined);
    }
  });
});
