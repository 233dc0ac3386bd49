/** The OpenAPI document against what is mounted, and against what is answered. */
import { expect } from "chai";
import { z } from "zod";
import { signUp } from "../../../src/demo/people.js";
import { refusalsOf } from "../../../src/http/v1/refusals.js";
import { SERVICE_STATUS } from "../../../src/http/v1/serviceStatus.js";
import { v1Routes, v1RouteTable } from "../../../src/http/v1/v1Routes.js";
import { NO_CHAINS } from "../../../src/registry/signed/contractWallets.js";
import { fairParts } from "../fairParts.js";
import { NO_EXPORTS, NO_FEED, NO_NODES, NO_SOURCES, NO_STANDINGS } from "../noNodes.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../openTestService.js";

interface Operation {
  readonly operationId?: string;
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
      keys: http.service.domains,
      nodes: NO_NODES,
      feed: NO_FEED,
      exports: NO_EXPORTS,
      standings: NO_STANDINGS,
      sources: NO_SOURCES,
      ...fairParts(),
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
    expect(query).to.have.members(["prefix", "address", "contains", "after", "limit"]);
  });

  it("describes every refusal as it is given, with its headers, and with its route", async () => {
    const { components } = (await http.v1("GET", "/openapi.json", undefined, null)).body as {
      components: { schemas: Record<string, Record<string, unknown>> };
    };
    const asked: [method: string, path: string, route: string, body?: unknown][] = [
      ["get", `/names/nobody.${DOMAIN}`, "/names/{name}"],
      ["get", "/names?limit=x", "/names"],
      ["post", "/requests", "/requests", {}],
      ["put", `/names/a.elsewhere.eth`, "/names/{name}", {}],
      ["get", "/requests/a.elsewhere.eth", "/requests/{name}"],
    ];
    for (const [method, path, route, given] of asked) {
      const { status, body, headers } = await http.v1(method.toUpperCase(), path, given);
      expect(status).to.be.within(400, 499);
      const code = String(body["code"]);
      const described = paths[route]![method]!.responses[String(status)];
      expect(JSON.stringify(described), `${method} ${path}`).to.include(
        `"#/components/schemas/${code}"`,
      );
      const schema = z.fromJSONSchema(components.schemas[code]!);
      expect(schema.safeParse(body).error, JSON.stringify(body)).to.equal(undefined);
      expect(headers.get("x-request-id")).to.equal(body["requestId"]);
      for (const wrong of [{ more: 1 }, { code: "INTERNAL" }, { message: undefined }]) {
        expect(schema.safeParse({ ...body, ...wrong }).success).to.equal(false);
      }
    }
  });

  it("lists with each route the codes that it answers with, each in one place, and no others", () => {
    const listed = (operation: Operation) =>
      Object.entries(operation.responses).flatMap(([status, response]) =>
        [...JSON.stringify(response).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
          ([, code = ""]) => `${status} ${code}`,
        ),
      );
    for (const route of v1RouteTable) {
      const operation = paths[route.path.replace(/:(\w+)/g, "{$1}")]![route.method]!;
      const expected = refusalsOf(route).map((code) => `${SERVICE_STATUS[code]} ${code}`);
      expect(listed(operation), route.path).to.have.members(expected);
    }
    expect(listed(paths["/names/{name}"]!["get"]!)).to.deep.equal([
      "400 INVALID_NAME",
      "400 INVALID_REQUEST",
      "401 UNAUTHORIZED",
      "403 FORBIDDEN",
      "404 NOT_FOUND",
      "429 LIMIT_EXCEEDED",
      "500 INTERNAL",
      "500 INVALID_CONFIGURATION",
      "503 DATABASE_UNAVAILABLE",
    ]);
  });

  it("says which answers have an ETag: those of conditional routes, and of routes about one name", () => {
    const withETag = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { responses }]) => JSON.stringify(responses).includes('"ETag"'))
        .map(([method]) => `${method} ${path}`),
    );
    const conditional = v1RouteTable
      .filter(({ isConditional }) => isConditional)
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    expect(conditional).to.have.length(13);
    expect(withETag).to.have.members([
      ...conditional,
      "get /names/{name}",
      "post /requests",
      "post /operations/{chainId}/{resolver}",
    ]);
  });

  it("has an id for each operation, and preconditions where they count", async () => {
    const all = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    );
    const ids = all.map(({ operationId }) => operationId);
    expect(new Set(ids).size).to.equal(all.length);
    expect(ids).to.include.members(["getNames", "getNamesByName", "putNamesProfile"]);
    const parameterNames = (operation: Operation) =>
      (operation.parameters ?? []).map(({ name }) => name);
    for (const operation of all) {
      const { path, method } = operation;
      const isConditional = parameterNames(operation).includes("If-Match");
      const name = path.replace("{name}", `precondition.${DOMAIN}`).replace("{scheme}", "openpgp");
      if (!path.includes("{name}") || !["put", "delete"].includes(method)) continue;
      const body = method === "put" ? { texts: {}, reason: "r" } : undefined;
      const answer = await fetch(`${http.url}/v1${name}`, {
        method: method.toUpperCase(),
        headers: { authorization: `Bearer ${API_KEY}`, "if-match": "nonsense" },
        ...(body && { body: JSON.stringify(path.endsWith("suspension") ? { reason: "r" } : {}) }),
      });
      const { message } = (await answer.json().catch(() => ({}))) as { message?: string };
      const isHeeded = message?.includes("A write takes one of") === true;
      // what somebody signed is looked at first
      const isSigned = /profile$|certificates$|^\/relay-nodes|^\/networks/.test(path);
      if (isSigned && method === "put") continue;
      expect(isHeeded, `${method} ${path}`).to.equal(isConditional);
    }
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
      ["get", "/keys"],
      ["get", "/source"],
      ["get", "/source/problems"],
      ["get", "/domain/nodes"],
      ["get", "/domain/networks"],
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
        expect(
          z.fromJSONSchema(schema.schema).safeParse(given).error?.message,
          `${method} ${path}`,
        ).to.equal(undefined);
    }
  });
});
