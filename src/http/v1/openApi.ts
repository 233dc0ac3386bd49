/** The OpenAPI document, from the same table that is mounted. */
import { z } from "zod";
import { SCOPES } from "../../registry/domains/apiKey.js";
import { headersOf } from "./openApiHeaders.js";
import { refusalResponses, refusalSchemas } from "./openApiRefusals.js";
import { refusalsOf } from "./refusals.js";
import type { Route } from "./route.js";

const PRECONDITIONS = [
  [
    "If-Match",
    'Write only this version of the name ("<version>", as its ETag), or only if it is there (*)',
  ],
  ["If-None-Match", "Write only if the name is not there: *"],
].map(([name, description]) => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string" },
}));

export function openApiDocument(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Signpost service API",
      version: "1",
      description: "docs/api.md explains it. Errors are {code, message, details, requestId}.",
    },
    servers: [{ url: "/v1" }],
    paths,
    components: {
      schemas: refusalSchemas(),
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: `An API key with the scope of the route: ${SCOPES.join(", ")}`,
        },
      },
    },
  };
}

function operation(route: Route) {
  const { method, path, summary, scope, isConditional = false, body, query, answers } = route;
  const { answersETag = isConditional } = route;
  const parameters = [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...queryParameters(query),
    ...(isConditional ? PRECONDITIONS : []),
  ];
  const named = answersETag ? (["ETag"] as const) : [];
  return {
    operationId: operationId(method, path),
    summary,
    ...(scope && {
      description: scope === "any" ? "Any scope will do" : `Scope: ${scope}`,
      security: [{ apiKey: [] }],
    }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: jsonContent(jsonSchema(body.documented ?? body.schema)),
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: summary,
            headers: headersOf("x-request-id", ...named),
            ...(answer && { content: jsonContent(answer.schema) }),
          },
        ]),
      ),
      ...refusalResponses(refusalsOf(route)),
    },
  };
}

function queryParameters(query: z.ZodType | undefined) {
  if (!query) return [];
  const { properties = {} } = jsonSchema(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema,
  }));
}

function jsonContent(schema: object) {
  return { "application/json": { schema } };
}

/** What the schemas let through. Checks that JSON Schema cannot tell (lengths in UTF-8, say) are explained in refusals. */
function jsonSchema(schema: z.ZodType) {
  return z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
}

/** `putNamesProfile` of `PUT /names/:name/profile`, `getNamesByName` of `GET /names/:name`. */
function operationId(method: string, path: string): string {
  const words = path.split("/").filter((segment) => segment !== "");
  const parts = words.flatMap((segment, index) => {
    if (!segment.startsWith(":")) return segment.split(/\W/);
    return index === words.length - 1 ? ["by", segment.slice(1)] : [];
  });
  return [method, ...parts.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join("");
}
