/** The headers of answers, as the OpenAPI document describes them. */

const HEADERS = {
  "x-request-id": header("What the operator finds in the log", { type: "string" }),
  ETag: header("The version of the name behind the answer, quoted; none where there is no name", {
    type: "string",
  }),
  "Retry-After": header("In how many seconds to come back", { type: "integer" }),
};

export function headersOf(...names: readonly (keyof typeof HEADERS)[]) {
  return Object.fromEntries(names.map((name) => [name, HEADERS[name]]));
}

function header(description: string, schema: object) {
  return { description, schema };
}
