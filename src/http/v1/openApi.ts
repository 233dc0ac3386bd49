/** The OpenAPI document, from the same table that is mounted. */
import { z } from "zod";
import { refusalSchema } from "../../api/refusal.js";
import { ERROR_CODES } from "../../errors.js";
import { SCOPES } from "../../registry/apiKeys.js";
import { HTTP_STATUS } from "../status.js";
import type { Route } from "./route.js";

const errorSchema = refusalSchema.extend({
  code: z.enum(Object.keys(ERROR_CODES) as [keyof typeof ERROR_CODES]),
});

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
      description: "docs/api.md explains it. Errors are {code, message, details}.",
    },
    servers: [{ url: "/v1" }],
    paths,
    components: {
      schemas: { Error: jsonSchema(errorSchema) },
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

function operation({ path, summary, scope, body, query, answers }: Route) {
  const parameters = [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...queryParameters(query),
  ];
  return {
    summary,
    ...(scope && { description: `Scope: ${scope}`, security: [{ apiKey: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: jsonContent(body.documented ?? body.schema) },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [
          status,
          { description: summary, ...(schema && { content: jsonContent(schema) }) },
        ]),
      ),
      default: {
        description: `An error; by its code: ${statusList()}`,
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
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

function jsonContent(schema: z.ZodType) {
  return { "application/json": { schema: jsonSchema(schema) } };
}

/** What the schemas let through. Checks that JSON Schema cannot tell (lengths in UTF-8, say) are explained in refusals. */
function jsonSchema(schema: z.ZodType) {
  return z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
}

function statusList(): string {
  return Object.entries(HTTP_STATUS)
    .filter(([, status]) => status < 500 || status === 503)
    .map(([code, status]) => `${code} ${status}`)
    .join(", ");
}
