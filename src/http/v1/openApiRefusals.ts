/** The refusals in the OpenAPI document: a schema for each code, and with each route the codes that it answers with. */
import { refusalSchema, type ServiceCode, serviceDetails } from "../../wire/refusal.js";
import { object, type ObjectShape, oneOf, openObject, text } from "../../wire/shape.js";
import { headersOf } from "./openApiHeaders.js";
import { SERVICE_STATUS } from "./serviceStatus.js";

/** Each by its code, and `Error` for any of them. */
export function refusalSchemas(): Readonly<Record<string, unknown>> {
  const codes = Object.keys(serviceDetails).sort() as ServiceCode[];
  const schemas = codes.map((code) => [code, schemaOf(code)] as const);
  return { Error: anyOfCodes(codes), ...Object.fromEntries(schemas) };
}

/** By status. */
export function refusalResponses(codes: readonly ServiceCode[]): Readonly<Record<string, unknown>> {
  const statuses = new Set(codes.map((code) => SERVICE_STATUS[code]));
  const responses = [...statuses].map((status) => {
    const ofStatus = codes.filter((code) => SERVICE_STATUS[code] === status);
    return [status, refusalResponse(status, ofStatus)] as const;
  });
  return Object.fromEntries(responses);
}

function refusalResponse(status: number, codes: readonly ServiceCode[]) {
  return {
    description: codes.join(", "),
    headers: status === 429 ? headersOf("x-request-id", "Retry-After") : headersOf("x-request-id"),
    content: { "application/json": { schema: anyOfCodes(codes) } },
  };
}

function schemaOf(code: ServiceCode) {
  const { fields, optional }: ObjectShape<unknown> = serviceDetails[code];
  return object({
    ...refusalSchema.fields,
    code: oneOf(code),
    details: openObject(fields, optional),
    /** What the operator finds in the log; also in the header x-request-id. */
    requestId: text,
  }).schema;
}

/** The schemas are named like their codes, so that the code tells which one it is. */
function anyOfCodes(codes: readonly ServiceCode[]) {
  const [first, ...others] = codes.map((code) => ({ $ref: `#/components/schemas/${code}` }));
  if (others.length === 0) return first;
  return { oneOf: [first, ...others], discriminator: { propertyName: "code" } };
}
