/** One rule of a format as a file: what goes in, and what comes out or what refuses it. */

export interface Valid<Input, Expected> {
  /** The name of the file. */
  readonly rule: string;
  readonly description: string;
  readonly input: Input;
  readonly expected: Expected;
}

export interface Invalid<Input, Refusal> {
  readonly rule: string;
  readonly description: string;
  readonly input: Input;
  readonly error: Refusal;
}

export interface Vectors<Input, Expected, Refusal = string> {
  readonly valid: readonly Valid<Input, Expected>[];
  readonly invalid: readonly Invalid<Input, Refusal>[];
}

/** The files of a format: their text by their path below the format's folder. */
export function filesOf({
  valid,
  invalid,
}: {
  readonly valid: readonly Valid<unknown, unknown>[];
  readonly invalid: readonly Invalid<unknown, unknown>[];
}): Map<string, string> {
  const files = new Map<string, string>();
  for (const [folder, vectors] of Object.entries({ valid, invalid })) {
    for (const { rule, ...content } of vectors) {
      const path = `${folder}/${rule}.json`;
      if (files.has(path)) throw new Error(`Two vectors are called ${path}.`);
      files.set(path, `${JSON.stringify(content, null, 2)}\n`);
    }
  }
  return files;
}
